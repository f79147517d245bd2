"""Streaks of a state, and records of a month beside those of its year."""

from collections.abc import Iterator

from sensorfusion.documents.states.counted import is_quiet
from sensorfusion.documents.states.figures import StateDay, StateFigures, closed_of
from sensorfusion.documents.states.words import capital, clock_of
from sensorfusion.documents.streaks import Streak, dated, longest, run_words
from sensorfusion.domain.quantities.spans import Span
from sensorfusion.reports.kinds.span_words import duration, times
from sensorfusion.reports.queries import Station
from sensorfusion.reports.records import Record, Records, Row


def streaks(station: Station, figures: StateFigures) -> list[Streak]:
    """Return the longest spans of each state, and of a boolean runs of days and its earliest and latest beginning."""
    word = figures.told.vocabulary.word
    if not figures.told.is_boolean:
        found = [(f"Longest {word(each)}", figures.spans.longest(each)) for each in figures.states]
        return [Streak(label, _from(station, figures, span)) for label, span in found if span]
    yes, no = figures.told.yes, figures.told.no
    runs = [
        (f"Longest run of days {yes}", longest(figures.days, lambda day: bool(day.times(*figures.states)))),
        (f"Longest run of days never {yes}", longest(figures.days, is_quiet)),
    ]
    rest = max(closed_of(figures), key=lambda each: each.length_s, default=None)
    spans = [(f"Longest {yes}", figures.longest), (f"Longest {no}", rest)]
    return [
        *(Streak(label, run_words(run)) for label, run in runs if run),
        *(Streak(label, _from(station, figures, span)) for label, span in spans if span),
        *_ends(station, figures),
    ]


def _from(station: Station, figures: StateFigures, span: Span) -> str:
    return f"{duration(span.length_s)}, from {dated(figures.day_of(span.start))} {clock_of(station, span.start)}"


def _ends(station: Station, figures: StateFigures) -> Iterator[Streak]:
    days = [day for day in figures.days if day.begun]
    if len(days) < 2:
        return
    early = min(days, key=lambda day: day.begun[0] - day.begin)
    late = max(days, key=lambda day: day.begun[-1] - day.begin)
    for label, day, at in (("Earliest", early, early.begun[0]), ("Latest", late, late.begun[-1])):
        yield Streak(f"{label} of a day", f"{clock_of(station, at)}, {dated(day.day)}")


def records(station: Station, month: StateFigures, year: StateFigures) -> Records | None:
    """Compare a month with its year, as both were at the end of the month; None if there is nothing to compare."""
    if not month.told.is_boolean or not month.times:
        return None
    both = (month, year)
    rows = [
        Row(f"Most times {month.told.yes} on a day", [_most(each, month) for each in both]),
        Row(f"{capital(month.told.yes)} on a day", [_total(each, month) for each in both]),
        Row(f"Longest {month.told.yes}", [_longest(each, month) for each in both]),
    ]
    return Records([f"{month.period.first:%B}", f"{month.period.first.year}"], rows)


def _most(figures: StateFigures, month: StateFigures) -> Record:
    day = max(figures.days, key=lambda each: each.times(*figures.states))
    return _record(times(day.times(*figures.states)), day, month)


def _total(figures: StateFigures, month: StateFigures) -> Record:
    day = max(figures.days, key=lambda each: each.spans.total_s(*figures.states))
    return _record(duration(day.spans.total_s(*figures.states)), day, month)


def _longest(figures: StateFigures, month: StateFigures) -> Record | None:
    span = figures.longest
    if span is None:
        return None
    day = figures.day_of(span.start)
    return _record(duration(span.length_s), next(each for each in figures.days if each.day == day), month)


def _record(text: str, day: StateDay, month: StateFigures) -> Record:
    return Record(text, dated(day.day), day.day, is_new=month.period.first <= day.day <= month.period.last)
