from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection
from msgspec import UNSET

from sensorfusion.readings.exclusions.services import exclude, restore
from sensorfusion.readings.stored import reads
from sensorfusion.readings.stored.selection import select
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_changes_come_after_the_seq_in_its_order(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 9, until=NOON)])

    found = reads.changes(sensor=cast.sensor.id, after_seq=4, limit=3)

    assert [reading.seq for reading in found] == [5, 6, 7]


def test_window_is_half_open(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 5, until=NOON)])

    found = reads.window(sensor=cast.sensor.id, start=NOON - timedelta(minutes=3), end=NOON, limit=10)

    assert [reading.observed_at for reading in found] == every(60, 3, until=NOON - timedelta(minutes=1))


def test_window_of_another_sensor_is_not_mixed_in(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 1.0})])
    store(cast.other_sensor, [(NOON, {"temperature": 2.0})])

    assert [each.values for each in reads.window(sensor=cast.sensor.id, limit=10)] == [{"temperature": 1.0}]


def test_readings_name_what_an_exclusion_covers_until_it_is_restored(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0, "humidity": 60}) for at in every(60, 3, until=NOON)])
    asked: dict[str, Any] = {"by": cast.editor, "sensor": cast.sensor, "reason": "Calibration", "now": NOON}
    minute = timedelta(minutes=1)
    made = exclude(start=NOON - minute, end=NOON, quantity="humidity", **asked)
    exclude(start=NOON, end=NOON + minute, **asked)

    found = reads.window(sensor=cast.sensor.id, limit=10)
    assert [each.excluded for each in sorted(found, key=lambda each: each.observed_at)] == [
        UNSET,
        ["humidity"],
        ["humidity", "temperature"],
    ]

    restore(by=cast.editor, exclusion=made, now=NOON)
    found = reads.window(sensor=cast.sensor.id, start=NOON - minute, end=NOON, limit=10)
    assert [each.excluded for each in found] == [UNSET]


def test_reading_nearest_to_an_instant_is_found_within_reach_only(cast: Cast) -> None:
    store(
        cast.sensor,
        [(NOON - timedelta(minutes=7), {"temperature": 1.0}), (NOON + timedelta(minutes=3), {"temperature": 2.0})],
    )

    near = reads.at(sensor=cast.sensor.id, instant=NOON, within_s=600)

    assert near is not None
    assert near.values == {"temperature": 2.0}
    assert reads.at(sensor=cast.sensor.id, instant=NOON, within_s=60) is None


def test_first_reading_is_the_earliest_from_an_instant_on(cast: Cast) -> None:
    store(cast.sensor, [(NOON - HOUR, {"temperature": 1.0}), (NOON, {"temperature": 2.0})])

    assert reads.first_at(cast.sensor.id) == NOON - HOUR
    assert reads.first_at(cast.other_sensor.id) is None
    with connection.cursor() as cursor:
        assert reads.first_since(cursor, sensor=cast.sensor.id, start=None) == NOON - HOUR
        assert reads.first_since(cursor, sensor=cast.sensor.id, start=NOON) == NOON
        assert reads.first_since(cursor, sensor=cast.sensor.id, start=NOON + HOUR) is None


def test_last_reading_before_an_instant_is_one_whose_clock_was_right(cast: Cast) -> None:
    store(cast.sensor, [(NOON - HOUR, {"temperature": 1.0}), (NOON, {"temperature": 2.0})], arrived={NOON: NOON - HOUR})

    with connection.cursor() as cursor:
        assert reads.last_timely_before(cursor, sensor=cast.sensor.id, instant=NOON + HOUR) == NOON - HOUR
        assert reads.last_timely_before(cursor, sensor=cast.sensor.id, instant=NOON - HOUR) is None


def test_reading_after_so_many_ends_a_batch(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 5, until=NOON)])

    with connection.cursor() as cursor:
        ends = partial(reads.after_so_many, cursor, sensor=cast.sensor.id, start=NOON - timedelta(minutes=4), end=NOON)
        assert ends(many=2) == NOON - timedelta(minutes=2)
        assert ends(many=4) is None


def test_selected_spans_have_the_ends_that_are_named(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 3, until=NOON)])

    def count(statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"sensor": cast.sensor.id, "start": NOON - timedelta(minutes=2), "end": NOON})
            return int(cursor.fetchone()[0])

    assert count(select("count(*)")) == 3
    assert count(select("count(*)", since="%(start)s", before="%(end)s")) == 2
    assert count(select("count(*)", since="%(start)s", until="%(end)s")) == 3
    assert count(select("count(*)", at="%(end)s")) == 1
    assert count(select("count(*)", after_seq="2")) == 1
