"""Lines of the overview that were drawn before: as if they were drawn for the first time, whatever happened since."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.reports import queries, sparkline
from sensorfusion.reports.sparkline import MOST_REMEMBERED, remembered_spark, spark, thinned
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import observe

HALF_HOUR_S = 1800.0
LAST = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
MADE = [(LAST.timestamp() - HALF_HOUR_S * (47 - place), 5.0 + place % 7) for place in range(48) if place not in (9, 10)]


def forget_all() -> None:
    sparkline._known.cache_clear()
    queries._rounded.cache_clear()


def line(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.owner)
    with time_machine.travel(LAST + timedelta(minutes=5), tick=False):
        found = re.search(r'<path class="line" d="([^"]*)"', client.get("/?view=table").text)
    assert found
    return found[1]


def insert(sensor: Sensor, at: datetime, value: float) -> None:
    """Store a late reading."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO reading (sensor_id, observed_at, received_at, seq, "values") VALUES (%s, %s, %s, 9999, %s)',
            [sensor.pk, at, LAST, f'{{"temperature": {value}}}'],
        )


@pytest.mark.unit
@pytest.mark.parametrize("name", ["temperature", "rain", "humidity", "rain_counter"])
def test_a_remembered_line_moves_with_the_clock_like_one_that_is_drawn_again(name: str) -> None:
    for later_s in (0, 1, 71, 1799, 1800, 40_000, 90_000):
        now = LAST + timedelta(seconds=later_s)
        steps = thinned(name, MADE, now=now, step_s=HALF_HOUR_S)

        found = remembered_spark(name, MADE, now=now, step_s=HALF_HOUR_S)

        assert found == spark(name, steps, now=now, step_s=HALF_HOUR_S)


@pytest.mark.unit
def test_a_line_with_one_other_value_is_not_the_remembered_one() -> None:
    first = remembered_spark("temperature", MADE, now=LAST, step_s=HALF_HOUR_S)
    changed = [*MADE[:20], (MADE[20][0], 30.0), *MADE[21:]]

    second = remembered_spark("temperature", changed, now=LAST, step_s=HALF_HOUR_S)

    assert second == spark("temperature", thinned("temperature", changed, now=LAST, step_s=HALF_HOUR_S), now=LAST,
                           step_s=HALF_HOUR_S)  # fmt: skip
    assert second.line != first.line


@pytest.mark.unit
def test_no_more_lines_are_remembered_than_allowed() -> None:
    for number in range(MOST_REMEMBERED + 10):
        remembered_spark("temperature", [(LAST.timestamp(), float(number))], now=LAST, step_s=HALF_HOUR_S)
        queries._rounded(((LAST.timestamp(), float(number)),), 2)

    assert sparkline._known.cache_info().currsize == MOST_REMEMBERED
    assert queries._rounded.cache_info().currsize == queries.MOST_LINES
    forget_all()


@pytest.mark.django_db
def test_a_late_reading_and_an_exclusion_are_in_the_line_at_once(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)
    lines = [line(cast)]

    insert(cast.sensor, LAST - timedelta(hours=7, minutes=20), 35.0)
    lines.append(line(cast))
    exclude(
        by=cast.owner,
        sensor=cast.sensor,
        start=LAST - timedelta(hours=8, minutes=30),
        end=LAST - timedelta(hours=6, minutes=30),
        reason="service",
        now=LAST,
    )
    lines.append(line(cast))
    forget_all()

    assert len(set(lines)) == 3
    assert line(cast) == lines[-1]
