"""The picture of a link, 1200 × 630, as chats and social networks show it: name, time, the card's values, a line.

It is drawn from the same values as the card, without those that are older than the newest reading. As SVG it needs
nothing; the PNG, which is all that most of them can read, needs resvg from the extra `pictures`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.template.loader import render_to_string
from django.utils.translation import gettext

from sensorfusion.reports import queries, words
from sensorfusion.reports.geometry import Box, polyline, split
from sensorfusion.reports.queries import Station
from sensorfusion.reports.sparkline import GAP, STEP_S, least_span
from sensorfusion.sharing.latest import Shown, values
from sensorfusion.sharing.models import ShareRight
from sensorfusion.sharing.station import span_shown, through
from sensorfusion.web.png import has_png as has_png
from sensorfusion.web.png import picture_png as picture_png
from sensorfusion.web.values.freshness import why

WIDTH, HEIGHT = 1200, 630
OTHERS_MOST: Final = 4  # values beside the main one
NAME_LONGEST, LABEL_LONGEST, OTHER_LONGEST, MAIN_LONGEST = 40, 17, 10, 14
MAIN_SIZE: Final = 200  # of the main number, if it has at most `FULL_SIZE` characters
FULL_SIZE: Final = 5
LINE_WIDTH, LINE_HEIGHT = 440, 190
NOT_INSTALLED: Final = (
    "Pictures as PNG need resvg-py, which is not installed. Install it with: pip install 'sensorfusion[pictures]'."
    " picture.svg does not need it."
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value at its place; `size` of its number."""

    quantity: str
    label: str
    number: str
    symbol: str
    x: int
    size: int


@dataclass(frozen=True, slots=True)
class Day:
    """The line of a quantity, its lowest and highest value of the same time."""

    line: str
    low: str
    high: str


def picture_svg(right: ShareRight, *, system: str, now: datetime) -> str:
    """Draw what a link shows now."""
    station = through(right, now=now)
    shown = [each for each in values(station, system=system) if not each.since]
    context = {
        "name": cut(right.share.name, NAME_LONGEST),
        "time": _time(station),
        "main": main_value(shown[0]) if shown else None,
        "others": [other_value(each, place) for place, each in enumerate(shown[1 : OTHERS_MOST + 1])],
        "line": day_of(right, station, shown[0].quantity, system).line if shown else "",
        "range": gettext("last 24 hours"),
    }
    return render_to_string("sharing/picture.svg", context)


def _time(station: Station) -> str:
    """Name the day too: a picture in a chat is looked at years later."""
    at = station.observed_at
    time = f"{words.date(at)}, {words.clock(at)}" if at else ""
    return why(station.state, time) or time


def main_value(shown: Shown) -> Value:
    """Place the large value."""
    number = cut(shown.number, MAIN_LONGEST)
    size = MAIN_SIZE * FULL_SIZE // max(FULL_SIZE, len(number))
    return Value(shown.quantity, cut(shown.label, 2 * LABEL_LONGEST), number, shown.symbol, 72, size)


def other_value(shown: Shown, place: int) -> Value:
    """Place a value of the row below, by its position from the left."""
    label, number = cut(shown.label, LABEL_LONGEST), cut(shown.number, OTHER_LONGEST)
    return Value(shown.quantity, label, number, shown.symbol, 72 + 270 * place, 48)


def day_of(right: ShareRight, station: Station, name: str, system: str) -> Day:
    """Draw the values of the last 24 hours in a box of 440 by 190; a text has no line."""
    found = queries.chart(station, [name], span_shown(station, right.share, "24h")) if name in station.numbers else None
    column = found.columns[name].value if found and name in found.columns else []
    points = [(t, value) for t, value in zip(found.t, column, strict=True) if value is not None] if found else []
    if not points:
        return Day("", "", "")
    low, high = min(value for _, value in points), max(value for _, value in points)
    spread, middle = max(high - low, least_span(name, size=max(abs(low), abs(high)))) or 1.0, (high + low) / 2
    box = Box(points[0][0], points[-1][0], middle - spread / 2, middle + spread / 2, LINE_WIDTH, LINE_HEIGHT)
    display = station.display(name, system)
    return Day(polyline(split(points, least=GAP * STEP_S), box).line, display.text(low), display.text(high))


def cut(text: str, most: int) -> str:
    """Shorten a text, and leave out what XML cannot have."""
    plain = "".join(each for each in text if each.isprintable())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"
