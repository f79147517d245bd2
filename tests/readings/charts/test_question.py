"""Questions: the requested quantities, those to read, and the same question for other ranges."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.rollups.days import Calendar

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUESTION = ChartQuestion(
    sensor=7,
    quantities=("humidity", "dew_point"),
    start=NOON,
    end=NOON + timedelta(hours=1),
    calendar=Calendar("Europe/Warsaw", 9),
    points=300,
    derived={"dew_point": ("temperature", "humidity")},
)


def test_what_is_worked_out_is_not_read_but_what_it_is_made_from() -> None:
    assert QUESTION.own == ["humidity"]
    assert QUESTION.stored.quantities == ("humidity", "temperature")


def test_only_the_stretch_of_time_is_another_one() -> None:
    later = QUESTION.over(NOON + timedelta(days=1), NOON + timedelta(days=2))

    assert (later.start, later.end) == (NOON + timedelta(days=1), NOON + timedelta(days=2))
    assert later.over(QUESTION.start, QUESTION.end) == QUESTION


def test_only_the_quantities_are_others() -> None:
    other = QUESTION.of(["rain"])

    assert other.quantities == ("rain",)
    assert other.of(QUESTION.quantities) == QUESTION


def test_nothing_of_it_changes_on_its_way() -> None:
    with pytest.raises(FrozenInstanceError):
        QUESTION.points = 10  # type: ignore[misc]  # which is the point
