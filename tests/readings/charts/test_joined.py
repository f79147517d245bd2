"""What a sensor begins to send itself does not erase what was derived before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from rest_framework.test import APIClient

from sensorfusion.domain.weather.derived import dew_point
from tests.conftest import Cast
from tests.readings.rolled import chores_at
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEGAN = NOON - 5 * HOUR
WIDTH_S = {"raw": 0, "5m": 300, "1h": 3600}
RESOLUTIONS = pytest.mark.parametrize("resolution", list(WIDTH_S))
DERIVED = dew_point(temperature=20.0, humidity=60.0)
chores = chores_at(NOON + timedelta(days=1))


@pytest.fixture
def updated(cast: Cast, time_machine: Any) -> Cast:
    """A console that sends every 5 minutes for 30 hours, and its own dew point since 5 hours ago; once without it."""
    time_machine.move_to(NOON + timedelta(minutes=1), tick=False)
    instants = every(300, 360, until=NOON - timedelta(minutes=5))
    values = {"temperature": 20.0, "humidity": 60.0}
    rows = [(at, values | ({"dew_point": 3.0} if at >= BEGAN else {})) for at in instants]
    store(cast.sensor, sorted([*rows, (NOON - HOUR - timedelta(minutes=2), values)], key=lambda row: row[0]))
    return cast


def series(cast: Cast, *, start: datetime, end: datetime = NOON, name: str = "dew_point", **query: str) -> Any:
    client = APIClient()
    client.force_login(cast.owner)
    asked = {"quantities": name, "from": start.isoformat(), "to": end.isoformat(), "points": "5000", **query}
    return client.get(f"/api/v1/sensors/{cast.sensor.uuid}/series", asked)


@RESOLUTIONS
def test_rows_before_the_first_stored_value_are_derived(updated: Cast, resolution: str) -> None:
    answer = series(updated, start=NOON - 20 * HOUR, resolution=resolution).json()

    rows = dict(zip(answer["t"], answer["series"]["dew_point"]["mean"], strict=True))
    before = [value for t, value in rows.items() if t < BEGAN.timestamp()]
    after = [value for t, value in rows.items() if t >= BEGAN.timestamp() and value is not None]
    assert before == pytest.approx([DERIVED] * len(before), abs=0.01)
    assert after == [3.0] * len(after)
    assert before
    assert after
    assert answer["derived"] == {"dew_point": ["temperature", "humidity"]}
    assert answer["stored_from"] == {"dew_point": BEGAN.timestamp()}


@RESOLUTIONS
def test_range_before_the_first_stored_value_is_derived(updated: Cast, resolution: str) -> None:
    answer = series(updated, start=NOON - 20 * HOUR, end=NOON - 10 * HOUR, resolution=resolution).json()

    column = answer["series"]["dew_point"]["mean"]
    assert column == pytest.approx([DERIVED] * len(column), abs=0.01)
    assert column
    assert "stored_from" not in answer


@pytest.mark.parametrize("is_rolled_up", [False, True])
def test_range_after_it_is_stored_even_where_a_value_is_missing(updated: Cast, chores: Any, is_rolled_up: bool) -> None:
    if is_rolled_up:
        chores.all()

    answer = series(updated, start=NOON - HOUR - timedelta(minutes=3), resolution="raw").json()

    column = answer["series"]["dew_point"]["mean"]
    assert column == [3.0] * 12
    assert "derived" not in answer
    assert "stored_from" not in answer


def test_arrow_says_where_the_stored_rows_begin(updated: Cast) -> None:
    answer = series(updated, start=NOON - 20 * HOUR, resolution="1h", format="arrow")

    about = pa.ipc.open_stream(answer.content).schema.metadata
    assert about[b"stored_from:dew_point"] == str(BEGAN.timestamp()).encode()


def test_latest_is_derived_where_the_sensors_own_value_is_old(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(NOON, tick=False)
    values = {"temperature": 20.0, "humidity": 60.0}
    store(cast.sensor, [(NOON - 50 * HOUR, {"dew_point": 3.0, "humidex": 4.0}), (NOON, values | {"humidex": 5.0})])
    client = APIClient()
    client.force_login(cast.owner)

    found = client.get(f"/api/v1/sensors/{cast.sensor.uuid}/latest", {"derived": "1"}).json()

    assert found["derived"]["dew_point"] == pytest.approx(DERIVED, abs=0.1)
    assert "humidex" not in found["derived"]


@pytest.mark.parametrize("resolution", [*WIDTH_S, "1d"])
@pytest.mark.parametrize("before", ["rain_total", "rain_day"])
def test_the_rate_of_rain_is_derived_from_a_counter_before_amounts_are_sent(
    cast: Cast, time_machine: Any, resolution: str, before: str
) -> None:
    time_machine.move_to(NOON + timedelta(minutes=1), tick=False)
    instants = every(600, 60, until=NOON - timedelta(minutes=10))
    rows = [(at, {"rain": 0.5} if at >= BEGAN else {before: 0.5 * place}) for place, at in enumerate(instants)]
    store(cast.sensor, rows)

    answer = series(cast, start=NOON - 20 * HOUR, name="rain_rate", resolution=resolution).json()
    later = series(cast, start=NOON - 2 * HOUR, name="rain_rate", resolution=resolution).json()

    rates = answer["series"]["rain_rate"]["mean"]
    there = [rate for rate in rates if rate is not None]
    assert len(there) >= len(rates) - 1  # of the first value of all nothing is known
    assert there == pytest.approx([3.0] * len(there))
    assert answer["derived"] == {"rain_rate": ["rain", before]}
    assert later["derived"] == {"rain_rate": ["rain"]}
