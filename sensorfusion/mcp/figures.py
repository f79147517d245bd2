"""Figures of one quantity over a span, and how many of its readings are flagged."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from sensorfusion.clients.python.sensorfusion_reader import PAGE_READINGS
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import EXTRA_DECIMALS, rounded
from sensorfusion.mcp.answers import Answer, at, without_nothing
from sensorfusion.mcp.platform import Platform, Station
from sensorfusion.mcp.spans import Span
from sensorfusion.mcp.tools.present import flag_word

FEWEST_POINTS: Final = 10  # that the API takes
_FIGURES: Final = {"mean": "mean", "low": "min", "high": "max", "total": "total", "deviation": "deviation"}


def explored(
    platform: Platform, station: Station, name: str, span: Span, *, points: int = FEWEST_POINTS, resolution: str = ""
) -> Mapping[str, Any]:
    """Return the series of a quantity with its figures, as Explore has them; `resolution` is that of the rows."""
    asked = {"series": f"{station.id}:{name}", "from": span.start.isoformat(), "to": span.end.isoformat()}
    asked |= {"points": str(points), "figures": "1"} | ({"resolution": resolution} if resolution else {})
    said = platform.reader.get("/explore/", asked)
    return {**said["series"][0], "resolution": said["resolution"]}


def figures(platform: Platform, station: Station, name: str, span: Span, found: Mapping[str, Any]) -> Answer:
    """Return what an answer says of a span: its ends, the number of readings, the figures that are known, flags."""
    told = found["figures"]
    entry = quantity(name)
    known = {} if entry.combine == "vector" else {ours: told[theirs] for theirs, ours in _FIGURES.items()}
    n, flags = _counted(platform, station, name, span)
    return {
        "from": at(span.start, station.zone),
        "to": at(span.end, station.zone),
        "n": n if told["count"] is None else told["count"],
        **{each: rounded(value, entry.decimals + EXTRA_DECIMALS) for each, value in known.items() if value is not None},
        **without_nothing({"coverage": told["coverage"] and round(told["coverage"], 3)}),
        "flags": flags,
    }


def _counted(platform: Platform, station: Station, name: str, span: Span) -> tuple[int | None, Answer | str]:
    """Count the good readings of a quantity and those that are not, if there are few enough to look through."""
    if name in station.latest.derived:
        return None, "derived: see those of the quantities that it is computed from"
    page = platform.get(
        station, "readings", start=span.start.isoformat(), end=span.end.isoformat(), limit=PAGE_READINGS
    )
    if page["next"]:
        return None, f"not counted, because there are more than {PAGE_READINGS:,} readings: ask for a shorter span"
    words = [list(flag_words(reading, name)) for reading in page["readings"] if name in reading["values"]]
    return sum(not {"bad", "excluded"} & set(each) for each in words), dict(Counter(chain.from_iterable(words)))


def flag_words(reading: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield "suspect", "bad" or "excluded" where they are true of a value of a reading."""
    if flag := (reading.get("flags") or {}).get(name):
        yield flag_word(flag)
    if name in (reading.get("excluded") or ()):
        yield "excluded"
