"""The condition of a rule: whether a value exceeds it, has cleared it, or is between the two (hysteresis)."""

from collections import deque
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from sensorfusion.domain.alert_rules.hours import Hours


class Condition(StrEnum):
    """What a rule watches for; the values are stored."""

    ABOVE = "above"
    BELOW = "below"
    OUTSIDE = "outside"
    RISES = "rises"
    FALLS = "falls"
    CHANGES = "changes"
    SILENT = "silent"
    SUSPECT = "suspect"
    EQUALS = "equals"


WITH_LIMITS: Final = frozenset({Condition.ABOVE, Condition.BELOW, Condition.OUTSIDE})
CHANGING: Final = frozenset({Condition.RISES, Condition.FALLS, Condition.CHANGES})


class Signal(Enum):
    """What an observation says to a rule."""

    OVER = "over"
    BETWEEN = "between"  # neither keeps a rule waiting nor clears it
    CLEAR = "clear"
    UNKNOWN = "unknown"  # there is none, or the last one is too old to go by


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule in canonical units.

    `high` is the upper limit, also of a change; `clear_high` and `clear_low` default to the limits themselves. `for_s`
    is how long the condition must hold, `clear_for_s` how long the value must stay clear.
    """

    condition: Condition
    high: float | None = None
    low: float | None = None
    clear_high: float | None = None
    clear_low: float | None = None
    expected: str | bool | None = None
    for_s: float = 0.0
    clear_for_s: float = 0.0
    within_s: float = 0.0
    hours: Hours | None = None

    def signal(self, value: object) -> Signal:
        """Return what a value says; of a change its size, of a suspect value whether it is flagged."""
        match self.condition:
            case Condition.EQUALS:
                is_equal = type(value) is type(self.expected) and value == self.expected
                return Signal.OVER if is_equal else Signal.CLEAR
            case Condition.SUSPECT:
                return Signal.OVER if value else Signal.CLEAR
            case Condition.SILENT:
                return Signal.CLEAR
        if isinstance(value, bool) or not isinstance(value, int | float):
            return Signal.UNKNOWN
        return self._of_number(value)

    def _of_number(self, value: float) -> Signal:
        high = None if self.condition is Condition.BELOW else self.high
        low = self.low if self.condition in (Condition.BELOW, Condition.OUTSIDE) else None
        if (high is not None and value > high) or (low is not None and value < low):
            return Signal.OVER
        clear_high = high if self.clear_high is None else self.clear_high
        clear_low = low if self.clear_low is None else self.clear_low
        is_below = high is None or clear_high is None or value <= clear_high
        is_above = low is None or clear_low is None or value >= clear_low
        return Signal.CLEAR if is_below and is_above else Signal.BETWEEN


class Window:
    """The values of the last `within_s` seconds: how much the newest one differs from the lowest or highest of them.

    Only values that can still become the lowest or highest are kept. A gap as long as the window leaves the newest
    value alone, which has not changed.
    """

    def __init__(self, condition: Condition, within_s: float) -> None:
        self._condition = condition
        self._within_s = within_s
        self._lowest: deque[tuple[float, float]] = deque()
        self._highest: deque[tuple[float, float]] = deque()

    def add(self, at: float, value: float) -> float:
        """Add a value that is later than the others; return the change that the rule is about."""
        for kept in (self._lowest, self._highest):
            while kept and kept[0][0] < at - self._within_s:
                kept.popleft()
        while self._lowest and self._lowest[-1][1] >= value:
            self._lowest.pop()
        while self._highest and self._highest[-1][1] <= value:
            self._highest.pop()
        self._lowest.append((at, value))
        self._highest.append((at, value))
        rise, fall = value - self._lowest[0][1], self._highest[0][1] - value
        by_condition = {Condition.RISES: rise, Condition.FALLS: fall}
        return by_condition.get(self._condition, max(rise, fall))
