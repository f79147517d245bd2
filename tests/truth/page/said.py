"""Numbers and times as the report writes them, and what it may write where a figure was computed.

`Said` holds every text that is true: rounded once or twice, a computed number that lies on an edge has two.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from tests.truth.oracle.quantities import digits

Said = frozenset[str]
Claims = Mapping[str, Said]

SYMBOLS: Final = {
    "temperature": ("°C", 1, "Temperature", "Temperature"),
    "humidity": ("%", 1, "Humidity", "Humidity"),
    "pressure": ("hPa", 1, "Barometer", "Barometer"),
    "wind_speed": ("m/s", 1, "Wind speed", "Wind"),
    "wind_gust": ("m/s", 1, "Wind gust", "Gust"),
    "wind_direction": ("°", 0, "Wind direction", "Direction"),
    "solar_radiation": ("W/m²", 0, "Solar radiation", "Solar"),
    "rain": ("mm", 1, "Rain", "Rain"),
    "rain_day": ("mm", 1, "Rain today", "Rain today"),
    "rain_total": ("mm", 1, "Rain, running total", "Rain total"),
    "current": ("A", 2, "Current", "Current"),
}
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
POINTS: Final = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
NOTHING: Final = "–"
# docs/quantities.md: a quantity of any size keeps four digits, before a unit with an SI prefix.
OF_ANY_SIZE: Final = ("current",)
PREFIXES: Final = {-12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M"}
DIGITS: Final = Context(prec=4, rounding=ROUND_HALF_UP)


def one(*texts: str) -> Said:
    return frozenset(texts)


def fixed(value: float, decimals: int) -> str:
    """Write a number: halves away from zero, a real minus, zero without one."""
    text = str(Decimal(repr(abs(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    return f"−{text}" if value < 0 and float(text) else text


def grouped(written: str) -> str:
    """Separate thousands from five digits on: 12,431.8, but 1013.2."""
    whole, *rest = written.removeprefix("−").split(".")
    if len(whole) < 5:
        return written
    return ".".join([written[: written.startswith("−")] + f"{int(whole):,}", *rest])


def in_full(name: str, value: float) -> tuple[str, str]:
    """Return a number and the symbol that belongs to it, such as 308.2 and nA."""
    symbol, decimals = SYMBOLS[name][:2]
    if not needs_prefix(name, value):
        return grouped(fixed(value, decimals)), symbol
    rounded = DIGITS.create_decimal(repr(abs(value)))
    power = rounded.adjusted() // 3 * 3
    written = f"{rounded.scaleb(-power).normalize():f}"
    return ("−" if value < 0 else "") + written, PREFIXES[power] + symbol


def needs_prefix(name: str, value: float) -> bool:
    """Return whether decimals would leave less than two digits of a number, or whether it is 1000 or more."""
    return name in OF_ANY_SIZE and value != 0 and not 10.0 ** (1 - SYMBOLS[name][1]) <= abs(value) < 1000


def last_digit(name: str, value: float) -> float:
    """Return one unit of the last digit that a number is written with."""
    if needs_prefix(name, value):
        return 10.0 ** (Decimal(repr(value)).adjusted() - DIGITS.prec + 1)
    return 10.0 ** -SYMBOLS[name][1]


def number(name: str, value: float | None) -> str:
    """Write a number without its unit, where that has no prefix."""
    if value is None:
        return NOTHING
    written, symbol = in_full(name, value)
    return written if symbol == SYMBOLS[name][0] else f"{written} {symbol}"


def unit(name: str) -> str:
    """Return what follows a number in a text."""
    symbol = SYMBOLS[name][0]
    return symbol if symbol == "°" else f" {symbol}"


def text(name: str, value: float | None) -> str:
    if value is None:
        return NOTHING
    written, symbol = in_full(name, value)
    return written + symbol if symbol == "°" else f"{written} {symbol}"


def short(name: str, value: float) -> str:
    return f"{number(name, value)}°" if name == "temperature" else text(name, value)


def difference(name: str, by: float) -> str:
    written = number(name, by)
    return written if by < 0 or not float(written) else f"+{written}"


def around(value: float, decimals: int) -> tuple[float, ...]:
    """Return a computed number as the platform may have it: answers have two decimals more than are usually shown."""
    off = 0.6 * 10.0 ** -(decimals + 2)
    return (value - off, value, value + off)


def numbers(name: str, value: float | None) -> Said:
    """Return how a computed number may be written."""
    if value is None:
        return one(NOTHING)
    return one(*(number(name, each) for each in around(value, digits(name) - 2)))


def joined(parts: Iterable[Said], separator: str = " | ") -> Said:
    """Return all texts that are made of one of each part."""
    found = [""]
    for place, part in enumerate(parts):
        found = [each + (separator if place else "") + text for each in found for text in part]
    return frozenset(found)


def zone(of: ZoneInfo) -> str:
    """Write a zone's name for people; those of the matrix are named after places, but for UTC."""
    *area, place = of.key.split("/")
    return f"{' '.join(place.split('_'))} time" if area else place


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def day(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]}"


def since(at: datetime, now: datetime) -> str:
    """Write an instant: of today by its time alone."""
    return clock(at) if at.date() == now.date() else f"{day(at)}, {clock(at)}"


def span(seconds: float) -> str:
    for least, length, letters in ((172800, 86400, "d"), (3600, 3600, "h"), (60, 60, "min"), (0, 1, "s")):
        if seconds >= least:
            return f"{int(seconds // length)} {letters}"
    return "0 s"


def interval(seconds: float) -> str:
    """Write an interval behind "every"."""
    if seconds < 1.5:
        return "second"
    for below, length, letters in ((90, 1, "s"), (5400, 60, "min")):
        if seconds < below:
            return f"{round(seconds / length)} {letters}"
    return f"{round(seconds / 3600)} h"


def point(direction: float) -> str:
    return POINTS[int((direction + 11.25) % 360 // 22.5)]
