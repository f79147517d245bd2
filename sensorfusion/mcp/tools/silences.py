"""Tool: when a sensor sent nothing, or nothing usable of a quantity."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from sensorfusion.domain import gaps as domain
from sensorfusion.mcp.answers import Answer, CannotAnswer, at, without_nothing
from sensorfusion.mcp.figures import explored, figures
from sensorfusion.mcp.parameters import Sensor, Skip, SpanText
from sensorfusion.mcp.platform import Platform, Station
from sensorfusion.mcp.tools.past import POINTS_MOST

WIDTHS: Final = {"raw": 0.0, "5m": 300.0, "1h": 3_600.0, "1d": 86_400.0}
OneQuantity = Annotated[str, Field(max_length=64, description="A quantity; empty: the sensor's main one.")]


def gaps(platform: Platform, sensor: Sensor, span: SpanText, quantity: OneQuantity = "", skip: Skip = 0) -> Answer:
    """Return the gaps of a sensor in a span: steps between readings that are over 2.5 times the usual ones around.

    Where there are too many single readings, the gaps are those between rows of `resolution`, and shorter ones are not
    seen. Bad and excluded values count as missing. `silent_at_the_end` is the time from the last reading to the end.
    """
    station = platform.station(sensor)
    name = station.quantity(quantity) if quantity else _first(station)
    when = platform.span(span, station)
    found = explored(platform, station, name, when, points=POINTS_MOST)
    width = WIDTHS[found["resolution"]]
    t = [each for each, value in zip(found["t"], found["value"], strict=True) if value is not None]
    pairs = [(t[place - 1] + width, t[place]) for place in domain.gaps(t, width_s=width)]
    until = min(when.end, platform.now()).timestamp()
    told = figures(platform, station, name, when, found)
    return {
        **station.about,
        "quantity": name,
        **{each: told[each] for each in ("from", "to", "n", "coverage", "flags") if each in told},
        "resolution": found["resolution"],
        **without_nothing({"first": _at(t[:1], station), "last": _at(t[-1:], station)}),
        **({"silent_at_the_end": duration(max(0.0, until - t[-1] - width))} if t else {}),
        "gaps": len(pairs),
        "missing": duration(sum(after - before for before, after in pairs)),
        "columns": ["from", "until", "length"],
        "rows": [
            [at(before, station.zone), at(after, station.zone), duration(after - before)] for before, after in pairs
        ],
    }


def duration(seconds: float) -> str:
    """Write a length of time exactly to the second: 2 d 3 h 0 min."""
    whole = round(seconds)
    parts = ((whole // 86_400, "d"), (whole // 3_600 % 24, "h"), (whole // 60 % 60, "min"), (whole % 60, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def _first(station: Station) -> str:
    numbers = [name for name, value in station.latest.values.items() if type(value) in (int, float)]
    if not numbers:
        raise CannotAnswer("The sensor has sent no number yet, so there are no gaps to be found.")
    primary = station.said["primary_quantity"]
    return primary if primary in numbers else numbers[0]


def _at(t: list[float], station: Station) -> str | None:
    return at(datetime.fromtimestamp(t[0], station.zone), station.zone) if t else None
