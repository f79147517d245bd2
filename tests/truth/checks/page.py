"""The report page against the readings: every figure that it states, and none that nothing explains."""

from collections.abc import Iterator
from typing import Final

from tests.truth.checks.differences import first
from tests.truth.page import against, charts, facts, hero, record, sky, tiles, wind, year
from tests.truth.page.known import Known
from tests.truth.page.said import Claims
from tests.truth.page.scraped import scraped
from tests.truth.station import WHERE, Station

RANGES: Final = ("1h", "6h", "24h", "7d", "30d", "1y")
PARTS: Final = (hero, tiles, charts, record, wind, against, year, sky, facts)


def differences(station: Station, span: str, *, of: str = "") -> list[str]:
    """Return the differences of a page of one range, or of the part of it whose figures begin with a name."""
    return first(_differences(station, span, of))


def _differences(station: Station, span: str, of: str) -> Iterator[str]:
    said, true = scraped(station.page(span)), claims(station, span)
    for name in sorted(each for each in said.keys() | true.keys() if each.startswith(of)):
        if said.get(name) is None or said[name] not in true.get(name, ()):
            told = " or ".join(sorted(true.get(name, ("nothing",)))[:4])
            yield f"report of {span}, {name}: the platform says {said.get(name)!r}, the readings {told!r}"


def claims(station: Station, span: str) -> Claims:
    """Return what the page of one range must state, by the readings."""
    known = Known(
        station.readings, station.kept, station.excluded, station.buckets, WHERE, station.now.timestamp(), span
    )
    return {name: said for part in PARTS for name, said in part.claims(known)}


def ranges(station: Station, *, is_all: bool) -> tuple[str, ...]:
    """Return all ranges of the page, or one for each case, so that each range is seen in several."""
    return RANGES if is_all else (RANGES[sum(station.case.name.encode()) % len(RANGES)],)
