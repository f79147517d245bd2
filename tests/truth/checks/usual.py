"""What is usual for a week of the year, of `…/usual` and of the page's main chart, against the readings."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from itertools import pairwise
from typing import Any, Final

from tests.truth.checks.differences import first, instant, of_figures, of_values
from tests.truth.oracle.usual import Usual, usual
from tests.truth.page.said import numbers
from tests.truth.station import Station

NAME: Final = "temperature"
LENGTHS_S: Final[Mapping[str, int]] = {"24h": 86400, "7d": 604800, "30d": 2592000}
SLACK: Final = 0.006  # two decimals more than are shown
_BANDS: Final = re.compile(r'<sf-chart[^>]*\bid="chart-temperature"[^>]*\bdata-bands="([^"]*)"')
_SENTENCE: Final = re.compile(r"Usual for this week: ([−\d.]+) to ([−\d.]+)\s°C\.")
_KEY: Final = re.compile(r'<i data-look="usual"></i>\s*([^<]+)</span>')


def differences(station: Station) -> list[str]:
    """Return the differences of the answers and pages of a day, a week and a month."""
    return first(line for span in LENGTHS_S for line in _differences(station, span))


def expected(station: Station, span: str) -> list[Usual]:
    """Return what is usual in a range of the page, by the readings."""
    now = station.now.timestamp()
    return usual(station.buckets, NAME, now - LENGTHS_S[span], now)


def _differences(station: Station, span: str) -> Iterator[str]:
    true = expected(station, span)
    start = datetime.fromtimestamp(station.now.timestamp() - LENGTHS_S[span], UTC)
    said = station.get("usual", **{"quantity": NAME, "from": start.isoformat(), "to": station.now.isoformat()})
    told = [
        (_seconds(each["from"]), _seconds(each["to"]), each["low"], each["high"], each["years"])
        for each in said["weeks"]
    ]
    yield from _weeks(f"usual of {span}", told, true)
    page = station.page(span)
    found = _BANDS.search(page)
    bands = json.loads(unescape(found[1])) if found else {"weeks": []}
    yield from _weeks(f"report of {span}, usual", bands["weeks"], true)
    yield from _words(f"report of {span}, usual", page, true, station)


def _weeks(what: str, said: Sequence[Sequence[Any]], true: Sequence[Usual]) -> Iterator[str]:
    spans = [(instant(start), instant(end), list(years)) for start, end, _, _, years in said]
    yield from of_values(what, spans, [(instant(each.start), instant(each.end), list(each.years)) for each in true])
    for part, place in (("low", 2), ("high", 3)):
        told = {float(week[0]): week[place] for week in said}
        yield from of_figures(
            f"{what}, {part}", NAME, told, {each.start: getattr(each, part) for each in true}, slack=SLACK
        )


def _words(what: str, page: str, true: Sequence[Usual], station: Station) -> Iterator[str]:
    """Yield the differences of the sentence, which is of the week of now, and of the legend's years."""
    text = unescape(page).replace("\u00a0", " ")
    now = station.now.timestamp()
    current = [each for each in true if each.start <= now <= each.end]
    sentence = _SENTENCE.search(text)
    yield from of_values(f"{what}, has a sentence", bool(sentence), bool(current))
    if sentence and current:
        ends = zip(sentence.groups(), (current[0].low, current[0].high), strict=True)
        yield from (
            f"{what}, sentence: the platform says {said}, the readings {sorted(numbers(NAME, value))}"
            for said, value in ends
            if said not in numbers(NAME, value)
        )
    years = sorted({year for each in true for year in each.years})
    key = _KEY.search(text)
    named = key[1].strip().rpartition(" in ")[2] if key else ""
    yield from of_values(f"{what}, years of the legend", named, _named(years))


def _named(years: Sequence[int]) -> str:
    """Name years as runs: 2021, 2023–2025."""
    runs = [[year] for year in years[:1]]
    for before, year in pairwise(years):
        runs[-1].append(year) if year == before + 1 else runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
