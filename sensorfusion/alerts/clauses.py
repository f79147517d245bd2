"""What a condition is called in sentences about rules and alerts: a message for each condition and tense.

Each is a whole clause, so that languages can order its words. In English some are the same: a context tells them apart.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from sensorfusion.domain.alert_rules.conditions import Condition

Clauses: TypeAlias = Mapping[Condition, Promise]

# What a rule waits for.
PLAIN: Final[Clauses] = {
    Condition.ABOVE: gettext_lazy("{label} above {high}"),
    Condition.BELOW: gettext_lazy("{label} below {low}"),
    Condition.OUTSIDE: gettext_lazy("{label} outside {low} to {high}"),
    Condition.RISES: gettext_lazy("{label} rising by more than {size} within {within}"),
    Condition.FALLS: gettext_lazy("{label} falling by more than {size} within {within}"),
    Condition.CHANGES: gettext_lazy("{label} changing by more than {size} within {within}"),
    Condition.SUSPECT: gettext_lazy("{label} flagged as suspect"),
    Condition.EQUALS: gettext_lazy("{label} {state}"),
}
# The same with how long it has to hold, or held.
LASTING: Final[Clauses] = {
    Condition.ABOVE: pgettext_lazy("in all", "{label} above {high} for {time}"),
    Condition.BELOW: pgettext_lazy("in all", "{label} below {low} for {time}"),
    Condition.OUTSIDE: pgettext_lazy("in all", "{label} outside {low} to {high} for {time}"),
    Condition.RISES: pgettext_lazy("in all", "{label} rising by more than {size} within {within} for {time}"),
    Condition.FALLS: pgettext_lazy("in all", "{label} falling by more than {size} within {within} for {time}"),
    Condition.CHANGES: pgettext_lazy("in all", "{label} changing by more than {size} within {within} for {time}"),
    Condition.SUSPECT: pgettext_lazy("in all", "{label} flagged as suspect for {time}"),
    Condition.EQUALS: pgettext_lazy("in all", "{label} {state} for {time}"),
}
# How long it has held until now, where the value is not known.
SINCE: Final[Clauses] = {
    Condition.ABOVE: pgettext_lazy("until now", "{label} above {high} for {time}"),
    Condition.BELOW: pgettext_lazy("until now", "{label} below {low} for {time}"),
    Condition.OUTSIDE: pgettext_lazy("until now", "{label} outside {low} to {high} for {time}"),
    Condition.RISES: pgettext_lazy("until now", "{label} rising by more than {size} within {within} for {time}"),
    Condition.FALLS: pgettext_lazy("until now", "{label} falling by more than {size} within {within} for {time}"),
    Condition.CHANGES: pgettext_lazy("until now", "{label} changing by more than {size} within {within} for {time}"),
    Condition.SUSPECT: pgettext_lazy("until now", "{label} flagged as suspect for {time}"),
    Condition.EQUALS: pgettext_lazy("until now", "{label} {state} for {time}"),
}
# The same with the value.
IS: Final[Clauses] = {
    Condition.ABOVE: gettext_lazy("{label} is {value}, above {high} for {time}"),
    Condition.BELOW: gettext_lazy("{label} is {value}, below {low} for {time}"),
    Condition.OUTSIDE: gettext_lazy("{label} is {value}, outside {low} to {high} for {time}"),
    Condition.RISES: gettext_lazy("{label} is {value}, rising by more than {size} within {within} for {time}"),
    Condition.FALLS: gettext_lazy("{label} is {value}, falling by more than {size} within {within} for {time}"),
    Condition.CHANGES: gettext_lazy("{label} is {value}, changing by more than {size} within {within} for {time}"),
    Condition.SUSPECT: gettext_lazy("{label} is {value}, flagged as suspect for {time}"),
}
# The same of a state, and of two quantities, whose value is by how much they differ.
HAS_BEEN: Final[Clauses] = {
    Condition.ABOVE: gettext_lazy("{label} has been above {high} for {time} and is {value} now"),
    Condition.BELOW: gettext_lazy("{label} has been below {low} for {time} and is {value} now"),
    Condition.OUTSIDE: gettext_lazy("{label} has been outside {low} to {high} for {time} and is {value} now"),
    Condition.EQUALS: gettext_lazy("{label} has been {state} for {time}"),
}
# What does not hold any more, while the alert lasts.
WAS: Final[Clauses] = {
    Condition.ABOVE: gettext_lazy("{label} was above {high} and is {value} now"),
    Condition.BELOW: gettext_lazy("{label} was below {low} and is {value} now"),
    Condition.OUTSIDE: gettext_lazy("{label} was outside {low} to {high} and is {value} now"),
    Condition.EQUALS: gettext_lazy("{label} was {state} and is {value} now"),
}
# A value alone does not say whether these still hold: the change, or the flag, may be gone while the alert clears.
PAST: Final[Clauses] = {
    Condition.RISES: gettext_lazy("{label} rose by more than {size} within {within}"),
    Condition.FALLS: gettext_lazy("{label} fell by more than {size} within {within}"),
    Condition.CHANGES: gettext_lazy("{label} changed by more than {size} within {within}"),
    Condition.SUSPECT: gettext_lazy("{label} was flagged as suspect"),
}
PAST_AND_IS: Final[Clauses] = {
    Condition.RISES: gettext_lazy("{label} rose by more than {size} within {within} and is {value} now"),
    Condition.FALLS: gettext_lazy("{label} fell by more than {size} within {within} and is {value} now"),
    Condition.CHANGES: gettext_lazy("{label} changed by more than {size} within {within} and is {value} now"),
    Condition.SUSPECT: gettext_lazy("{label} was flagged as suspect and is {value} now"),
}
