"""Tool: which values of a span are flagged or excluded, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated, Any, Final

from pydantic import Field

from sensorfusion.clients.python.sensorfusion_reader import Reading
from sensorfusion.domain.quality_checks import effective, read
from sensorfusion.domain.quality_over_time import NEIGHBOUR_WITHIN_S, longest_flat_s
from sensorfusion.mcp.answers import Answer, CannotAnswer, at, clean
from sensorfusion.mcp.parameters import Sensor, Skip, SpanText
from sensorfusion.mcp.platform import Platform, Station
from sensorfusion.mcp.reasons import CLOCK, Reasons
from sensorfusion.mcp.spans import Span
from sensorfusion.mcp.tools.present import flag_word

READINGS_MOST: Final = 20_000  # two pages of the API, and a second of work
EITHER_SIDE: Final = timedelta(seconds=NEIGHBOUR_WITHIN_S + 60)
AnyQuantity = Annotated[str, Field(max_length=64, description="One quantity; empty: all of the sensor.")]


def why_flagged(
    platform: Platform, sensor: Sensor, span: SpanText, quantity: AnyQuantity = "", skip: Skip = 0
) -> Answer:
    """Return the suspect, bad and excluded values of a span, with the limit or check that each of them fails.

    Bad and excluded values are left out of series, figures and records; suspect ones count.
    """
    station = platform.station(sensor)
    name, when = station.quantity(quantity) if quantity else "", platform.span(span, station)
    reasons = _reasons(platform, station, when)
    exclusions = [each for each in platform.get(station, "exclusions") if not each["restored_at"]]
    found = [
        (reading, each, flag, why)
        for place, reading in enumerate(reasons.readings)
        if when.start <= reading.observed_at < when.end
        for each, flag, why in _doubts(reading, place, reasons, exclusions)
        if name in ("", each)
    ]
    return {
        **station.about,
        "quantity": name or "all",
        "from": at(when.start, station.zone),
        "to": at(when.end, station.zone),
        "n": sum(1 for each in reasons.readings if when.start <= each.observed_at < when.end and _has(each, name)),
        "resolution": "single readings",
        "flags": dict(Counter(flag for _, _, flag, _ in found)),
        "columns": ["at", "quantity", "value", "unit", "flag", "why"],
        "rows": [_row(station, *each) for each in found],
    }


def _reasons(platform: Platform, station: Station, when: Span) -> Reasons:
    """Read the readings of the span with those before and after that the checks look at."""
    checks = effective(read(platform.get(station, "quality")["own"]))
    before = timedelta(seconds=longest_flat_s(checks)) + EITHER_SIDE
    wanted = platform.reader.readings(station.id, start=when.start - before, end=when.end + EITHER_SIDE)
    readings = list(islice(wanted, READINGS_MOST + 1))
    if len(readings) > READINGS_MOST:
        raise CannotAnswer(f"There are more than {READINGS_MOST:,} readings in and before it: name a shorter span.")
    return Reasons(sorted(readings, key=lambda each: each.observed_at), checks)


def _doubts(
    reading: Reading, place: int, reasons: Reasons, exclusions: list[Mapping[str, Any]]
) -> Iterator[tuple[str, str, list[str]]]:
    for name, flag in reading.flags.items():
        if name == CLOCK or name in reading.values:
            yield name, flag_word(flag), reasons.of(place, name)
    for name in reading.excluded:
        yield name, "excluded", [_said(each) for each in exclusions if _covers(each, name, reading.observed_at)]


def _covers(exclusion: Mapping[str, Any], name: str, instant: datetime) -> bool:
    start, end = (datetime.fromisoformat(exclusion[each]) for each in ("start", "end"))
    return exclusion["quantity"] in (None, name) and start <= instant < end


def _said(exclusion: Mapping[str, Any]) -> str:
    return f"excluded by an editor, who wrote: {clean(exclusion['reason'])}"


def _has(reading: Reading, name: str) -> bool:
    return not name or name in reading.values


def _row(station: Station, reading: Reading, name: str, flag: str, why: list[str]) -> list[object]:
    value = reading.values.get(name)
    shown = clean(value) if isinstance(value, str) else value
    return [at(reading.observed_at, station.zone), clean(name), shown, station.unit(name), flag, "; ".join(why)]
