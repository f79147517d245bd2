"""A weather station's readings with simple numbers: the temperature is the hour of the day in UTC, and so on."""

from datetime import datetime, timedelta
from typing import Any

from sensorfusion.sensors.models import Sensor
from tests.storing import every, store

SKY = {
    "temperature": 8.0,
    "humidity": 71,
    "dew_point": 3.1,
    "sea_level_pressure": 1013.2,
    "wind_speed": 5.4,
    "wind_gust": 9.1,
    "wind_direction": 247,
    "rain": 0.1,
    "solar_radiation": 120,
    "battery": 87,
}


def observe(
    sensor: Sensor,
    *,
    until: datetime,
    hours: int = 49,
    step_s: float = 3600,
    values: dict[str, Any] = SKY,
    **changes: Any,
) -> None:
    """Store a reading every hour; the temperature is the hour."""
    rows = every(step_s, int(hours * 3600 / step_s), until=until)
    varying = "temperature" in values
    store(sensor, [(at, {**values, **({"temperature": float(at.hour)} if varying else {}), **changes}) for at in rows])


def days(sensor: Sensor, *, until: datetime, count: int, values: dict[str, Any] = SKY) -> None:
    """Store four readings a day."""
    observe(sensor, until=until, hours=count * 24, step_s=21600, values=values)


HOUR = timedelta(hours=1)
