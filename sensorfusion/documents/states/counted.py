"""Counted days of a boolean: with it, often, for long, and never. Readers may choose the limits, by the address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, pgettext

from sensorfusion.documents.states.figures import StateDay, StateFigures
from sensorfusion.documents.streaks import dated
from sensorfusion.documents.strips import SQUARES_MOST, Field, Strip, Strips, said_on, square_of
from sensorfusion.web.looks import inside

TIMES, MINUTES = "times", "minutes"
USUAL: Final[Mapping[str, int]] = {TIMES: 10, MINUTES: 60}
MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Class:
    """A class of days; `name` is that of its limit in the address, if it has one."""

    label: str
    condition: str
    holds: Callable[[StateDay], bool]
    name: str = ""


def limits(query: Mapping[str, str]) -> dict[str, int]:
    """Return the limits with those that an address chooses; what is no number is left as it was."""
    return {name: _limit(query.get(name, ""), usual) for name, usual in USUAL.items()}


def _limit(text: str, usual: int) -> int:
    text = text.strip()
    return min(max(int(text), 1), MOST) if text.isascii() and text.isdigit() and len(text) < 9 else usual


def classes(figures: StateFigures, chosen: Mapping[str, int]) -> list[Class]:
    """Return the classes of days of a boolean; a text has none."""
    if not figures.told.is_boolean or not figures.has_readings:
        return []
    yes, often, minutes = figures.states[0], chosen[TIMES], chosen[MINUTES]
    word = figures.told.yes_word
    in_all = gettext("{minutes} min or more in all").format(minutes=minutes)
    return [
        Class(gettext("Days {state}").format(state=word), gettext("once or more"), lambda day: day.times(yes) > 0),
        Class(
            gettext("Often"),
            gettext("{count} times or more").format(count=often),
            lambda day: day.times(yes) >= often,
            TIMES,
        ),
        Class(gettext("For long"), in_all, lambda day: day.spans.total_s(yes) >= minutes * 60, MINUTES),
        Class(gettext("Never {state}").format(state=word), gettext("of days known as a whole"), is_quiet),
    ]


def is_quiet(day: StateDay) -> bool:
    """Return whether a day is known as a whole, and nothing was told of it."""
    return day.has_readings and not day.is_partial and not day.begun and not day.spans.total_s("true")


def counted(figures: StateFigures, query: Mapping[str, str]) -> Strips:
    """Draw the classes that have days; the others are words, unless the reader chose their limit."""
    chosen = limits(query)
    found = [(each, [day for day in figures.days if each.holds(day)]) for each in classes(figures, chosen)]
    shown = [(each, days) for each, days in found if days or (each.name and chosen[each.name] != USUAL[each.name])]
    none = [f"{inside(each.label)} ({each.condition})" for each, days in found if (each, days) not in shown]
    fields = [
        Field(
            each.name,
            each.label,
            pgettext("unit", "times") if each.name == TIMES else "min",
            str(chosen[each.name]),
            "or more",
        )
        for each, _ in found
        if each.name
    ]
    return Strips([_strip(each, days, figures) for each, days in shown], none, fields, square_of(len(figures.days)))


def _strip(each: Class, days: list[StateDay], figures: StateFigures) -> Strip:
    many = len(figures.days)
    marked = {day.day for day in days}
    squares = [
        (f"{place / many * 100:.2f}%", "on" if day.day in marked else "off" if day.has_readings else "none")
        for place, day in enumerate(figures.days)
    ]
    said = ", ".join(dated(day.day) for day in days)
    return Strip(
        each.label,
        each.condition,
        figures.told.looks.hue,
        squares if many <= SQUARES_MOST else [],
        len(days),
        said_on(said),
    )
