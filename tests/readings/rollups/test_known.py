"""What is known of a range is the same whether it is asked for alone or ahead with others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.readings.models import DirtyHour
from sensorfusion.readings.rollups.known import known_ahead, known_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.readings.rolled import Work, chores_at
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db(transaction=True)


chores = chores_at(NOON)


def question(sensor: Sensor, start: datetime, end: datetime, *names: str) -> Question:
    return Question(sensor=sensor.id, quantities=names, start=start, end=end)


def questions(sensor: Sensor) -> list[Question]:
    return [
        question(sensor, NOON - 30 * HOUR, NOON, "temperature"),
        question(sensor, NOON - 5 * HOUR, NOON - 4 * HOUR, "temperature", "humidity"),
        question(sensor, NOON - 500 * HOUR, NOON - 400 * HOUR, "temperature"),
        question(sensor, NOON - HOUR / 7, NOON + HOUR, "humidity"),
    ]


def fill(cast: Cast, chores: Work) -> None:
    """Store two days of readings, roll them up, and mark three hours as dirty."""
    store(cast.sensor, [(at, {"temperature": 12.5, "humidity": 60}) for at in every(600, 289, until=NOON)])
    chores.all()
    for hour in (NOON - 30 * HOUR, NOON - 29 * HOUR, NOON - 5 * HOUR):
        DirtyHour.objects.create(sensor=cast.sensor, hour=hour)


def test_ranges_asked_ahead_are_known_as_if_asked_alone(
    cast: Cast, chores: Work, django_assert_num_queries: Any
) -> None:
    fill(cast, chores)
    alone = [known_of(each) for each in questions(cast.sensor)]

    with known_ahead(questions(cast.sensor)), django_assert_num_queries(0):
        ahead = [known_of(each) for each in questions(cast.sensor)]

    assert [(each.reach, list(each.standing.dirty), each.standing.until, each.calendar) for each in ahead] == [
        (each.reach, list(each.standing.dirty), each.standing.until, each.calendar) for each in alone
    ]
    assert len(alone[0].standing.dirty) >= 2
    assert alone[2].reach is None


def test_what_was_not_asked_ahead_is_asked(cast: Cast, chores: Work, django_assert_num_queries: Any) -> None:
    fill(cast, chores)
    with known_ahead(questions(cast.sensor)[:1]):
        for each in (
            question(cast.sensor, NOON - 30 * HOUR, NOON, "pressure"),
            question(cast.sensor, NOON - 29 * HOUR, NOON, "temperature"),
            question(cast.other_sensor, NOON - 30 * HOUR, NOON, "temperature"),
        ):
            with django_assert_num_queries(1):
                known_of(each)


def test_answers_end_with_the_block(cast: Cast, chores: Work, django_assert_num_queries: Any) -> None:
    fill(cast, chores)
    with known_ahead(questions(cast.sensor)):
        pass

    with django_assert_num_queries(1):
        known_of(questions(cast.sensor)[0])
