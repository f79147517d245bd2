"""What rollups store, and that nothing is lost whatever happens beside the chores."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.readings.models import (
    Day,
    DayRule,
    DirtyHour,
    FiveMinutes,
    Hour,
    Month,
    QuantityName,
    Reading,
    SensorState,
)
from sensorfusion.readings.rollups import chores as rolling
from sensorfusion.readings.rollups import dirty_hours, rollups
from sensorfusion.readings.rollups.buckets import Table, Width, buckets, raw
from sensorfusion.readings.rollups.chores import RollUp
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.known import known_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.readings.rolled import Work, chores_at, differences, found, truth

pytestmark = pytest.mark.django_db(transaction=True)
MIDNIGHT = datetime(2026, 3, 29, tzinfo=UTC)  # the clocks of Warsaw go forward an hour later
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def writer() -> Iterator[WriterConnection]:
    with WriterConnection(conninfo()) as writer:
        yield writer


chores = chores_at(MIDNIGHT + 30 * DAY)


def send(writer: WriterConnection, sensor: Sensor, rows: Sequence[tuple[datetime, dict[str, Any]]]) -> None:
    drafts = [Draft(at, dict(values)) for at, values in rows]
    writer.store([WriteRequest(Source(sensor.pk, str(sensor.uuid)), MIDNIGHT + 30 * DAY, drafts)])


def hourly(name: str, values: Sequence[float], *, step: timedelta = HOUR) -> list[tuple[datetime, dict[str, Any]]]:
    return [(MIDNIGHT + step * place, {name: value}) for place, value in enumerate(values)]


def table(sensor: Sensor, name: str, width: Width, *, length: timedelta = 3 * DAY, **how: Calendar) -> Table:
    question = Question(sensor=sensor.pk, quantities=(name,), start=MIDNIGHT - DAY, end=MIDNIGHT + length, **how)
    return buckets(question, width, extras=True)


def test_a_counter_that_started_again_has_grown_across_the_borders_of_buckets(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    # 10 12 15 | 1 (again from 0) 4 | 4 9, and so on until the day has 24 hours
    send(writer, cast.sensor, hourly("rain_total", [10, 12, 15, 1, 4, 4, 9] + [9] * 40))
    chores.all()

    seen = table(cast.sensor, "rain_total", "1d", calendar=Calendar("UTC")).columns["rain_total"]

    assert seen.growth[0] == 2 + 3 + 1 + 3 + 0 + 5
    assert (seen.first[0], seen.last[0], seen.low[0], seen.high[0]) == (10, 9, 1, 15)
    assert FiveMinutes.objects.first() is not None


def test_days_are_the_sites_with_23_hours_where_the_clocks_go_forward(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    send(writer, cast.sensor, hourly("temperature", [1.0] * 80))
    chores.all()

    seen = table(cast.sensor, "temperature", "1d", calendar=Calendar("Europe/Warsaw"))

    assert seen.columns["temperature"].count[:2] == [22, 24]  # the first reading is an hour into the day
    assert [day.start for day in Day.objects.order_by("start")][:2] == [
        MIDNIGHT - HOUR,
        MIDNIGHT + 22 * HOUR,
    ]


@pytest.mark.parametrize(
    ("zone", "noon"),
    [
        ("Atlantic/Azores", datetime(2026, 10, 25, 12, tzinfo=UTC)),  # midnight comes twice
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, tzinfo=UTC)),  # half an hour longer
        ("Africa/Monrovia", datetime(1971, 6, 1, 12, tzinfo=UTC)),  # 44 min 30 s behind: days begin inside buckets
    ],
)
def test_days_of_odd_clocks_are_what_the_readings_say(
    cast: Cast, writer: WriterConnection, chores: Work, zone: str, noon: datetime
) -> None:
    Site.objects.filter(pk=cast.site.pk).update(time_zone=zone)
    rows = [(noon + n * 7 * MINUTE, {"temperature": n / 10, "rain_total": float(n % 40)}) for n in range(-500, 500)]
    send(writer, cast.sensor, rows)
    chores.all()

    asked: dict[str, Any] = {"start": noon - 2 * DAY, "end": noon + 2 * DAY, "width": "1d", "zone": zone}
    assert differences(found(cast.sensor.pk, **asked), truth(cast.sensor.pk, **asked)) == []


def test_a_new_time_zone_or_beginning_of_days_makes_the_days_anew(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    send(writer, cast.sensor, hourly("temperature", [float(n) for n in range(80)]))
    chores.all()

    Site.objects.filter(pk=cast.site.pk).update(time_zone="Asia/Kathmandu", day_starts_h=9)
    before = table(cast.sensor, "temperature", "1d", calendar=Calendar("Asia/Kathmandu", 9))
    chores.all()

    rule = DayRule.objects.get(sensor=cast.sensor)
    assert (rule.time_zone, rule.day_starts_h) == ("Asia/Kathmandu", 9)
    assert Day.objects.earliest("start").start == MIDNIGHT - DAY + timedelta(hours=3, minutes=15)
    assert table(cast.sensor, "temperature", "1d", calendar=Calendar("Asia/Kathmandu", 9)) == before


def test_directions_are_averaged_as_vectors_in_rollups_too(cast: Cast, writer: WriterConnection, chores: Work) -> None:
    send(writer, cast.sensor, hourly("wind_direction", [350, 10] * 40))
    chores.all()

    seen = table(cast.sensor, "wind_direction", "1d", calendar=Calendar("Europe/Warsaw")).columns["wind_direction"]

    assert all(min(value, 360 - value) < 1 for value in seen.value if value is not None)
    assert seen.value[1] == pytest.approx(0)


def test_calms_have_no_direction_and_winds_count_by_their_speed(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    calms = [(MIDNIGHT + n * HOUR, {"wind_direction": 0, "wind_speed": 0.0}) for n in range(16)]
    south = [(MIDNIGHT + (16 + n) * HOUR, {"wind_direction": 180, "wind_speed": 3.0}) for n in range(5)]
    gusty = [(MIDNIGHT + 21 * HOUR, {"wind_direction": 90, "wind_speed": 15.0})]
    send(writer, cast.sensor, [*calms, *south, *gusty])

    for _ in ("from readings", "from rollups"):
        hours = table(cast.sensor, "wind_direction", "1h").columns["wind_direction"].value
        assert hours == [None] * 16 + [180] * 5 + [90]
        day = table(cast.sensor, "wind_direction", "1d", calendar=Calendar("UTC")).columns["wind_direction"]
        assert day.value == [135]
        chores.all()
    exclude(by=cast.editor, sensor=cast.sensor, start=MIDNIGHT + 20 * HOUR, end=MIDNIGHT + 22 * HOUR,
            quantity="wind_speed", reason="Frozen", now=MIDNIGHT + DAY)  # fmt: skip
    chores.all()
    hours = table(cast.sensor, "wind_direction", "1h").columns["wind_direction"].value
    assert hours[-2:] == [180, 90]  # without a speed that counts, a direction counts as 1 m/s


def test_a_counter_of_the_day_that_was_silent_over_midnight_counts_whole(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    Site.objects.filter(pk=cast.site.pk).update(time_zone="UTC")
    rows = [(MIDNIGHT + hours * HOUR, value) for hours, value in ((20, 2.0), (32, 4.0), (56, 4.0), (80, 9.0))]
    send(writer, cast.sensor, [(at, {name: value}) for at, value in rows for name in ("rain_day", "rain_total")])
    chores.all()

    month = Month.objects.filter(sensor=cast.sensor).earliest("start")
    totals = {each.name: month.numbers[month.quantities.index(each.pk)][0] for each in QuantityName.objects.all()}
    assert totals == {"rain_day": 8, "rain_total": 2}


def test_numbers_come_back_as_they_were_in_thousandths_or_not(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    given = [21.4, -0.001, 1e-7, 1234567.891, 3e9, 0.1 + 0.2]
    send(writer, cast.sensor, hourly("own_thing", [*given, 0.0, 0.0, 0.0]))
    chores.all()

    seen = table(cast.sensor, "own_thing", "5m").columns["own_thing"]

    assert seen.first[:6] == seen.last[:6] == seen.low[:6] == seen.high[:6] == given
    kept = FiveMinutes.objects.order_by("start").values_list("thousandths", flat=True)
    assert [each is not None for each in kept] == [True, True, False, True, False, False, True]


def test_what_a_clock_that_was_ahead_says_counts_nowhere_even_later(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    in_time = hourly("temperature", [1.0, 2.0, 3.0])
    send(writer, cast.sensor, in_time)
    ahead = Draft(MIDNIGHT + 2 * HOUR + MINUTE, {"temperature": 99.0}, {"observed_at": 3}, ahead=True)
    writer.store([WriteRequest(Source(cast.sensor.pk, str(cast.sensor.uuid)), MIDNIGHT, [ahead])])

    asked = Question(sensor=cast.sensor.pk, quantities=("temperature",), start=MIDNIGHT, end=MIDNIGHT + DAY)
    assert Reading.objects.filter(sensor=cast.sensor).count() == 4
    for _ in ("from readings", "from rollups"):
        assert table(cast.sensor, "temperature", "1d").columns["temperature"].high == [3.0]
        assert raw(asked, limit=10).columns["temperature"].value == [1.0, 2.0, 3.0]
        assert known_of(asked).reach == (MIDNIGHT, MIDNIGHT + 2 * HOUR)
        chores.all()


def test_a_number_that_would_overflow_a_sum_is_left_out_everywhere(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    send(writer, cast.sensor, hourly("own_thing", [1e308, 1e308, 3.0] + [3.0] * 10, step=MINUTE * 20))
    before = table(cast.sensor, "own_thing", "1h")
    chores.all()

    assert before.columns["own_thing"].value == [3.0] * 5
    assert table(cast.sensor, "own_thing", "1h") == before


def test_a_writer_between_the_marks_and_the_readings_is_not_lost(
    cast: Cast, writer: WriterConnection, chores: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(writer, cast.sensor, hourly("temperature", [1.0] * 10))
    chores.all()
    send(writer, cast.sensor, [(MIDNIGHT + MINUTE, {"temperature": 2.0})])
    made = rollups.roll_up

    def write_and_make(connection: Any, hours: Any) -> None:
        monkeypatch.undo()
        send(writer, cast.sensor, [(MIDNIGHT + 2 * MINUTE, {"temperature": 3.0})])  # its mark is not among those taken
        made(connection, hours)

    monkeypatch.setattr(rollups, "roll_up", write_and_make)
    chores.some()

    assert DirtyHour.objects.filter(hour=MIDNIGHT).count() == 1
    chores.all()
    assert Hour.objects.get(start=MIDNIGHT).numbers[0][0] == 6.0


def test_hours_that_are_passed_while_a_span_is_being_excluded_are_made_anew(
    cast: Cast, writer: WriterConnection, chores: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(writer, cast.sensor, hourly("temperature", [1.0] * 10))
    mark_until = dirty_hours._mark_until

    def look_and_pass(cursor: Any, *given: Any) -> Any:
        seen = mark_until(cursor, *given)
        monkeypatch.undo()
        chores.all()  # the exclusion is not committed, so it is invisible
        return seen

    monkeypatch.setattr(dirty_hours, "_mark_until", look_and_pass)
    exclude(
        by=cast.editor,
        sensor=cast.sensor,
        start=MIDNIGHT,
        end=MIDNIGHT + 2 * HOUR,
        reason="Cleaned",
        now=MIDNIGHT + DAY,
    )
    assert Hour.objects.count() == 8
    chores.all()

    assert Hour.objects.count() == 6


def test_a_writer_never_waits_for_the_runner(
    cast: Cast, writer: WriterConnection, chores: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(writer, cast.sensor, hourly("temperature", [1.0] * 10))
    chores.all()
    send(writer, cast.sensor, [(MIDNIGHT + MINUTE, {"temperature": 2.0})])
    with psycopg.connect(conninfo()) as runner:  # has taken the mark, has not committed
        runner.execute("DELETE FROM dirty_hour")

        with psycopg.connect(conninfo(), autocommit=True) as link:
            # For this database only: other databases of the server belong to tests that run at the same time.
            link.execute(f"ALTER DATABASE {link.info.dbname} SET lock_timeout = '2s'".encode())
        try:
            with WriterConnection(conninfo()) as other:
                send(other, cast.sensor, [(MIDNIGHT + 2 * MINUTE, {"temperature": 3.0})])
        finally:
            with psycopg.connect(conninfo(), autocommit=True) as link:
                link.execute(f"ALTER DATABASE {link.info.dbname} RESET lock_timeout".encode())

    assert Reading.objects.filter(sensor=cast.sensor).count() == 12


def test_rollups_whose_readings_were_dropped_stay_whatever_comes_late(
    cast: Cast, writer: WriterConnection, chores: Work
) -> None:
    send(writer, cast.sensor, hourly("temperature", [1.0] * 100))
    chores.all()
    SensorState.objects.update(raw_kept_from=MIDNIGHT + DAY)
    Reading.objects.filter(observed_at__lt=MIDNIGHT + DAY).delete()
    with chores.connection.transaction():
        chores.connection.execute(
            "INSERT INTO dirty_hour (sensor_id, hour) VALUES (%s, %s)", [cast.sensor.pk, MIDNIGHT + HOUR]
        )
    between = table(cast.sensor, "temperature", "1d", calendar=Calendar("Europe/Warsaw"))
    chores.all()

    seen = table(cast.sensor, "temperature", "1d", calendar=Calendar("Europe/Warsaw"))
    assert seen.columns["temperature"].count[:2] == [22, 24]
    assert seen == between
    assert not DirtyHour.objects.exists()


def test_marks_of_a_sensor_that_is_gone_are_cleared_away(cast: Cast, chores: Work) -> None:
    chores.connection.execute("INSERT INTO dirty_hour (sensor_id, hour) VALUES (0, %s)", [MIDNIGHT])

    chores.some()

    assert not DirtyHour.objects.exists()


def test_a_sensor_that_is_being_deleted_is_left_alone(cast: Cast, writer: WriterConnection, chores: Work) -> None:
    send(writer, cast.sensor, hourly("temperature", [1.0] * 10))
    chores.advance()

    with psycopg.connect(conninfo()) as deleting:
        deleting.execute("SELECT FROM sensors_sensor WHERE id = %s FOR UPDATE", [cast.sensor.pk])
        chores.some()
        assert not Hour.objects.exists()

    cast.sensor.delete()
    assert not DirtyHour.objects.exists()


def test_an_hour_that_cannot_be_made_waits_behind_all_others(
    cast: Cast, writer: WriterConnection, chores: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(writer, cast.sensor, hourly("temperature", [1.0] * 10))
    chores.advance()
    made: Callable[[Any, Any], None] = rollups.roll_up

    def stumble(connection: Any, hours: Any) -> None:
        if (cast.sensor.pk, MIDNIGHT) in hours:
            raise psycopg.DataError("out of range")
        made(connection, hours)

    monkeypatch.setattr(rollups, "roll_up", stumble)
    for _ in range(20):
        chores.some()

    assert [mark.hour for mark in DirtyHour.objects.all()] == [MIDNIGHT]
    assert Hour.objects.count() == 7


def test_batches_grow_until_they_take_long_enough_and_shrink_when_they_take_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    chore = RollUp(clock=lambda: now[0])
    took = [0.0]

    def make(connection: Any, *, hours: int, **chosen: Any) -> int:
        now[0] += took[0]
        return hours

    monkeypatch.setattr(rolling, "recompute", make)
    sizes = []
    for seconds in (0.1, 0.1, 0.3, 1.0):
        took[0] = seconds
        chore.batch(None)  # type: ignore[arg-type]  # unused here
        sizes.append(chore._hours)

    assert sizes == [32, 64, 64, 32]


def test_check_finds_what_was_tampered_with_and_rebuild_mends_it(
    cast: Cast, writer: WriterConnection, chores: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    send(writer, cast.sensor, hourly("temperature", [1.0] * 50))
    chores.all()
    call_command("rollups", "check")
    assert "no difference" in capsys.readouterr().out

    chores.connection.execute("UPDATE rollup_5m SET thousandths = '{{9,9,9,9,9}}' WHERE start = %s", [MIDNIGHT + HOUR])
    chores.connection.execute("DELETE FROM rollup_1h WHERE start = %s", [MIDNIGHT + 3 * HOUR])
    with pytest.raises(SystemExit) as ended:
        call_command("rollups", "check", sensor=cast.sensor.uuid)
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "5m from 2026-03-29T01:00Z: {" in said
    assert '"thousandths": [[9, 9, 9, 9, 9]]' in said
    assert '"thousandths": [[1000, 1000, 1000, 1000, 1000]]' in said
    assert "1h from 2026-03-29T03:00Z: no bucket" in said

    call_command("rollups", "rebuild")
    call_command("rollups", "check")
    assert "no difference" in capsys.readouterr().out
