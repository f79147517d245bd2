"""What a rule must have to make sense, as the field to correct and a sentence."""

from math import isfinite
from typing import Final, NamedTuple

from sensorfusion.domain.alert_rules.conditions import CHANGING, Condition, Rule
from sensorfusion.domain.texts.translation import gettext

LONGEST_S: Final = 7 * 86_400.0  # of a duration
WITHIN_MOST_S: Final = 86_400.0  # of a change: its readings are kept in memory
TEXT_LONGEST: Final = 255
_UPPER: Final = frozenset({Condition.ABOVE, Condition.OUTSIDE})
_LOWER: Final = frozenset({Condition.BELOW, Condition.OUTSIDE})


class Mistake(NamedTuple):
    field: str
    why: str


def mistake(rule: Rule, *, quantity: str) -> Mistake | None:
    """Return the first thing that is wrong with a rule."""
    if not quantity and rule.condition is not Condition.SILENT:
        return Mistake("quantity", gettext("Choose a quantity."))
    return _of_limits(rule) or _of_durations(rule) or _of_condition(rule)


def _of_limits(rule: Rule) -> Mistake | None:
    for name in ("high", "low", "clear_high", "clear_low"):
        limit = getattr(rule, name)
        if limit is not None and not isfinite(limit):
            return Mistake(name, gettext("Write a number."))
    if rule.high is None and (rule.condition in _UPPER or rule.condition in CHANGING):
        return Mistake("high", gettext("Write the limit."))
    if rule.low is None and rule.condition in _LOWER:
        return Mistake("low", gettext("Write the limit."))
    if rule.condition is Condition.OUTSIDE and rule.low is not None and rule.high is not None and rule.low >= rule.high:
        return Mistake("low", gettext("The lower limit has to be below the upper one."))
    if rule.high is not None and rule.clear_high is not None and rule.clear_high > rule.high:
        return Mistake("clear_high", gettext("The value to clear at cannot be above the limit."))
    if rule.low is not None and rule.clear_low is not None and rule.clear_low < rule.low:
        return Mistake("clear_low", gettext("The value to clear at cannot be below the limit."))
    return None


def _of_durations(rule: Rule) -> Mistake | None:
    for name in ("for_s", "clear_for_s"):
        if not 0 <= getattr(rule, name) <= LONGEST_S:
            return Mistake(name, gettext("Write a time of at most 7 days."))
    return None


def _of_condition(rule: Rule) -> Mistake | None:
    if rule.condition in CHANGING:
        if not 0 < rule.within_s <= WITHIN_MOST_S:
            return Mistake("within_s", gettext("Write a time of at most a day."))
        if rule.high is None or rule.high <= 0:
            return Mistake("high", gettext("Write the size of the change, above zero."))
    if rule.condition is Condition.EQUALS:
        if not isinstance(rule.expected, str | bool) or rule.expected == "":
            return Mistake("expected", gettext("Write a text, or true or false."))
        if isinstance(rule.expected, str) and len(rule.expected) > TEXT_LONGEST:
            return Mistake("expected", gettext("Write at most {count} characters.").format(count=TEXT_LONGEST))
    return None
