"""The bands of a chart, what is usual and what is allowed: how far its axis follows them, and their words.

`js/words/band-words.js` has the same functions. A week is (start, end, low, high), in epoch seconds and a unit.
"""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext

Week = tuple[float, float, float, float]


def reach(low: float, high: float, levels: Sequence[float]) -> tuple[float, float]:
    """Widen the extremes of what is drawn to the levels that are no further away than they are apart.

    The readings keep at least a third of the axis; a level beyond it is told in words.
    """
    size = high - low
    near = [level for level in levels if low - size <= level <= high + size]
    return min([low, *near]), max([high, *near])


def areas(weeks: Sequence[Week], start: float, end: float) -> list[Week]:
    """Cut weeks to a span."""
    cut = [(max(begin, start), min(until, end), low, high) for begin, until, low, high in weeks]
    return [each for each in cut if each[0] < each[1]]


def years_words(years: Sequence[int]) -> str:
    """Name years: 2021, 2023–2025."""
    ordered = sorted(set(years))
    breaks = [0, *(place for place, pair in enumerate(pairwise(ordered), 1) if pair[1] - pair[0] > 1), len(ordered)]
    runs = [ordered[first:last] for first, last in pairwise(breaks)]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs if run)


def week_words(is_now: bool, is_one: bool) -> str:
    """Say which week of a span is told: the newest one."""
    if is_now:
        return gettext("this week")
    return gettext("that week") if is_one else gettext("its last week")


def usual_sentence(amounts: str, which: str) -> str:
    """Say what is usual: `amounts` are two ends with their unit."""
    return gettext("Usual for {week}: {amounts}.").format(week=which, amounts=amounts)


def usual_key(amounts: str, which: str, is_one: bool, years: str) -> str:
    """Return the legend of the usual range, which names its years."""
    if is_one:
        said = gettext("Usual for {week}: {amounts}, 10 to 90\u00a0% of its hours in {years}")
        return said.format(week=which, amounts=amounts, years=years)
    said = gettext("Usual, week by week: 10 to 90\u00a0% of the hours of the same weeks in {years}")
    return said.format(years=years)


def allowed_words(low: str, high: str) -> str:
    """Return the legend of the allowed band; an end may be missing. `high` has its unit, and `low` if it is alone."""
    if not low:
        return gettext("Allowed: up to {high}").format(high=high)
    if not high:
        return gettext("Allowed: from {low}").format(low=low)
    return gettext("Allowed: {low} to {high}").format(low=low, high=high)
