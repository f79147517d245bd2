"""Documents of several kinds of sensors: the days of a month as a file, in the reader's units and the owner's."""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from statistics import fmean
from typing import Final
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import Row, every, store
from tests.truth.test_own_units import MADE, SYSTEMS, Made, Unit

NOW: Final = datetime(2026, 11, 22, 12, 1, tzinfo=UTC)
WARSAW: Final = ZoneInfo("Europe/Warsaw")
SMALL: Final = Made(
    "other",
    {},
    lambda k: {"current": round((250 + k % 37) * 1e-9, 12)},
    {"current": dict.fromkeys(SYSTEMS, Unit("A", 2, prefixed=True))},
)
EVERY_S: Final = 900
FIGURES: Final[dict[str, Callable[[list[float]], float]]] = {"mean": fmean, "high": max, "low": min}


def rows_of(made: Made) -> list[Row]:
    instants = every(EVERY_S, 300, until=NOW - timedelta(minutes=1))
    return [(at, made.values(place)) for place, at in enumerate(instants)]


def said(cast: Cast, made: Made, system: str) -> list[dict[str, str]]:
    with time_machine.travel(NOW, tick=False):
        Sensor.objects.filter(pk=cast.sensor.pk).update(kind=made.kind, quantities=dict(made.settings))
        store(Sensor.objects.get(pk=cast.sensor.pk), rows_of(made))
        browser = Client()
        browser.force_login(cast.owner)
        browser.cookies["units"] = system
        answer = browser.get(f"/sensors/{cast.sensor.uuid}/reports/2026/11.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(answer).decode())))


def true(made: Made, name: str) -> dict[str, list[tuple[datetime, float]]]:
    """Return the readings of each local day."""
    found: dict[str, list[tuple[datetime, float]]] = {}
    for at, row in rows_of(made):
        found.setdefault(f"{at.astimezone(WARSAW):%Y-%m-%d}", []).append((at, float(row[name])))
    return found


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("made", [*MADE, SMALL], ids=lambda made: f"{made.kind}, {len(made.settings)} settings")
def test_days_of_a_file_are_those_of_the_readings(cast: Cast, made: Made, system: str) -> None:
    name, unit = next((name, units[system]) for name, units in made.units.items())

    rows = said(cast, made, system)

    assert list(differences(rows, true(made, name), name, unit)) == []
    assert sum(bool(row[f"{name}_mean [{unit.symbol}]"]) for row in rows) == 4


def differences(
    rows: list[dict[str, str]], days: dict[str, list[tuple[datetime, float]]], name: str, unit: Unit
) -> Iterator[str]:
    for row in rows:
        values = days.get(row["day"], [])
        for part, of in FIGURES.items():
            text = row[f"{name}_{part} [{unit.symbol}]"]
            figure = of([value for _, value in values]) if values else None
            if not is_same(text, figure, unit):
                yield f"{row['day']}, {part}: the file says {text!r}, the readings {figure}"
        for part in ("high", "low"):
            wanted = FIGURES[part]([value for _, value in values]) if values else None
            at = next((at for at, value in values if value == wanted), None)
            if row[f"{part}_at"] != (at.astimezone(WARSAW).isoformat(timespec="seconds") if at else ""):
                yield f"{row['day']}, {part} at: the file says {row[f'{part}_at']!r}, the readings {at}"


def is_same(text: str, figure: float | None, unit: Unit) -> bool:
    """Return whether a number has at least three digits of the figure, and a decimal more than pages have."""
    if figure is None or not text:
        return figure is None and not text
    shown = figure * float(unit.factor) + float(unit.offset)
    slack = 0.51 * 10.0 ** -(unit.decimals + 1) if not unit.digits and not unit.prefixed else abs(shown) * 6e-4
    return abs(float(text) - shown) <= slack
