"""The strip of a quantity's states today: named spans, a sentence, and a table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext, pgettext
from msgspec.json import encode

from sensorfusion.domain.quantities.spans import Span, Spans, lasting
from sensorfusion.domain.quantities.spans import states as by_length
from sensorfusion.domain.quantities.states import NO_YES, states_of, words_of
from sensorfusion.readings.charts.states import states, zones
from sensorfusion.readings.rollups.buckets import instant
from sensorfusion.reports import words
from sensorfusion.reports.kinds import span_words
from sensorfusion.reports.kinds.span_words import Vocabulary
from sensorfusion.reports.kinds.week import Week, week
from sensorfusion.reports.kinds.zones import Zones
from sensorfusion.reports.queries import Station

BACK: Final = timedelta(days=7)  # a state that began earlier began "or earlier"
MOST_SPANS: Final = 200  # in a drawing, in its table, and in the data of the script
NAMED_FROM: Final = 14.0  # per cent of the strip that hold a word


@dataclass(frozen=True, slots=True)
class Block:
    """Where a span is drawn, in per cent of the day; `look` is its class, `word` is written inside."""

    x: str
    width: str
    look: str
    title: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    cells: list[str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Strip:
    quantity: str
    label: str
    hue: str
    known: list[Block]
    blocks: list[Block]
    until: str
    ticks: list[tuple[str, str]]
    headline: str
    sentence: str
    heads: list[str]
    rows: list[Row]
    week: Week | None
    script: str  # empty if there are too many spans for the script to continue them


def strip_of_state(station: Station, name: str) -> Strip | None:
    """Return the strip of a text or a boolean, None if nothing is known of it."""
    start, end = station.ago(BACK), station.end
    found = states(sensor=station.sensor.pk, name=name, start=start, end=end, interval_s=station.interval_s)
    is_boolean = isinstance(station.newest.values.get(name), bool)
    if not is_boolean:
        return _strip(station, name, found, Vocabulary({}), None)
    no, yes = words_of(states_of(name) or NO_YES)
    return _strip(station, name, found, Vocabulary({"false": no, "true": yes}, only="true"), None)


def strip_of_zones(station: Station, name: str, among: Zones, system: str) -> Strip | None:
    """Return the strip of a number below, within and above two limits."""
    found = zones(
        sensor=station.sensor.pk,
        name=name,
        low=among.low,
        high=among.high,
        start=station.ago(BACK),
        end=station.end,
        interval_s=station.interval_s,
    )
    return _strip(station, name, found, among.vocabulary, among, system=system)


def _strip(
    station: Station, name: str, found: Spans, vocabulary: Vocabulary, among: Zones | None, *, system: str = ""
) -> Strip | None:
    if not found.spans:
        return None
    day_start, now = station.day_start.timestamp(), station.now.timestamp()
    day_end = station.calendar.begin(station.today + timedelta(days=1)).timestamp()
    so_far = lasting(found, now)
    day = so_far.between(day_start, now)
    scale = _Scale(day_start, day_end)
    order = list(among.order) if among else by_length(day.spans)
    newest, looking = so_far.spans[-1], station.looks(name)
    return Strip(
        quantity=name,
        label=looking.label,
        hue=looking.hue,
        known=[Block(*scale.place(each), "off", "") for each in _joined(day.spans)],
        blocks=[_block(station, scale, each, vocabulary, order, among) for each in _drawn(day, vocabulary, order)],
        until=scale.width(day_start, now),
        ticks=_ticks(station, scale),
        headline=_headline(station, so_far, newest, vocabulary, is_current=so_far is not found),
        sentence=span_words.today(day, order[: span_words.MOST_NAMED], vocabulary, now - day_start),
        heads=_heads(has_extremes=among is not None),
        rows=_rows(station, day, so_far is not found, vocabulary, among, system),
        week=_week(station, so_far, vocabulary, among),
        script=_script(found, day_start, vocabulary, among),
    )


def _heads(*, has_extremes: bool) -> list[str]:
    heads = [pgettext("span", "From"), pgettext("span", "To"), pgettext("span", "For"), gettext("State")]
    return [*heads, gettext("Lowest"), gettext("Highest")] if has_extremes else heads


@dataclass(frozen=True, slots=True)
class _Scale:
    start: float
    end: float

    def at(self, instant_s: float) -> str:
        return f"{(instant_s - self.start) / (self.end - self.start) * 100:.2f}%"

    def width(self, start: float, end: float) -> str:
        return f"{max(0.0, end - start) / (self.end - self.start) * 100:.2f}%"

    def place(self, span: Span) -> tuple[str, str]:
        return self.at(span.start), self.width(span.start, span.end)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Return the times of which the state is known, however it changed in them."""
    found: list[Span] = []
    for each in spans:
        if found and each.start - found[-1].end < 1e-6:
            found[-1] = Span("", found[-1].start, each.end)
        else:
            found.append(Span("", each.start, each.end))
    return found[-MOST_SPANS:]


