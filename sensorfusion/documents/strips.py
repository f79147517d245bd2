"""Counted days as strips of squares, and the form that chooses other thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from sensorfusion.documents.counted import Counted, plain, words
from sensorfusion.documents.figures import Figures
from sensorfusion.documents.shown import Shown
from sensorfusion.documents.streaks import dated
from sensorfusion.web.looks import inside
from sensorfusion.web.values.numbers import localised

SQUARES_MOST: Final = 62  # days for which a row of squares can be read


@dataclass(frozen=True, slots=True)
class Strip:
    """Counted days as a row of squares, one a day: its place and whether it is "on", "off", or "none" (no readings)."""

    label: str
    condition: str
    hue: str
    squares: list[tuple[str, str]]
    count: int
    said: str


@dataclass(frozen=True, slots=True)
class Field:
    """A threshold of the form that chooses other ones."""

    name: str
    label: str
    unit: str
    value: str
    sense: str


@dataclass(frozen=True, slots=True)
class Strips:
    """`none` are the classes without a day, in words; `square` is the width of a square."""

    strips: list[Strip]
    none: list[str]
    fields: list[Field]
    square: str


def strips_of(classes: Sequence[Counted], figures: Figures, shown: Shown) -> Strips:
    """Draw the classes that have days; the others are words, unless the reader chose their threshold."""
    return Strips(
        [_strip(each, figures, shown) for each in classes if each.days or each.is_changed],
        [
            f"{inside(gettext(each.threshold.label))} ({words(each.threshold, shown.parts[each.threshold.part])})"
            for each in classes
            if not each.days and not each.is_changed
        ],
        _fields(classes, shown),
        square_of(len(figures.days)),
    )


def square_of(days: int) -> str:
    """Return the width of a square, of so many in a row."""
    return f"{82 / days:.2f}%"


def said_on(days: str) -> str:
    """Say on which days it was, for those who cannot see the squares."""
    return gettext("on {days}").format(days=days) if days else gettext("on no day")


def _strip(counted: Counted, figures: Figures, shown: Shown) -> Strip:
    threshold, many = counted.threshold, len(figures.days)
    marked = set(counted.days)
    squares = [
        (f"{place / many * 100:.2f}%", "on" if day.day in marked else "off" if day.has_readings else "none")
        for place, day in enumerate(figures.days)
    ]
    said = ", ".join(dated(day) for day in counted.days)
    condition = words(threshold, shown.parts[threshold.part])
    return Strip(
        gettext(threshold.label),
        condition,
        threshold.hue,
        squares if many <= SQUARES_MOST else [],
        len(counted.days),
        said_on(said),
    )


def _fields(classes: Sequence[Counted], shown: Shown) -> list[Field]:
    return [
        Field(
            each.threshold.name,
            gettext(each.threshold.label),
            shown.parts[each.threshold.part].symbol,
            localised(plain(each.threshold, shown.parts[each.threshold.part])),
            each.threshold.sense,
        )
        for each in classes
    ]
