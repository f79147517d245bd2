"""What a report of a state says: its summary in prose, its main figure, and those below it."""

from collections.abc import Sequence
from datetime import datetime

from sensorfusion.documents.facts import Fact, Lead
from sensorfusion.documents.states.figures import StateDay, StateFigures, changes, closed_of
from sensorfusion.documents.streaks import dated
from sensorfusion.domain.quantities.spans import Span
from sensorfusion.readings.rollups.buckets import instant
from sensorfusion.reports.kinds.span_words import UNKNOWN_S, duration, share, times
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.clock import clock
from sensorfusion.web.values.display import NBSP, NOTHING


def prose(station: Station, figures: StateFigures) -> str:
    """Write the summary; without any reading it says that."""
    if not figures.has_readings:
        return f"No readings are stored of {figures.period.title}."
    told = _opened(station, figures) if figures.told.is_boolean else _changed(figures)
    return " ".join([told, *_unknown(figures)])


def _opened(station: Station, figures: StateFigures) -> str:
    word, count, longest = figures.told.yes, figures.times, figures.longest
    if not count or longest is None:
        return f"Never {word}."
    when = f"{_on(figures, longest)}from {clock_of(station, longest.start)}"
    if count == 1:
        return f"{capital(word)} once, {duration(figures.total_s)}, {when}."
    days = [day for day in figures.days if day.times(*figures.states)]
    on = "" if figures.period.sort == "day" else f" on {len(days)} {'day' if len(days) == 1 else 'days'}"
    lasted = f"{duration(figures.total_s)} in all, longest {duration(longest.length_s)} {when}."
    return f"{capital(word)} {count} times{on}; {lasted}{_busiest(days, figures)}"


def _on(figures: StateFigures, span: Span) -> str:
    day = figures.day_of(span.start)
    return "" if figures.period.sort == "day" else f"on {day.day} {day:%B} "


def _busiest(days: Sequence[StateDay], figures: StateFigures) -> str:
    if len(days) < 2:
        return ""
    counts = [day.times(*figures.states) for day in days]
    most = max(counts)
    if counts.count(most) > 1:
        return ""
    return f" {capital(dated(days[counts.index(most)].day))} had the most, {most}."


def _changed(figures: StateFigures) -> str:
    spans, word = figures.spans, figures.told.vocabulary.word
    first, *others = [
        f"{word(each)} {duration(spans.total_s(each))} ({share(spans.total_s(each), spans.known_s)})"
        if spans.known_s
        else word(each)
        for each in figures.states
    ]
    count = changes(spans)
    moved = "It did not change." if not count else f"It changed {times(count)}."
    return f"{capital(', '.join([first, *others]))}. {moved}"


def _unknown(figures: StateFigures) -> list[str]:
    silent = sum(not day.has_readings and not day.is_future for day in figures.days)
    told = []
    if silent:
        told.append(f"{silent} {'day has' if silent == 1 else 'days have'} no readings.")
    if figures.unknown_s >= UNKNOWN_S:
        told.append(f"Nothing is known of {duration(figures.unknown_s)} in all.")
    return told


def lead_of(figures: StateFigures) -> Lead:
    """Return how often it was so, or the share of the state that lasted longest."""
    if figures.told.is_boolean:
        number = str(figures.times) if figures.has_readings else NOTHING
        return Lead(number, "", "", f"Times {figures.told.yes}")
    if not figures.spans.known_s:
        return Lead(NOTHING, "", "", "Share of the time")
    state = figures.states[0]
    told = share(figures.spans.total_s(state), figures.spans.known_s).removesuffix(f"{NBSP}%")
    return Lead(told, "%", "", f"Of the time {figures.told.vocabulary.word(state)}")


def facts_of(station: Station, figures: StateFigures) -> list[Fact]:
    """Return the figures under the summary."""
    if not figures.has_readings:
        return []
    spans, word = figures.spans, figures.told.vocabulary.word
    if not figures.told.is_boolean:
        return [
            Fact(capital(word(each)), duration(spans.total_s(each)), "", times(spans.times(each)))
            for each in figures.states
        ]
    part = f"{share(figures.total_s, spans.known_s)} of the time that is known" if spans.known_s else ""
    rest = max(closed_of(figures), key=lambda each: each.length_s, default=None)
    return [
        Fact(f"{capital(figures.told.yes)} in all", duration(figures.total_s), "", part),
        *_longest(station, figures, f"Longest {figures.told.yes}", figures.longest),
        *_longest(station, figures, f"Longest {figures.told.no}", rest),
        *_most(figures),
    ]


def _longest(station: Station, figures: StateFigures, label: str, span: Span | None) -> list[Fact]:
    if span is None:
        return []
    day = figures.day_of(span.start)
    return [Fact(label, duration(span.length_s), "", f"{day:%a} {dated(day)}, {clock_of(station, span.start)}")]


def _most(figures: StateFigures) -> list[Fact]:
    if figures.period.sort == "day" or not figures.times:
        return []
    most = max(figures.days, key=lambda day: day.times(*figures.states))
    return [Fact("Most on a day", times(most.times(*figures.states)), "", f"{most.day:%a} {dated(most.day)}")]


def coverage_of(figures: StateFigures) -> str:
    """Say of how many hours the state is known; nothing is rounded up."""
    known, so_far = figures.spans.known_s, figures.so_far_s
    part = int(known / so_far * 1000 + 1e-6) / 10 if so_far else 0.0
    return f"known for {int((known + 1e-3) / 3600)} of {int(so_far / 3600)} hours, {part:g}{NBSP}%"


def clock_of(station: Station, at: float) -> str:
    """Format the time of day of an instant, in the site's time."""
    return clock(local(station, at))


def local(station: Station, at: float) -> datetime:
    return instant(at).astimezone(station.zone)


def capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
