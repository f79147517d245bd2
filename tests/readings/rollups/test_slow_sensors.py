"""One sensor that cannot be rolled up in time holds up neither the others nor its own deletion."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import DirtyHour, Hour
from sensorfusion.readings.rollups import rollups
from sensorfusion.readings.rollups.chores import RecutDays, RollUp
from sensorfusion.readings.rollups.slow_sensors import FIRST_WAIT_S, LONGEST_WAIT_S, SlowSensors
from sensorfusion.sensors.erasure import erase_sensor
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
MIDNIGHT = datetime(2026, 3, 29, tzinfo=UTC)
HOURS = [MIDNIGHT + timedelta(hours=hour) for hour in range(6)]


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def link() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        yield link


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chore(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> RollUp:
    """The chore, and a sensor whose hours take for ever."""
    roll_up = rollups.roll_up

    def slowly(link: psycopg.Connection[Any], hours: Any) -> None:
        if any(sensor == cast.sensor.pk for sensor, _ in hours):
            link.execute("SELECT pg_sleep(600)")
        roll_up(link, hours)

    monkeypatch.setattr(rollups, "roll_up", slowly)
    for sensor in (cast.sensor, cast.other_sensor):
        store(sensor, [(at, {"temperature": 1.0}) for at in HOURS])
        mark(sensor)
    return RollUp(clock, limit_s=0.1)


def mark(sensor: Sensor) -> None:
    DirtyHour.objects.bulk_create(DirtyHour(sensor=sensor, hour=hour) for hour in HOURS)


def test_others_are_rolled_up_and_the_slow_one_keeps_its_marks(
    cast: Cast, chore: RollUp, link: psycopg.Connection[Any]
) -> None:
    while chore.batch(link):
        pass

    assert Hour.objects.filter(sensor=cast.other_sensor).count() == len(HOURS)
    assert DirtyHour.objects.filter(sensor=cast.sensor).count() == len(HOURS)
    assert not DirtyHour.objects.filter(sensor=cast.other_sensor).exists()


def test_slow_sensor_is_tried_again_by_itself_and_ever_more_rarely(
    cast: Cast, chore: RollUp, clock: Clock, link: psycopg.Connection[Any]
) -> None:
    while chore.batch(link):
        pass
    tried = []
    for minute in range(5):
        mark(cast.other_sensor)
        clock.now_s = FIRST_WAIT_S * minute
        tried.append(chore._slow.due() is not None)
        while chore.batch(link):
            pass

    assert [minute for minute, is_tried in enumerate(tried) if is_tried] == [1, 3]
    assert not DirtyHour.objects.filter(sensor=cast.other_sensor).exists()


def test_hours_are_caught_up_with_when_they_are_fast_again(
    cast: Cast, chore: RollUp, clock: Clock, link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    while chore.batch(link):
        pass
    monkeypatch.undo()
    clock.now_s = LONGEST_WAIT_S
    while chore.batch(link):
        pass

    assert Hour.objects.filter(sensor=cast.sensor).count() == len(HOURS)
    assert chore._slow.all == []


def test_time_limit_is_that_of_the_chore_and_ends_with_it(
    cast: Cast, chore: RollUp, link: psycopg.Connection[Any]
) -> None:
    while chore.batch(link):
        pass

    assert link.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_slow_sensor_can_be_deleted(cast: Cast, chore: RollUp, link: psycopg.Connection[Any]) -> None:
    while chore.batch(link):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '5s'")

    erase_sensor(sensor=cast.sensor)
    while chore.batch(link):
        pass

    assert not DirtyHour.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")


def test_next_try_gets_more_time_up_to_a_limit() -> None:
    slow = SlowSensors(Clock())
    limits, limit_s = [], 3.0
    for _ in range(3):
        slow.failed(7, limit_s=limit_s)
        limits.append(limit_s := slow.limit_s(7))

    assert limits == [12.0, 12.0, 12.0]


@pytest.mark.usefixtures("link")
def test_days_of_a_new_calendar_are_recut_in_time_with_the_others_first(
    cast: Cast, clock: Clock, link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for sensor in (cast.sensor, cast.other_sensor):
        store(sensor, [(at, {"temperature": 1.0}) for at in HOURS])
        mark(sensor)
    while rollups.recompute(link, hours=100):
        pass
    for site in (cast.site, cast.other_site):
        site.day_starts_h = 9
        site.save()
    roll_up_days = rollups.roll_up_days

    def slowly(link: psycopg.Connection[Any], hours: Any, calendar: Any) -> None:
        hours = list(hours)
        if any(sensor == cast.sensor.pk for sensor, _ in hours):
            link.execute("SELECT pg_sleep(600)")
        roll_up_days(link, hours, calendar)

    monkeypatch.setattr(rollups, "roll_up_days", slowly)
    chore = RecutDays(clock, limit_s=0.1)
    turns = [chore.run(link) for _ in range(3)]
    begins = "SELECT sensor_id, day_starts_h FROM day_rule ORDER BY sensor_id"
    recut = dict(link.execute(begins).fetchall())
    monkeypatch.setattr(rollups, "roll_up_days", roll_up_days)
    clock.now_s = FIRST_WAIT_S
    later = [chore.run(link), chore.run(link)]

    assert turns == [True, True, False]
    assert recut == {cast.sensor.pk: 0, cast.other_sensor.pk: 9}
    assert later == [True, False]
    assert dict(link.execute(begins).fetchall()) == dict.fromkeys(recut, 9)
