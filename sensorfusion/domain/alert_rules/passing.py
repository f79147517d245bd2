"""What a value that exceeds nothing makes of a rule that is ok: the same state, only newer.

Most readings meet most rules so. It is said here without the machine's way through an observation; a test holds that
`passed` is what `observe` returns.
"""

import math

from sensorfusion.domain.alert_rules.conditions import WITH_LIMITS, Condition, Rule, Signal
from sensorfusion.domain.alert_rules.machine import Observation, Phase, State


def is_settled(state: State) -> bool:
    """Return whether a rule is ok, and the clock alone cannot make it fire; except one about silence."""
    return state.phase is Phase.OK and state.signal is not Signal.OVER


def passed(rule: Rule, state: State, seen: Observation, *, hold_s: float) -> State | None:
    """Return the state after an observation that decides nothing; None if the machine has to judge it."""
    if seen.signal is Signal.OVER or not is_settled(state):
        return None
    at = max(seen.at, state.decided_until)
    if rule.condition is Condition.SILENT and (state.last_at is None or at >= state.last_at + hold_s):
        return None
    last_at = seen.at if state.last_at is None else max(seen.at, state.last_at)
    return State(at, Phase.OK, state.since, state.clearing_since, last_at, seen.signal)


def span(rule: Rule) -> tuple[float, float] | None:
    """Return the lowest and the highest value that do not exceed a limit; None if the rule is not about limits."""
    if rule.condition not in WITH_LIMITS:
        return None
    low = None if rule.condition is Condition.ABOVE else rule.low
    high = None if rule.condition is Condition.BELOW else rule.high
    return -math.inf if low is None else low, math.inf if high is None else high
