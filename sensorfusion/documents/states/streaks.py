"""Streaks of a state, and records of a month beside those of its year."""

from collections.abc import Iterator

from django.utils.translation import gettext

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
        found = [
            (gettext("Longest {state}").format(state=word(each)), figures.spans.longest(each))
            for each in figures.states
        ]
        return [Streak(label, _from(station, figures, span)) for label, span in found if span]
    yes, no = figures.told.yes_word, figures.told.no_word
    days = gettext("Longest run of days {state}").format(state=yes)
    never = gettext("Longest run of days never {state}").format(state=yes)
    runs = [
        (days, longest(figures.days, lambda day: bool(day.times(*figures.states)))),
        (never, longest(figures.days, is_quiet)),
    ]
    rest = max(closed_of(figures), key=lambda each: each.length_s, default=None)
    of = gettext("Longest {state}")
    spans = [(of.format(state=yes), figures.longest), (of.format(state=no), rest)]
    return [
        *(Streak(label, run_words(run)) for label, run in runs if run),
        *(Streak(label, _from(station, figures, span)) for label, span in spans if span),
        *_ends(station, figures),
    ]


def _from(station: Station, figures: StateFigures, span: Span) -> str:
    return gettext("{duration}, from {day} {time}").format(
        duration=duration(span.length_s), day=dated(figures.day_of(span.start)), time=clock_of(station, span.start)
    )


def _ends(station: Station, figures: StateFigures) -> Iterator[Streak]:
    days = [day for day in figures.days if day.begun]
    if len(days) < 2:
        return
    early = min(days, key=lambda day: day.begun[0] - day.begin)
    late = max(days, key=lambda day: day.begun[-1] - day.begin)
    ends = ((gettext("Earliest of a day"), early, early.begun[0]), (gettext("Latest of a day"), late, late.begun[-1]))
    for label, day, at in ends:
        yield Streak(label, f"{clock_of(station, at)}, {dated(day.day)}")


def records(station: Station, month: StateFigures, year: StateFigures) -> Records | None:
    """Compare a month with its year, as both were at the end of the month; None if there is nothing to compare."""
    if not month.told.is_boolean or not month.times:
        return None
    both, word = (month, year), month.told.yes_word
    most = gettext("Most times {state} on a day").format(state=word)
    total = gettext("{state} on a day").format(state=capital(word))
    rows = [
        Row(most, [_most(each, month) for each in both]),
        Row(total, [_total(each, month) for each in both]),
        Row(gettext("Longest {state}").format(state=word), [_longest(each, month) for each in both]),
    ]
    return Records([month.period.short, f"{month.period.first.year}"], rows)


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
