"""Whether raw rows are tried is decided alike for one chart and for all charts of a page at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.readings.charts.crowded import RAW_CROWD, crowds_ahead, is_crowded
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.models import SensorState
from sensorfusion.readings.rollups.known import known_of
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MANY = 601  # readings in ten hours, both ends included


def question(sensor: Sensor, name: str, *, points: int, hours: int = 10) -> ChartQuestion:
    start, end = NOON - hours * HOUR, NOON
    return ChartQuestion(sensor=sensor.id, quantities=(name,), start=start, end=end, points=points)


def questions(sensor: Sensor) -> list[ChartQuestion]:
    return [
        question(sensor, "temperature", points=MANY),
        question(sensor, "temperature", points=MANY - 2),
        question(sensor, "humidity", points=MANY // RAW_CROWD + 1),
        question(sensor, "humidity", points=MANY // RAW_CROWD - 1),
        question(sensor, "temperature", points=61, hours=1),
    ]


def alone(each: ChartQuestion) -> bool:
    first = known_of(each).first
    assert first is not None
    return is_crowded(each, first)


def fill(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 12.5}) for at in every(60, MANY, until=NOON)])


@pytest.mark.parametrize("is_retained", [False, True], ids=["all kept", "older ones removed"])
def test_charts_asked_ahead_are_as_crowded_as_alone(
    cast: Cast, django_assert_num_queries: Any, is_retained: bool
) -> None:
    fill(cast)
    if is_retained:
        SensorState.objects.update(raw_kept_from=NOON - 2 * HOUR)
    found = [alone(each) for each in questions(cast.sensor)]

    with crowds_ahead(questions(cast.sensor)), django_assert_num_queries(0):
        ahead = [is_crowded(each, NOON) for each in questions(cast.sensor)]

    assert ahead == found
    assert found == ([True] * 4 + [False] if is_retained else [False, True, False, True, False])


def test_a_chart_that_was_not_asked_ahead_is_asked(cast: Cast, django_assert_num_queries: Any) -> None:
    fill(cast)
    with crowds_ahead(questions(cast.sensor)[:1]), django_assert_num_queries(1):
        is_crowded(question(cast.sensor, "temperature", points=50), NOON - 10 * HOUR)
