"""Settled hours are remembered, and asked for again as soon as anything about them has changed."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from sensorfusion.events.prepared import fetch
from sensorfusion.readings.charts import recent, remembered_hours
from sensorfusion.readings.charts.recent import half_hours
from sensorfusion.readings.exclusions.services import delete_readings, exclude, restore
from sensorfusion.readings.rollups.chores import Advance, RollUp
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.readings.rolled import NOW
from tests.storing import every, store

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATE = NOW - 10 * HOUR
Points = dict[int, list[tuple[float, float]]]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    remembered_hours.forget_all()
    yield
    remembered_hours.forget_all()


@pytest.fixture
def sensor(cast: Cast) -> Sensor:
    store(cast.sensor, [(at, {"temperature": at.minute / 2}) for at in every(60, 2000, until=NOW)])
    roll_up()
    return cast.sensor


def roll_up(now: datetime = NOW) -> None:
    connection.ensure_connection()
    while Advance(lambda: now).run(connection.connection) or RollUp().run(connection.connection):
        pass


def asked(sensor: Sensor, *, now: datetime = NOW) -> Points:
    return half_hours(name="temperature", sensors=[sensor.pk], start=now - DAY)


def afresh(sensor: Sensor, *, now: datetime = NOW) -> Points:
    remembered_hours.forget_all()
    return asked(sensor, now=now)


def hours_asked(monkeypatch: pytest.MonkeyPatch, sensor: Sensor) -> float:
    """Return how many hours back the means of a sensor are asked for."""
    since: list[float] = []

    def noted(statement: str, values: Any) -> Any:
        since.extend(values["since"])
        return fetch(statement, values)

    with monkeypatch.context() as patch:
        patch.setattr(recent, "fetch", noted)
        asked(sensor)
    return (NOW.timestamp() - since[0]) / 3600


def test_only_what_is_not_settled_is_asked_for_again(sensor: Sensor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = asked(sensor)

    assert hours_asked(monkeypatch, sensor) <= 1
    assert asked(sensor) == first == afresh(sensor)


def insert(sensor: Sensor, at: datetime, value: float) -> None:
    """Store a late reading as the writer does: with a mark on its hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO reading (sensor_id, observed_at, received_at, seq, "values") VALUES (%s, %s, %s, 9999, %s)',
            [sensor.pk, at, NOW, f'{{"temperature": {value}}}'],
        )
        cursor.execute("INSERT INTO dirty_hour (sensor_id, hour) VALUES (%s, %s)", [sensor.pk, LATE])


def late(cast: Cast, sensor: Sensor) -> None:
    insert(sensor, LATE + timedelta(minutes=5, seconds=30), 9000)


def excluded(cast: Cast, sensor: Sensor) -> None:
    exclude(by=cast.owner, sensor=sensor, start=LATE, end=LATE + HOUR / 4, reason="service", now=NOW)


def excluded_and_restored(cast: Cast, sensor: Sensor) -> None:
    made = exclude(by=cast.owner, sensor=sensor, start=LATE, end=LATE + HOUR / 4, reason="service", now=NOW)
    roll_up()
    asked(sensor)
    restore(by=cast.owner, exclusion=made, now=NOW)


def deleted(cast: Cast, sensor: Sensor) -> None:
    delete_readings(by=cast.owner, sensor=sensor, start=LATE, end=LATE + HOUR, now=NOW)


@pytest.mark.parametrize("is_rolled_up", [False, True])
@pytest.mark.parametrize("change", [late, excluded, excluded_and_restored, deleted])
def test_a_change_of_a_settled_hour_is_seen_at_once_and_after_it_is_rolled_up(
    change: Callable[[Cast, Sensor], None], is_rolled_up: bool, cast: Cast, sensor: Sensor
) -> None:
    before = asked(sensor)
    change(cast, sensor)
    if is_rolled_up:
        roll_up()

    after = asked(sensor)
    assert after == {sensor.pk: [pytest.approx(point) for point in afresh(sensor)[sensor.pk]]}
    assert (after == before) == (change is excluded_and_restored)


def test_a_dirty_hour_is_never_remembered(sensor: Sensor, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO dirty_hour (sensor_id, hour) VALUES (%s, %s)", [sensor.pk, LATE])
    asked(sensor)

    assert hours_asked(monkeypatch, sensor) == 10


def test_the_span_moves_on_over_what_is_remembered(sensor: Sensor) -> None:
    for minutes in (0, 20, 45, 80, 200):
        now = NOW + timedelta(minutes=minutes)

        assert asked(sensor, now=now) == afresh(sensor, now=now)


def test_what_is_remembered_is_bounded(sensor: Sensor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_hours, "MOST_REMEMBERED", 1)
    for name in ("temperature", "humidity", "pressure"):
        half_hours(name=name, sensors=[sensor.pk], start=NOW - DAY)

    assert len(remembered_hours._remembered) == 1
