"""The last seven days of the main strip, a row for each, and a table with the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext, pgettext

from sensorfusion.domain.quantities.spans import Span, Spans
from sensorfusion.readings.rollups.buckets import instant
from sensorfusion.reports import words
from sensorfusion.reports.kinds import span_words
from sensorfusion.reports.kinds.span_words import Vocabulary
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.dates import short_weekday
from sensorfusion.web.values.display import NOTHING

DAYS: Final = 7
MOST_SPANS: Final = 150  # in the row of one day
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Piece:
    x: str
    width: str
    look: str


@dataclass(frozen=True, slots=True)
class Day:
    """`known` is the share of the day that anything is known of, as drawn pieces; `iso` is the day's address."""

    label: str
    iso: str
    known: list[Piece]
    pieces: list[Piece]
    until: str
    count: str
    total: str
    longest: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Week:
    title: str
    heads: list[str]
    days: list[Day]


def week(station: Station, spans: Spans, vocabulary: Vocabulary, told: Sequence[str], looks: dict[str, str]) -> Week:
    """Build the week of the spans in the states `told`, such as those outside a band."""
    word = _either([vocabulary.word(each) for each in told])
    days = [_day(station, spans, told, looks, back) for back in range(DAYS)]
    heads = [
        gettext("Day"),
        pgettext("week", "Times {state}").format(state=word),
        pgettext("length", "In all"),
        pgettext("length", "Longest"),
        gettext("No data"),
    ]
    return Week(gettext("Seven days: {state}").format(state=word), heads, [each for each in days if each])


def _either(words: Sequence[str]) -> str:
    first, *others = words
    return gettext("{first} or {second}").format(first=first, second=others[0]) if others else first


def _day(station: Station, spans: Spans, told: Sequence[str], looks: dict[str, str], back: int) -> Day | None:
    day = station.today - back * _DAY
    start, end = (station.calendar.begin(day + each * _DAY).timestamp() for each in range(2))
    until = min(end, station.now.timestamp())
    found = spans.between(max(start, spans.start), until)
    if not found.spans:
        return None
    scale = end - start
    out = found.of(*told)
    longest = found.longest(*told)
    unknown_s = until - start - found.known_s
    return Day(
        label=f"{short_weekday(day)} {words.day(station.calendar.begin(day).astimezone(station.zone))}",
        iso=day.isoformat(),
        known=[_piece(each, start, scale, "off") for each in _known(found.spans)],
        pieces=[_piece(each, start, scale, looks.get(each.state, "on")) for each in _longest(out)],
        until=f"{(until - start) / scale * 100:.2f}%",
        count=str(sum(found.times(each) for each in told)),
        total=span_words.duration(found.total_s(*told)) if out else NOTHING,
        longest=_longest_text(station, longest),
        unknown=span_words.duration(unknown_s) if unknown_s >= span_words.UNKNOWN_S else NOTHING,
    )


def _longest_text(station: Station, span: Span | None) -> str:
    if span is None:
        return NOTHING
    start = words.clock(instant(span.start).astimezone(station.zone))
    return gettext("{length} from {time}").format(length=span_words.duration(span.length_s), time=start)


def _piece(span: Span, start: float, scale: float, look: str) -> Piece:
    return Piece(f"{(span.start - start) / scale * 100:.2f}%", f"{span.length_s / scale * 100:.2f}%", look)


def _longest(spans: Sequence[Span]) -> list[Span]:
    kept = sorted(spans, key=lambda each: -each.length_s)[:MOST_SPANS]
    return sorted(kept, key=lambda each: each.start)


def _known(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for each in spans:
        if found and each.start - found[-1].end < 1e-6:
            found[-1] = Span("", found[-1].start, each.end)
        else:
            found.append(Span("", each.start, each.end))
    return found[:MOST_SPANS]
