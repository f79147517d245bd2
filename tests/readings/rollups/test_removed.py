"""Where only rollups are left, a window answers what the readings answered, and what a longer window answers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection

from sensorfusion.readings.models import SensorState
from sensorfusion.readings.rollups.buckets import Width
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.known import known_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.readings.rolled import Bucket, Key, Work, chores_at, differences, found
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 3, 27, 23, 0, 30, tzinfo=UTC)  # the clocks of Warsaw change on the 29th
NOW = datetime(2026, 4, 2, tzinfo=UTC)
ZONE = "Europe/Warsaw"
WIDTHS = pytest.mark.parametrize("width", ["5m", "1h", "1d"])
chores = chores_at(NOW)


@pytest.fixture
def sensor(cast: Cast, chores: Work) -> Sensor:
    """A sensor that sent every 7 minutes for four days, all of it rolled up."""
    instants = [START + timedelta(minutes=7 * number) for number in range(4 * 24 * 60 // 7)]
    store(
        cast.sensor,
        [(at, {"temperature": at.minute, "rain": 0.1, "rain_total": 0.1 * place}) for place, at in enumerate(instants)],
    )
    chores.all()
    return cast.sensor


def remove_readings(sensor: Sensor) -> None:
    """Remove the readings that are rolled up, as retention does: what was rolled up from them stays."""
    until = SensorState.objects.get(sensor=sensor).rolled_up_until
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reading WHERE sensor_id = %s AND observed_at < %s", [sensor.pk, until])
    SensorState.objects.filter(sensor=sensor).update(raw_kept_from=until)


def windows() -> Iterator[tuple[datetime, datetime]]:
    """Yield single days of the site, hours, half hours and parts of them, whose ends are multiples of 5 minutes."""
    calendar = Calendar(ZONE)
    borders = calendar.borders(START, NOW)
    yield from pairwise(borders)
    for minutes, length in ((0, 60), (30, 30), (15, 90), (5, 5), (55, 10)):
        begin = datetime(2026, 3, 28, 10, tzinfo=UTC) + timedelta(minutes=minutes)
        yield begin, begin + timedelta(minutes=length)


def answers(sensor: Sensor, width: Width) -> list[dict[Key, Bucket]]:
    return [found(sensor.pk, start=start, end=end, width=width, zone=ZONE) for start, end in windows()]


@WIDTHS
def test_every_window_answers_as_before_the_removal(sensor: Sensor, width: Width) -> None:
    before = answers(sensor, width)
    assert sum(map(bool, before)) == len(before) - 1  # nothing was observed on the last day

    remove_readings(sensor)

    assert [differences(*both) for both in zip(before, answers(sensor, width), strict=True)] == [[]] * len(before)


def test_a_single_day_answers_as_inside_a_longer_window(sensor: Sensor) -> None:
    remove_readings(sensor)
    whole = found(sensor.pk, start=START - timedelta(days=1), end=NOW, width="5m", zone=ZONE)

    parts = {key: bucket for each in answers(sensor, "5m")[:6] for key, bucket in each.items()}

    assert differences(whole, parts) == []


def test_half_an_hour_has_its_extent(sensor: Sensor) -> None:
    start = datetime(2026, 3, 28, 10, 30, tzinfo=UTC)
    question = Question(sensor=sensor.pk, quantities=("temperature",), start=start, end=start + timedelta(minutes=30))
    before = known_of(question).reach
    assert before is not None

    remove_readings(sensor)

    assert known_of(question).reach == before


BROKEN = {
    "last 5 minutes": "DELETE FROM rollup_5m WHERE start = (SELECT max(start) FROM rollup_5m WHERE start < %s)",
    "first 5 minutes": "DELETE FROM rollup_5m WHERE start = (SELECT min(start) FROM rollup_5m WHERE start < %s)",
    "an hour": "DELETE FROM rollup_1h WHERE start = (SELECT min(start) + interval '9 h' FROM rollup_1h"
    " WHERE start < %s)",
    "a number of a day": "UPDATE rollup_1d SET count = count + 1 WHERE start = (SELECT min(start) FROM rollup_1d"
    " WHERE start < %s)",
    "the end of an hour": "UPDATE rollup_1h SET last_at = last_at - interval '5 min' WHERE start ="
    " (SELECT max(start) FROM rollup_1h WHERE start < %s)",
    "the begin of a day": "UPDATE rollup_1d SET first_at = first_at + interval '1 h' WHERE start ="
    " (SELECT max(start) FROM rollup_1d WHERE start < %s)",
}


@pytest.mark.parametrize("fault", list(BROKEN))
def test_check_sees_levels_that_do_not_agree(sensor: Sensor, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    remove_readings(sensor)
    call_command("rollups", "check")
    assert "no difference" in capsys.readouterr().out

    with connection.cursor() as cursor:
        cursor.execute(BROKEN[fault], [SensorState.objects.get(sensor=sensor).raw_kept_from])
        assert cursor.rowcount == 1
    with pytest.raises(SystemExit):
        call_command("rollups", "check")

    said = capsys.readouterr().out
    assert "5 minutes say" in said
    assert "of readings that were removed: restore those from a backup" in said
    assert "rollups rebuild" not in said