def _drawn(day: Spans, vocabulary: Vocabulary, order: Sequence[str]) -> list[Span]:
    """Return the spans that are not at rest; of too many the longest."""
    rest = _rest(vocabulary, order)
    found = [each for each in day.spans if each.state != rest]
    if len(found) > MOST_SPANS:
        found = sorted(found, key=lambda each: -each.length_s)[:MOST_SPANS]
    return sorted(found, key=lambda each: each.start)


def _rest(vocabulary: Vocabulary, order: Sequence[str]) -> str:
    """Return the state that is drawn pale: no, the band, or what lasted longest."""
    if vocabulary.only:
        return "false"
    return vocabulary.share or (order[0] if order else "")


def _block(
    station: Station, scale: _Scale, span: Span, vocabulary: Vocabulary, order: Sequence[str], among: Zones | None
) -> Block:
    x, width = scale.place(span)
    word = vocabulary.word(span.state)
    place = order.index(span.state) if span.state in order else 0
    look = among.looks[span.state] if among else "on" if vocabulary.only else f"k{min(place, 4)}"
    title = f"{word} {_clock(station, span.start)}–{_clock(station, span.end)}"
    is_named = not vocabulary.only and not among and float(width.rstrip("%")) >= NAMED_FROM
    return Block(x, width, look, title, word if is_named else "")


def _ticks(station: Station, scale: _Scale) -> list[tuple[str, str]]:
    """Return the marks of every six hours after the day's beginning, by the local clock."""
    start, hours = station.day_start, (0, 6, 12, 18, 24)
    begun = station.sensor.site.day_starts_h
    at = [start.replace(tzinfo=None) + timedelta(hours=each) for each in hours]
    placed = [scale.at(each.replace(tzinfo=station.zone).timestamp()) for each in at]
    return [
        (x, f"{(begun + each) % 24 if each < 24 or begun else 24:02d}:00")
        for x, each in zip(placed, hours, strict=True)
    ]


def _headline(station: Station, spans: Spans, newest: Span, vocabulary: Vocabulary, *, is_current: bool) -> str:
    before = spans.spans[-2] if len(spans.spans) > 1 else None
    return span_words.headline(
        vocabulary.word(newest.state),
        _since(station, newest.start),
        _since(station, newest.end),
        is_current=is_current,
        is_exact=before is not None and newest.start - before.end < 1e-6,
    )


def _rows(
    station: Station, day: Spans, is_current: bool, vocabulary: Vocabulary, among: Zones | None, system: str
) -> list[Row]:
    """Return the spans of today, newest first."""
    found = []
    for each in reversed(day.spans[-MOST_SPANS:]):
        is_open = is_current and each is day.spans[-1]
        until = gettext("now") if is_open else _clock(station, each.end)
        cells = [_clock(station, each.start), until, span_words.duration(each.length_s), vocabulary.word(each.state)]
        if among:
            cells += [among.shown(station, each.low, system), among.shown(station, each.high, system)]
        found.append(Row(cells, is_open))
    return found


def _week(station: Station, spans: Spans, vocabulary: Vocabulary, among: Zones | None) -> Week | None:
    """Return the week of what is not at rest; a text of many states has none."""
    if not among and not vocabulary.only:
        return None
    told = [each for each in among.order if among.looks[each] != "off"] if among else [vocabulary.only]
    return week(station, spans, vocabulary, told, dict(among.looks) if among else {})


def _script(found: Spans, day_start: float, vocabulary: Vocabulary, among: Zones | None) -> str:
    """Return what the script continues: the spans of today with the whole of the one at its beginning."""
    lately = [each for each in found.spans if each.end >= day_start]
    kept = (
        [*found.spans[len(found.spans) - len(lately) - 1 :][:1], *lately] if len(lately) < len(found.spans) else lately
    )
    if len(kept) > MOST_SPANS:
        return ""
    told: dict[str, Any] = {
        "spans": [[each.state, each.start, each.end, each.low, each.high] for each in kept],
        "longest": found.longest_s,
        "words": vocabulary.words,
        "only": vocabulary.only,
        "counted": vocabulary.counted,
        "share": vocabulary.share,
    }
    if among:
        told |= {"low": among.low, "high": among.high, "order": among.order, "looks": among.looks}
    return encode(told).decode()


def _clock(station: Station, at: float) -> str:
    return words.clock(instant(at).astimezone(station.zone))


def _since(station: Station, at: float) -> str:
    return words.since(instant(at).astimezone(station.zone), now=station.now)
