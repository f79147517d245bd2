"""Pages of several kinds of sensors in the owner's units and digits, and in each reader's units.

Numbers are written here in plain decimals, by units and digits that are copied by hand from docs/quantities.md. One in
the middle between two last digits may be rounded to either: as a binary number it is a little less or more.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import Row, every, store
from tests.truth.page.scraped import Figures, scraped

NOW: Final = datetime(2026, 11, 22, 12, 1, tzinfo=UTC)
MIDNIGHT: Final = datetime(2026, 11, 21, 23, tzinfo=UTC)  # in Warsaw
PREFIXES: Final = {-6: "µ", -3: "m", 0: "", 3: "k", 6: "M"}
OFF: Final = (Decimal("-1e-9"), Decimal("1e-9"))
SYSTEMS: Final = ("metric", "scientific", "uk", "us")


@dataclass(frozen=True)
class Unit:
    """shown = value * factor + offset, with decimals or significant digits; `prefixed` units take SI prefixes."""

    symbol: str
    decimals: int = 0
    factor: str = "1"
    offset: str = "0"
    digits: int = 0
    prefixed: bool = False
    off: Decimal = Decimal(0)

    def parts(self, value: float) -> tuple[str, str]:
        shown = Decimal(repr(value)) * Decimal(self.factor) + Decimal(self.offset) + self.off
        least = Decimal(1) if self.digits else Decimal(10) ** (1 - self.decimals)
        if self.prefixed and shown and not least <= abs(shown) < 1000:
            rounded = _significant(shown, self.digits or 4)
            power = rounded.adjusted() // 3 * 3
            return _signed(rounded.scaleb(-power)), PREFIXES[power] + self.symbol
        if self.digits:
            return _signed(_significant(shown, self.digits)), self.symbol
        return _signed(shown.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP), self.decimals), self.symbol

    def text(self, value: float) -> str:
        return " ".join(self.parts(value))

    def number(self, value: float) -> str:
        number, symbol = self.parts(value)
        return number if symbol == self.symbol else f"{number} {symbol}"

    def short(self, value: float) -> str:
        return f"{self.number(value)}°" if self.symbol in ("°C", "°F") else self.text(value)

    def between(self, low: float, high: float) -> str:
        (one, unit), (other, same) = self.parts(low), self.parts(high)
        is_whole = same != self.symbol or unit != same
        return f"Between {one}{f' {unit}' if is_whole else ''} and {other} {same}"


def _significant(shown: Decimal, digits: int) -> Decimal:
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(shown)


def _signed(shown: Decimal, decimals: int | None = None) -> str:
    size = abs(shown)
    text = f"{size.normalize():f}" if decimals is None else f"{size:.{decimals}f}"
    return f"−{text}" if shown < 0 and size else text


CELSIUS, KELVIN = Unit("°C", 1), Unit("K", 1, offset="273.15")
FAHRENHEIT = Unit("°F", 0, factor="1.8", offset="32")
READERS: Final = {"metric": CELSIUS, "scientific": KELVIN, "uk": CELSIUS, "us": FAHRENHEIT}
ALWAYS = dict.fromkeys


@dataclass(frozen=True)
class Made:
    """A kind of sensor: what its owner set, what it sends, and how each reader sees each quantity; the first leads."""

    kind: str
    settings: Mapping[str, Any]
    values: Callable[[int], Mapping[str, Any]]
    units: Mapping[str, Mapping[str, Unit]]


def _wave(place: int, middle: float, by: float) -> float:
    return round(middle + by * math.sin(place / 40), 3)


MADE: Final = [
    Made("freezer", {}, lambda k: {"temperature": _wave(k, -20, 2.2)}, {"temperature": READERS}),
    Made(
        "freezer",
        {"temperature": {"unit": "[degF]", "decimals": 2, "label": "Chest"}},
        lambda k: {"temperature": _wave(k, -20, 2.2)},
        {"temperature": ALWAYS(SYSTEMS, Unit("°F", 2, factor="1.8", offset="32"))},
    ),
    Made(
        "room",
        {"humidity": {"digits": 3}, "temperature": {"decimals": 2}},
        lambda k: {
            "co2": round(_wave(k, 700, 250)), "temperature": _wave(k, 21, 1.3), "humidity": _wave(k, 45, 4),
        },
        {
            "co2": ALWAYS(SYSTEMS, Unit("ppm")),
            "humidity": ALWAYS(SYSTEMS, Unit("%", digits=3)),
            "temperature": {
                "metric": Unit("°C", 2),
                "uk": Unit("°C", 2),
                "us": Unit("°F", 2, factor="1.8", offset="32"),
                "scientific": Unit("K", 2, offset="273.15"),
            },
        },
    ),
    Made(
        "meter",
        {"power": {"digits": 3}},
        lambda k: {"power": _wave(k, 1400, 900)},
        {"power": ALWAYS(SYSTEMS, Unit("W", digits=3, prefixed=True))},
    ),
    Made(
        "tank",
        {"level": {"unit": "cm"}},
        lambda k: {"level": _wave(k, 1.2, 0.3)},
        {"level": ALWAYS(SYSTEMS, Unit("cm", 1, factor="100"))},
    ),
    Made(
        "weather",
        {"pressure": {"unit": "[in_i'Hg]", "decimals": 3}},
        lambda k: {"temperature": _wave(k, 6, 4), "pressure": _wave(k, 1008, 9)},
        {
            "temperature": READERS,
            "pressure": ALWAYS(SYSTEMS, Unit("inHg", 3, factor=str(1 / Decimal("33.8638866667")))),
        },
    ),
]  # fmt: skip


def rows_of(made: Made) -> list[Row]:
    instants = every(300, 240, until=NOW - timedelta(minutes=1))
    return [(at, made.values(place)) for place, at in enumerate(instants)]


def page(cast: Cast, made: Made, system: str) -> Figures:
    with time_machine.travel(NOW, tick=False):
        Sensor.objects.filter(pk=cast.sensor.pk).update(kind=made.kind, quantities=dict(made.settings))
        store(Sensor.objects.get(pk=cast.sensor.pk), rows_of(made))
        browser = Client()
        browser.force_login(cast.owner)
        browser.cookies["units"] = system
        return scraped(browser.get(f"/sensors/{cast.sensor.uuid}/", {"r": "24h"}).content.decode())


def claims(made: Made, system: str, off: Decimal) -> Iterator[tuple[str, str]]:
    rows = rows_of(made)
    for place, (name, units) in enumerate(made.units.items()):
        unit, values = replace(units[system], off=off), [(at, float(row[name])) for at, row in rows]
        today = [value for at, value in values if at >= MIDNIGHT]
        part, newest = "hero" if place == 0 else f"tile {name}", values[-1][1]
        write = unit.short if place == 0 else unit.number
        yield f"{part} value", unit.parts(newest)[0]
        yield f"{part} unit", unit.parts(newest)[1]
        yield f"{part} low", write(min(today))
        yield f"{part} high", write(max(today))
        yield from _chart(f"chart-{name}", unit, values)


def _chart(card: str, unit: Unit, values: list[tuple[datetime, float]]) -> Iterator[tuple[str, str]]:
    numbers = [value for _, value in values]
    between = unit.between(min(numbers), max(numbers))
    yield f"{card} sentence", f"{between} in the last 24 hours; now {unit.text(numbers[-1])}."
    for place, (at, value) in enumerate(reversed(values)):
        if place % 3 == 0 and place // 3 < 20:  # 240 readings are told by every third
            local = at.astimezone(ZoneInfo("Europe/Warsaw"))
            yield f"{card} row {place // 3 + 1:03}", f"{local:%H:%M} | {unit.number(value)}"


HPA, MILES = Unit("hPa", 1), Unit("mi", 1, factor=str(1 / Decimal("1609.344")))
MMHG = Unit("mmHg", 1, factor=str(1 / Decimal("1.33322387415")))
INHG = Unit("inHg", 2, factor=str(1 / Decimal("33.8638866667")))
KILOMETRES = Unit("km", 1, factor="0.001")
# Units that readers put together: a preset, and single units that differ from it.
CHOSEN: Final[Mapping[str, Mapping[str, Unit]]] = {
    "metric-mmhg": {"temperature": CELSIUS, "pressure": MMHG, "visibility": KILOMETRES},
    "us-c-km": {"temperature": CELSIUS, "pressure": INHG, "visibility": KILOMETRES},
    "uk-f-inhg": {"temperature": FAHRENHEIT, "pressure": INHG, "visibility": MILES},
    "scientific-hpa-mi": {"temperature": KELVIN, "pressure": HPA, "visibility": MILES},
}
STATION: Final = Made(
    "weather",
    {},
    lambda k: {"temperature": _wave(k, 6, 4), "pressure": _wave(k, 1008, 9), "visibility": _wave(k, 15_000, 4_000)},
    {name: {text: units[name] for text, units in CHOSEN.items()} for name in ("temperature", "pressure", "visibility")},
)


@pytest.mark.parametrize("chosen", CHOSEN)
def test_page_is_in_the_units_that_its_reader_put_together(cast: Cast, chosen: str) -> None:
    assert wrong(page(cast, STATION, chosen), STATION, chosen) == []


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("made", MADE, ids=lambda made: f"{made.kind}, {len(made.settings)} settings")
def test_page_is_in_the_owners_units_else_in_the_readers(cast: Cast, made: Made, system: str) -> None:
    assert wrong(page(cast, made, system), made, system) == []


def wrong(said: Figures, made: Made, system: str) -> list[tuple[str, str | None, set[str]]]:
    true: dict[str, set[str]] = {}
    for off in OFF:
        for name, text in claims(made, system, off):
            true.setdefault(name, set()).add(text)
    assert len(true) > 20
    return [(name, said.get(name), texts) for name, texts in true.items() if said.get(name) not in texts]
