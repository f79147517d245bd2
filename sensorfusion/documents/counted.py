"""Counted days: on which days a value reached a threshold. Readers may choose other thresholds, by the address."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from django.utils.translation import gettext, gettext_noop

from sensorfusion.documents.figures import TEMPERATURE, Day, Figures
from sensorfusion.web.looks import Hue
from sensorfusion.web.values import numbers
from sensorfusion.web.values.display import Display

Part = Literal["low", "high", "rain", "gust"]
Sense = Literal["below", "or more"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A class of days: those whose `part` is below the threshold, or reaches it.

    `value` is canonical, and `label` to be translated.
    """

    name: str
    label: str
    part: Part
    sense: Sense
    value: float
    hue: Hue

    def holds(self, day: Day) -> bool:
        value = getattr(day, self.part)
        if value is None:
            return False
        return bool(value < self.value if self.sense == "below" else value >= self.value)


# Those of the temperature follow the German weather service and ETCCDI; a gale begins at force 8.
USUAL: Final = (
    Threshold("frost", gettext_noop("Frost days"), "low", "below", 0, "temp"),
    Threshold("ice", gettext_noop("Ice days"), "high", "below", 0, "temp"),
    Threshold("summer", gettext_noop("Summer days"), "high", "or more", 25, "temp"),
    Threshold("hot", gettext_noop("Hot days"), "high", "or more", 30, "temp"),
    Threshold("tropical", gettext_noop("Tropical nights"), "low", "or more", 20, "temp"),
    Threshold("rain", gettext_noop("Days with rain"), "rain", "or more", 0.2, "rain"),
    Threshold("wet", gettext_noop("Wet days"), "rain", "or more", 1, "rain"),
    Threshold("heavy", gettext_noop("Very wet days"), "rain", "or more", 10, "rain"),
    Threshold("extreme", gettext_noop("Extremely wet days"), "rain", "or more", 25, "rain"),
    Threshold("gale", gettext_noop("Gale gusts"), "gust", "or more", 17.2, "gust"),
)
# The sentences of the lowest and the highest value of a day; of other parts they are plain.
_CONDITIONS: Final[Mapping[tuple[str, Sense], str]] = {
    ("low", "below"): gettext_noop("low below {limit}"),
    ("low", "or more"): gettext_noop("low {limit} or more"),
    ("high", "below"): gettext_noop("high below {limit}"),
    ("high", "or more"): gettext_noop("high {limit} or more"),
    ("", "below"): gettext_noop("below {limit}"),
    ("", "or more"): gettext_noop("{limit} or more"),
}
MOST: Final = 1e6
USUAL_DIGITS: Final = 4  # of the usual thresholds in other units: 38.48 mph
CANONICAL_DECIMALS: Final = 9  # converted to the reader's unit and back a threshold stays the same


@dataclass(frozen=True, slots=True)
class Counted:
    threshold: Threshold
    days: list[date]
    is_changed: bool


def counted(figures: Figures, thresholds: Sequence[Threshold]) -> list[Counted]:
    """Count the days of each class for which the sensor has the quantity."""
    usual = {each.name: each.value for each in USUAL}
    return [
        Counted(each, [day.day for day in figures.days if each.holds(day)], each.value != usual[each.name])
        for each in thresholds
        if _is_measured(figures, each.part)
    ]


def _is_measured(figures: Figures, part: Part) -> bool:
    if part in ("low", "high"):
        return figures.main == TEMPERATURE and figures.mean is not None
    return figures.rain is not None if part == "rain" else figures.top_wind is not None


def chosen(query: Mapping[str, str], shown: Mapping[Part, Display]) -> list[Threshold]:
    """Return the thresholds with those that an address chooses, which are in the units that are shown.

    What is no number is left as it was.
    """
    return [_with(each, query.get(each.name, ""), shown[each.part]) for each in USUAL]


def _with(threshold: Threshold, text: str, shown: Display) -> Threshold:
    text = text.replace(",", ".").replace("\N{MINUS SIGN}", "-")
    try:
        value = float(text)
    except ValueError:
        return threshold
    if not math.isfinite(value) or abs(value) > MOST or text == plain(threshold, shown):
        return threshold
    return replace(threshold, value=_canonical(f"{value!r}", shown))


def plain(threshold: Threshold, shown: Display) -> str:
    """Return the threshold as a form field has it: with the digits that it was set with."""
    value = threshold.value * shown.factor + shown.offset
    if threshold in USUAL:
        return numbers.plain(value, USUAL_DIGITS)
    found = (numbers.plain(round(value, decimals)) for decimals in range(CANONICAL_DECIMALS + 1))
    return next((text for text in found if _canonical(text, shown) == threshold.value), numbers.plain(value))


def _canonical(text: str, shown: Display) -> float:
    return round((float(text) - shown.offset) / shown.factor, CANONICAL_DECIMALS)


def words(threshold: Threshold, shown: Display) -> str:
    """Return the condition: low below 0 °C, 1 mm or more."""
    number = f"{numbers.localised(plain(threshold, shown)).replace('-', chr(0x2212))}{shown.unit}"
    part = threshold.part if threshold.part in ("low", "high") else ""
    return gettext(_CONDITIONS[part, threshold.sense]).format(limit=number)
