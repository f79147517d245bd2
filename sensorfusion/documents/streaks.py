"""Streaks and steps of a period: the longest dry and wet spells, runs of frost, the widest day, the steepest steps."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Protocol, TypeVar

from django.utils.translation import gettext, ngettext

from sensorfusion.documents.figures import TEMPERATURE, Day, Figures
from sensorfusion.web.values import dates
from sensorfusion.web.values.display import Display

DRY_BELOW: Final = 0.2  # mm: a day with less is dry


class Dated(Protocol):
    """The figures of a day."""

    @property
    def day(self) -> date: ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive days, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Streak:
    label: str
    text: str


def longest(days: Sequence[D], holds: Callable[[D], bool]) -> Run | None:
    """Return the first of the longest runs of days that hold; a day without a value ends a run."""
    best: Run | None = None
    begin: date | None = None
    for day in days:
        begin = (begin or day.day) if holds(day) else None
        if begin and (best is None or (day.day - begin).days + 1 > best.days):
            best = Run(begin, day.day)
    return best


def streaks(figures: Figures, *, shown: Display) -> list[Streak]:
    """Return the streaks of the quantities that the sensor has."""
    days = figures.days
    found: list[tuple[str, Run | None]] = []
    if figures.rain is not None:
        found.append((gettext("Longest dry spell"), longest(days, _is_dry)))
        found.append((gettext("Longest wet spell"), longest(days, _is_wet)))
    if figures.main == TEMPERATURE:
        frost = longest(days, lambda day: day.low is not None and day.low < 0)
        mild = longest(days, lambda day: day.low is not None and day.low >= 0)
        found += [(gettext("Longest run of frost"), frost), (gettext("Longest run without frost"), mild)]
    runs = [Streak(label, run_words(run)) for label, run in found if run]
    return [*runs, *_steps(days, shown)]


def _is_dry(day: Day) -> bool:
    return day.rain is not None and day.rain < DRY_BELOW


def _is_wet(day: Day) -> bool:
    return day.rain is not None and day.rain >= DRY_BELOW


def run_words(run: Run) -> str:
    """Format how long a run was, and its days."""
    days = dated(run.first) if run.days == 1 else between(run.first, run.last)
    return ngettext("{count} day, {days}", "{count} days, {days}", run.days).format(count=run.days, days=days)


def _steps(days: Sequence[Day], shown: Display) -> Iterable[Streak]:
    wide = [(day.high - day.low, day.day) for day in days if day.high is not None and day.low is not None]
    if wide:
        width, day = max(wide, key=lambda each: each[0])
        yield Streak(gettext("Widest day"), f"{shown.size(width)}, {dated(day)}")
    steps = [
        (after.mean - before.mean, before.day, after.day)
        for before, after in pairwise(days)
        if before.mean is not None and after.mean is not None
    ]
    for label, sign in ((gettext("Steepest rise, day to day"), 1), (gettext("Steepest fall, day to day"), -1)):
        if steps:
            by, first, last = max(steps, key=lambda each: sign * each[0])
            if by * sign > 0:
                yield Streak(label, f"{shown.size(by)}, {between(first, last)}")


def dated(day: date) -> str:
    """Format a day of a report: 27 Nov."""
    return dates.day_of_month(day)


def between(first: date, last: date) -> str:
    """Format a few days: 3–7 Nov, 30 Nov – 2 Dec."""
    if (first.year, first.month) == (last.year, last.month):
        return gettext("{first}–{last}").format(first=first.day, last=dated(last))
    return f"{dated(first)} \N{EN DASH} {dated(last)}"
