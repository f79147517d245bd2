"""Two quantities of a sensor that a rule compares: it is judged by their difference, under a name of its own."""

from typing import NamedTuple, Self

from sensorfusion.domain.alert_rules.conditions import WITH_LIMITS, Condition
from sensorfusion.domain.alert_rules.limits import Mistake
from sensorfusion.domain.quantities import known_quantity, quantity
from sensorfusion.domain.texts.translation import gettext

_LESS = " - "  # no name of a quantity holds a space
DECIMALS = 9  # of a difference: 12.3 - 10.1 is not above 2.2


class Pair(NamedTuple):
    """`first` less `second`."""

    first: str
    second: str

    @property
    def name(self) -> str:
        return _LESS.join(self)

    @classmethod
    def of(cls, name: str) -> Self | None:
        """Return the pair of a name; None if it is that of a quantity."""
        first, less, second = name.partition(_LESS)
        return cls(first, second) if less else None

    def difference(self, first: float, second: float) -> float:
        return round(first - second, DECIMALS)


def judged_name(name: str, than: str) -> str:
    """Return the name of what a rule is judged by: a quantity, or what it has more than another one."""
    return Pair(name, than).name if than else name


def are_comparable(first: str, second: str) -> bool:
    """Return whether two quantities are numbers in one unit, or nothing is known of the unit of one of them.

    A difference of directions would depend on where north is.
    """
    one, other = quantity(first), quantity(second)
    is_linear = all(each.kind == "number" and each.combine != "vector" for each in (one, other))
    is_known = known_quantity(first) and known_quantity(second)
    return first != second and is_linear and (one.unit == other.unit or not is_known)


def pair_mistake(condition: Condition, *, quantity: str, than: str) -> Mistake | None:
    """Return what is wrong with a rule that compares two quantities."""
    if condition not in WITH_LIMITS:
        return Mistake("than", gettext("Two quantities are compared by above, below or outside."))
    if not quantity or not are_comparable(quantity, than):
        return Mistake("than", gettext("Choose another quantity in the same unit."))
    return None
