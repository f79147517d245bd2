"""The machine on its way through a history, reading by reading or over runs of them that say the same."""

import math
from collections.abc import Callable, Iterable
from typing import Final

from sensorfusion.alerts.evaluation.rules import LoadedRule, StoredRow
from sensorfusion.domain.alert_rules.conditions import Condition, Signal, Window
from sensorfusion.domain.alert_rules.machine import Decision, Observation, Phase, State, advance, observe, watched
from sensorfusion.domain.alert_rules.passing import is_settled, passed
from sensorfusion.domain.liveness import OFFLINE_AT_LEAST_S

SHORTEST_HOLD_S: Final = OFFLINE_AT_LEAST_S  # of a value; a shorter step to the next reading decides nothing


class Judge:
    """Applies a rule from an instant on.

    :param interval_s: the sensor's usual interval today.
    :param usual_s: the one that was learned before an instant of its history.
    """

    def __init__(
        self, rule: LoadedRule, *, since: float, interval_s: float | None, usual_s: Callable[[float], float | None]
    ) -> None:
        self.rule = rule
        self.hold_s = rule.hold_s(interval_s)
        self._interval_s, self._usual_s = interval_s, usual_s
        self._state = watched(rule.rule, since=since)
        self._window: Window | None = rule.window()
        self._decisions: list[Decision] = []

    @property
    def is_settled(self) -> bool:
        """Whether the clock alone changes nothing any more."""
        return is_settled(self._state)

    @property
    def decided_until(self) -> float:
        return self._state.decided_until

    @property
    def awaited(self) -> Signal | None:
        """What must go on to complete the duration that runs."""
        return {Phase.PENDING: Signal.OVER, Phase.CLEARING: Signal.CLEAR}.get(self._state.phase)

    def decides_nothing(self, low: float, high: float, *, last_at: float) -> bool:
        """Return whether readings between a lowest and a highest value change nothing, after `reach` of the first."""
        rule, state = self.rule.rule, self._state
        edge = rule.hours.next_change(state.decided_until) if rule.hours else None
        has_edge = edge is not None and edge <= last_at
        signals = {rule.signal(low), rule.signal(high)}
        if state.phase is Phase.OK:
            is_inactive = rule.hours is not None and not has_edge and not rule.hours.is_active(last_at)
            return Signal.OVER not in signals or is_inactive
        if state.phase is not Phase.FIRING or has_edge or Signal.CLEAR in signals:
            return False
        # Between a value below a band and one above it there may be others inside.
        inside = rule.low if rule.clear_low is None else rule.clear_low
        return rule.condition is not Condition.OUTSIDE or inside is None or not low < inside <= high

    def reach(self, at: float) -> None:
        """Decide what the clock alone decides before an instant."""
        if not self.is_settled:
            self._hold_until(at)
            self._advance(before=at)

    def pass_over(self, last_at: float, last: Signal) -> None:
        """Pass over readings that decide nothing, of which the last one says this."""
        state = self._state
        self._state = State(last_at, state.phase, state.since, state.clearing_since, last_at, last)

    def judge(self, rows: Iterable[StoredRow]) -> None:
        for row in rows:
            if seen := self.rule.observation(row, self._window):
                self._observe(seen)

    def judge_run(self, first_at: float, last_at: float, signal: Signal) -> None:
        """Judge readings that say the same and follow each other before the one before no longer holds."""
        if signal is Signal.OVER or not self.is_settled or self.rule.rule.condition is Condition.SILENT:
            self._observe(Observation(first_at, signal))
        if last_at > first_at:
            self._observe(Observation(last_at, signal), is_held=True)

    @property
    def last_at(self) -> float | None:
        return self._state.last_at

    def hold(self, at: float, signal: Signal) -> None:
        """Let the last value, which says this, hold until an instant."""
        self._observe(Observation(at, signal), is_held=True)

    def _observe(self, seen: Observation, *, is_held: bool = False) -> None:
        """`is_held`: the value before did not change until now."""
        if not is_held:
            self._hold_until(seen.at)
        hold_s = math.inf if is_held else self.hold_s
        newer = passed(self.rule.rule, self._state, seen, hold_s=hold_s)
        if newer is not None:
            self._state = newer
            return
        self._state, decided = observe(self.rule.rule, self._state, seen, hold_s=hold_s)
        self._decisions += decided

    def _hold_until(self, at: float) -> None:
        """Let the last value hold as long as at its time, and no less than today, if that can matter before `at`."""
        is_silence = self.rule.rule.condition is Condition.SILENT
        last_at = self._state.last_at
        if last_at is None or at - last_at < SHORTEST_HOLD_S or (self.is_settled and not is_silence):
            return
        known = [each for each in (self._usual_s(at), self._interval_s) if each]
        self.hold_s = self.rule.hold_s(max(known, default=None))

    def remember(self, rows: Iterable[StoredRow], within: Iterable[tuple[float, float, float]]) -> None:
        """Forget all values but those of these readings, which decided nothing, and the extremes of what follows them.

        :param within: the instant, the lowest and the highest value of each span.
        """
        last_at = self.refill(rows)
        window = self._window
        for at, low, high in within:
            last_at = at
            if window:
                window.add(at, low)
                window.add(at, high)
        if last_at is not None:
            self.pass_over(last_at, Signal.BETWEEN)

    def refill(self, rows: Iterable[StoredRow]) -> float | None:
        """Forget all values but those of these readings; return the instant of the last one."""
        self._window, last_at = self.rule.window(), None
        for row in rows:
            if self.rule.observation(row, self._window):
                last_at = row.at
        return last_at

    def finished(self, *, end: float) -> list[Decision]:
        self._hold_until(end)
        self._advance(before=end)
        return self._decisions

    def _advance(self, *, before: float) -> None:
        self._state, decided = advance(self.rule.rule, self._state, before=before, hold_s=self.hold_s)
        self._decisions += decided
