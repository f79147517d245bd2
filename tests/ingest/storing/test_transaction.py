"""The storing transaction compared with a plain model of it, alone and beside a second writer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from sensorfusion.domain.normalise import Value
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.steps.checking import CLOCK
from sensorfusion.ingest.storing import transaction
from sensorfusion.ingest.storing.connection import Stored, WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.ingest.storing.statements import COPY_FROM_ROWS
from sensorfusion.readings.exclusions.services import exclude, restore
from sensorfusion.readings.models import DirtyHour, Reading, SensorState
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 20, tzinfo=UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def writer() -> Iterator[WriterConnection]:
    with WriterConnection(conninfo()) as writer:
        yield writer


def source(sensor: Sensor) -> Source:
    return Source(sensor.pk, str(sensor.uuid))


def write_request(sensor: Sensor, *readings: tuple[int, dict[str, Value]]) -> WriteRequest:
    """Return drafts at the given minutes."""
    return WriteRequest(
        source(sensor), NOW, [Draft(START + timedelta(minutes=minute), values) for minute, values in readings]
    )


def outcomes(stored: Stored) -> list[tuple[int, int, int]]:
    return [(one.accepted, one.duplicates, one.seq) for one in stored.answers if isinstance(one, Outcome)]


def test_seq_counts_every_change_without_gaps(cast: Cast, writer: WriterConnection) -> None:
    first = writer.store([write_request(cast.sensor, (1, {"temperature": 1}), (2, {"temperature": 2}))])
    second = writer.store(
        [write_request(cast.sensor, (3, {"temperature": 3})), write_request(cast.other_sensor, (3, {"rain": 0}))]
    )

    assert outcomes(first) == [(2, 0, 2)]
    assert outcomes(second) == [(1, 0, 3), (1, 0, 1)]
    assert list(Reading.objects.order_by("sensor_id", "seq").values_list("seq", flat=True)) == [1, 2, 3, 1]


def test_a_sensor_whose_first_readings_reach_two_writers_at_once_takes_both(
    cast: Cast, writer: WriterConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = transaction._states

    def read_before_the_other_made_it(connection: Connection, query: str, sensors: list[int]) -> transaction.States:
        found = read(connection, query, sensors)
        if not found:
            monkeypatch.undo()
            with WriterConnection(conninfo()) as other:
                other.store([write_request(cast.sensor, (1, {"temperature": 1}))])
        return found

    monkeypatch.setattr(transaction, "_states", read_before_the_other_made_it)

    assert outcomes(writer.store([write_request(cast.sensor, (2, {"temperature": 2}))])) == [(1, 0, 2)]


def test_values_that_an_exclusion_covers_in_advance_are_not_the_newest(cast: Cast, writer: WriterConnection) -> None:
    writer.store([write_request(cast.sensor, (1, {"temperature": 1, "humidity": 50}))])
    asked: dict[str, Any] = {"by": cast.editor, "sensor": cast.sensor, "reason": "Calibration", "now": NOW}
    end = START + timedelta(minutes=5)
    made = exclude(start=START + timedelta(minutes=2), end=end, quantity="temperature", **asked)

    writer.store([write_request(cast.sensor, (3, {"temperature": 99, "humidity": 51}))])
    state = SensorState.objects.get(sensor=cast.sensor)
    assert (state.values, list(state.older)) == ({"temperature": 1, "humidity": 51}, ["temperature"])

    restore(by=cast.editor, exclusion=made, now=NOW)
    exclude(start=START + timedelta(minutes=2), end=end, **asked)
    writer.store([write_request(cast.sensor, (2, {"temperature": 2}), (4, {"temperature": 4}))])
    state = SensorState.objects.get(sensor=cast.sensor)
    assert (state.values, state.observed_at) == ({"temperature": 1, "humidity": 50}, START + timedelta(minutes=1))

    writer.store([write_request(cast.sensor, (5, {"temperature": 5}))])
    assert SensorState.objects.get(sensor=cast.sensor).values["temperature"] == 5


def test_a_reading_in_time_takes_the_place_of_one_whose_clock_was_ahead(cast: Cast, writer: WriterConnection) -> None:
    ahead = Draft(START, {"temperature": 99, "humidity": 1}, {CLOCK: 3}, ahead=True)
    earlier = START - timedelta(hours=1)
    writer.store([WriteRequest(source(cast.sensor), earlier, [ahead])])
    writer.store([WriteRequest(source(cast.sensor), START, [Draft(START, {"temperature": 5})])])

    stored = Reading.objects.get(sensor=cast.sensor)
    assert (stored.values, stored.flags) == ({"temperature": 5, "humidity": 1}, {"humidity": 4})
    assert SensorState.objects.get(sensor=cast.sensor).values == {"temperature": 5}


def test_changes_are_announced_in_seq_order_with_what_is_stored(cast: Cast, writer: WriterConnection) -> None:
    stored = writer.store([write_request(cast.sensor, (2, {"temperature": 2}), (1, {"temperature": 1}))])

    assert [change.seq for change in stored.changes] == [1, 2]
    assert stored.changes[0].wire == (
        b'{"sensor":"%b","seq":1,"observed_at":"2026-11-20T00:02:00Z","received_at":"2026-11-22T00:00:00Z",'
        b'"values":{"temperature":2}}' % str(cast.sensor.uuid).encode()
    )


def test_a_late_reading_leaves_the_newest_values_alone(cast: Cast, writer: WriterConnection) -> None:
    writer.store([write_request(cast.sensor, (5, {"temperature": 5}))])
    writer.store([write_request(cast.sensor, (1, {"temperature": 1, "humidity": 40}))])

    state = SensorState.objects.get(sensor=cast.sensor)
    assert state.observed_at == START + timedelta(minutes=5)
    assert state.values == {"temperature": 5, "humidity": 40}
    assert state.older == {"humidity": (START + timedelta(minutes=1)).timestamp()}


def test_a_value_sent_again_keeps_the_flag_it_got_meanwhile(cast: Cast, writer: WriterConnection) -> None:
    sent = write_request(cast.sensor, (1, {"temperature": 1, "humidity": 60}))
    verdict = Draft(START + timedelta(minutes=1), {"temperature": 1}, {"temperature": 3}, is_verdict=True)
    writer.store([sent])
    writer.store([WriteRequest(source(cast.sensor), NOW, [verdict])])

    assert outcomes(writer.store([sent])) == [(0, 1, 2)]
    assert outcomes(writer.store([write_request(cast.sensor, (1, {"temperature": 1, "rain": 0}))])) == [(1, 0, 3)]
    assert Reading.objects.get().flags == SensorState.objects.get(sensor=cast.sensor).flags == {"temperature": 3}
    writer.store([write_request(cast.sensor, (1, {"temperature": 2}))])
    assert Reading.objects.get().flags is None


def test_another_writer_moving_the_state_is_noticed(cast: Cast, writer: WriterConnection) -> None:
    writer.store([write_request(cast.sensor, (1, {"temperature": 1}))])
    with WriterConnection(conninfo()) as other:
        other.store([write_request(cast.sensor, (2, {"temperature": 2}))])

    stored = writer.store([write_request(cast.sensor, (2, {"temperature": 2}), (3, {"temperature": 3}))])

    assert outcomes(stored) == [(1, 1, 3)]
    assert list(Reading.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]


def test_a_deleted_sensor_takes_nothing_and_spoils_nothing(cast: Cast, writer: WriterConnection) -> None:
    gone = write_request(cast.other_sensor, (1, {"temperature": 1}))
    writer.store([gone])
    cast.other_sensor.delete()

    stored = writer.store([gone, write_request(cast.sensor, (1, {"temperature": 1}))])

    assert getattr(stored.answers[0], "code", None) == "revoked_key"
    assert outcomes(stored) == [(1, 0, 1)]
    assert Reading.objects.count() == 1


def test_one_parcel_that_cannot_be_stored_does_not_spoil_the_others(cast: Cast, writer: WriterConnection) -> None:
    poison = write_request(cast.other_sensor, (1, {"note": "\x00"}))  # the checks refuse this text; PostgreSQL does too

    stored = writer.store([write_request(cast.sensor, (1, {"temperature": 1})), poison])

    assert outcomes(stored) == [(1, 0, 1)]
    assert getattr(stored.answers[1], "code", None) == "unreadable"


def test_writes_before_the_rolled_up_instant_mark_their_hour_dirty(cast: Cast, writer: WriterConnection) -> None:
    writer.store([write_request(cast.sensor, (1, {"temperature": 1}))])
    SensorState.objects.update(rolled_up_until=START + timedelta(hours=2))  # as the rollup chore would

    writer.store(
        [write_request(cast.sensor, (30, {"temperature": 2}), (90, {"temperature": 3}), (150, {"temperature": 4}))]
    )

    assert sorted(DirtyHour.objects.values_list("hour", flat=True)) == [START, START + timedelta(hours=1)]


@pytest.mark.parametrize("count", [3, COPY_FROM_ROWS], ids=["arrays", "COPY"])
def test_backslashes_and_tabs_survive_arrays_and_copy(cast: Cast, writer: WriterConnection, count: int) -> None:
    text = 'a\\b\tc\n"d" \\N \u2028'
    writer.store([write_request(cast.sensor, (-1, {"note": text}))])  # so that the next ones are not the first
    many: list[tuple[int, dict[str, Value]]] = [(minute, {"note": text}) for minute in range(count)]

    writer.store([write_request(cast.sensor, *many)])

    assert set(Reading.objects.values_list("values__note", flat=True)) == {text}


@pytest.mark.parametrize("minute", [2, 1], ids=["a plain group", "a group with more to do"])
def test_statements_that_were_dropped_are_planned_again(cast: Cast, writer: WriterConnection, minute: int) -> None:
    writer.store([write_request(cast.sensor, (1, {"temperature": 1}))])
    writer._connected().execute("DEALLOCATE ALL")  # as psycopg does after DDL, when a month was created

    stored = writer.store([write_request(cast.sensor, (minute, {"humidity": 2}))])

    assert outcomes(stored) == [(1, 0, 2)]
    assert list(Reading.objects.order_by("seq").values_list("seq", flat=True))[-1] == 2


def test_when_the_database_is_away_everything_is_refused_for_now(cast: Cast) -> None:
    with WriterConnection("host=/nonexistent dbname=none connect_timeout=1") as away:
        stored = away.store([write_request(cast.sensor, (1, {"temperature": 1}))])

    assert getattr(stored.answers[0], "code", None) == "database_away"
    assert stored.changes == []


quantities = st.dictionaries(st.sampled_from(["temperature", "humidity", "rain"]), st.integers(0, 3), min_size=1)
readings = st.lists(st.tuples(st.integers(0, 6), quantities), min_size=1, max_size=4)
groups = st.lists(
    st.tuples(st.booleans(), st.lists(st.tuples(st.booleans(), readings), min_size=1, max_size=3)), max_size=6
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(groups=groups)
def test_any_sequence_of_writes_by_two_writers_equals_the_model(
    cast: Cast, groups: list[tuple[bool, list[tuple[bool, list[tuple[int, dict[str, Value]]]]]]]
) -> None:
    Reading.objects.all().delete()
    SensorState.objects.all().delete()
    model: dict[tuple[int, int], dict[str, Value]] = {}
    with WriterConnection(conninfo()) as one, WriterConnection(conninfo()) as two:
        for by_two, write_requests in groups:
            given = [
                write_request(cast.other_sensor if other else cast.sensor, *sent) for other, sent in write_requests
            ]
            stored = (two if by_two else one).store(given)
            expected = [_accept(model, other, sent) for other, sent in write_requests]
            assert [(a, d) for a, d, _ in outcomes(stored)] == expected

    _agrees(cast.sensor, {minute: values for (other, minute), values in model.items() if not other})
    _agrees(cast.other_sensor, {minute: values for (other, minute), values in model.items() if other})


def _accept(
    model: dict[tuple[int, int], dict[str, Value]], other: bool, sent: list[tuple[int, dict[str, Value]]]
) -> tuple[int, int]:
    accepted = 0
    for minute, values in sent:
        before = model.get((other, minute))
        model[other, minute] = {**(before or {}), **values}
        accepted += before != model[other, minute]
    return accepted, len(sent) - accepted


def _agrees(sensor: Sensor, model: dict[int, dict[str, Value]]) -> None:
    """Check that the rows equal the model, the state follows from them, and seq is unique and ends at the state's."""
    rows = {row.observed_at: row for row in Reading.objects.filter(sensor=sensor)}
    assert {at: row.values for at, row in rows.items()} == {START + timedelta(minutes=m): v for m, v in model.items()}
    state = SensorState.objects.filter(sensor=sensor).first()
    if state is None or not rows:
        assert not rows
        return
    seqs = sorted(row.seq for row in rows.values())
    assert len(set(seqs)) == len(seqs)
    assert seqs[-1] == state.seq
    newest: dict[str, tuple[datetime, Value]] = {}
    for at in sorted(rows):
        newest |= {name: (at, value) for name, value in rows[at].values.items()}
    assert state.observed_at == state.stored_until == max(rows)
    assert state.values == {name: value for name, (_, value) in newest.items()}
    assert state.older == {name: at.timestamp() for name, (at, _) in newest.items() if at != state.observed_at}
