"""What becomes of a rule on one sensor: ok, pending, firing, clearing. A pure function of what was observed, in order.

A value holds until the next one, and for `hold_s` at most: so a gap cannot complete a duration, and a sensor that is
silent for `hold_s` makes a rule about silence fire. Between two observations only four instants matter: the end of the
hold, the end of either duration, and an edge of the active hours. `advance` decides at each of them, whenever it is
called, so the outcome does not depend on when, or how often, that is.

Instants are epoch seconds. What was decided stays decided: a late observation counts from the last decision on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal


class Phase(StrEnum):
    OK = "ok"
    PENDING = "pending"
    FIRING = "firing"
    CLEARING = "clearing"


OPEN = frozenset({Phase.FIRING, Phase.CLEARING})


class Outcome(StrEnum):
    """What a decision caused."""

    FIRED = "fired"
    CLEARED = "cleared"
    CORRECTED = "corrected"  # nothing of what it fired for is left
    OUT_OF_HOURS = "out_of_hours"


class Decision(NamedTuple):
    outcome: Outcome
    at: float
    since: float  # when the condition began to hold


class Observation(NamedTuple):
    """What one reading says to a rule; one that is not fresh may end an alert and never cause one."""

    at: float
    signal: Signal
    is_fresh: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """`last_at` and `signal` are those of the last observation, `since` of the condition that is pending or fires."""

    decided_until: float
    phase: Phase = Phase.OK
    since: float = 0.0
    clearing_since: float = 0.0
    last_at: float | None = None
    signal: Signal = Signal.UNKNOWN

    @property
    def is_open(self) -> bool:
        return self.phase in OPEN


Step = tuple[State, tuple[Decision, ...]]


def watched(rule: Rule, *, since: float) -> State:
    """Return the state of a rule that applies from an instant on: silence is counted from it."""
    return State(since, last_at=since if rule.condition is Condition.SILENT else None)


def observe(rule: Rule, state: State, seen: Observation, *, hold_s: float) -> Step:
    """Apply an observation that is not older than the last one.

    To a rule about silence, a reading that is not fresh was observed when it arrived: the sensor is not silent.
    """
    at = max(seen.at, state.decided_until)
    if seen.is_fresh:
        state, before = advance(rule, state, before=at, hold_s=hold_s)
        signal = seen.signal
    else:
        state, before = _not_pending(state), ()
        signal = Signal.BETWEEN if seen.signal is Signal.OVER else seen.signal
    last_at = seen.at if state.last_at is None else max(seen.at, state.last_at)
    newer = State(at, state.phase, state.since, state.clearing_since, last_at, signal)
    state, decided = _decide(rule, newer, hold_s)
    return state, before + decided


def advance(rule: Rule, state: State, *, before: float, hold_s: float) -> Step:
    """Decide at each instant before `before` at which the clock alone changes something."""
    decided: tuple[Decision, ...] = ()
    while (at := next_at(rule, state, hold_s=hold_s)) is not None and at < before:
        state, new = _decide(rule, replace(state, decided_until=at), hold_s)
        decided += new
    return state, decided


def next_at(rule: Rule, state: State, *, hold_s: float) -> float | None:
    """Return the next instant at which the clock may change something if nothing more is observed."""
    found = [rule.hours.next_change(state.decided_until)] if rule.hours else []
    found.append(None if state.last_at is None else state.last_at + hold_s)
    if state.phase is Phase.PENDING:
        found.append(state.since + rule.for_s)
    elif state.phase is Phase.CLEARING:
        found.append(state.clearing_since + rule.clear_for_s)
    return min((at for at in found if at is not None and at > state.decided_until), default=None)


def repeat(rule: Rule, state: State, seen: Iterable[Observation], *, hold_s: float) -> Step:
    """Judge what is pending or fires again from its beginning, after readings of it were corrected or excluded.

    `seen` are the observations since `state.since` that count now, in order; of a long alert the last ones suffice. An
    alert goes on or ends, but is not divided.
    """
    if state.phase is Phase.OK:
        return state, ()
    again = replace(state, decided_until=state.since, last_at=None, signal=Signal.UNKNOWN)
    again = replace(again, phase=Phase.FIRING if state.is_open else Phase.OK)
    decided: tuple[Decision, ...] = ()
    was_over = False
    for each in seen:
        was_over = was_over or each.signal is Signal.OVER
        again, new = observe(rule, again, each, hold_s=hold_s)
        decided += new
    if not state.is_open:
        return again, decided
    at = max(again.decided_until, state.decided_until)
    if again.is_open and (was_over or rule.condition is Condition.SILENT):
        return replace(again, since=state.since, decided_until=at), ()
    outcome = Outcome.CLEARED if was_over else Outcome.CORRECTED
    ended = again if not again.is_open else replace(again, phase=Phase.OK)
    return replace(ended, decided_until=at), (Decision(outcome, at, state.since),)


def _decide(rule: Rule, state: State, hold_s: float) -> Step:
    """Decide at `state.decided_until`."""
    at = state.decided_until
    if rule.hours and not rule.hours.is_active(at):
        ended = (Decision(Outcome.OUT_OF_HOURS, at, state.since),) if state.is_open else ()
        return replace(state, phase=Phase.OK), ended
    signal = _signal_at(rule, state, hold_s)
    if state.is_open:
        return _while_open(rule, state, signal)
    if signal is not Signal.OVER:
        return _not_pending(state), ()
    since = state.since if state.phase is Phase.PENDING else at
    if at >= since + rule.for_s:
        return _in(Phase.FIRING, state, since), (Decision(Outcome.FIRED, at, since),)
    return state if state.phase is Phase.PENDING else _in(Phase.PENDING, state, since), ()


def _while_open(rule: Rule, state: State, signal: Signal) -> Step:
    at = state.decided_until
    if signal is not Signal.CLEAR:
        return state if state.phase is Phase.FIRING else _in(Phase.FIRING, state, state.since), ()
    since = state.clearing_since if state.phase is Phase.CLEARING else at
    if at >= since + rule.clear_for_s:
        return _in(Phase.OK, state, state.since), (Decision(Outcome.CLEARED, at, state.since),)
    return replace(state, phase=Phase.CLEARING, clearing_since=since), ()


def _in(phase: Phase, state: State, since: float) -> State:
    """Return the state in another phase; `dataclasses.replace` takes four times as long."""
    return State(state.decided_until, phase, since, state.clearing_since, state.last_at, state.signal)


def _signal_at(rule: Rule, state: State, hold_s: float) -> Signal:
    if state.last_at is None:
        return Signal.UNKNOWN
    if state.decided_until >= state.last_at + hold_s:
        return Signal.OVER if rule.condition is Condition.SILENT else Signal.UNKNOWN
    return Signal.CLEAR if rule.condition is Condition.SILENT else state.signal


def _not_pending(state: State) -> State:
    return _in(Phase.OK, state, state.since) if state.phase is Phase.PENDING else state
