"""Rules with limits on one quantity of a sensor that are all ok: a value between their limits is compared twice.

They share what such a value makes of their states, and each gets its own again when a value exceeds its limit.
"""

from collections.abc import Iterable, Iterator, Sequence

from sensorfusion.alerts.evaluation.following import NEVER
from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.evaluation.writes import Entry
from sensorfusion.domain.alert_rules.machine import State
from sensorfusion.domain.alert_rules.passing import is_settled, span
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality import Flag


class OkRules:
    """The members have seen the same readings: all up to `_seq`, the last one at `_last_at`."""

    def __init__(self, quantity: str) -> None:
        self._quantity = quantity
        self._members: list[tuple[float, float, Entry]] = []
        self._low, self._high = -NEVER, NEVER
        self._last_at = self._decided_until = 0.0
        self._value: object = None
        self._seq, self._hold_s = 0, 0.0
        self._is_newer = False  # than the members' own states
        self.due_at = NEVER  # no member is due earlier

    def add(self, entry: Entry) -> bool:
        """Take a rule in if it is ok and has seen what the members have; return whether it was."""
        limits, state = span(entry.loaded.rule), entry.state
        if limits is None or state.last_at is None or not is_settled(state):
            return False
        if not self._members:
            self._last_at, self._decided_until, self._value = state.last_at, state.decided_until, entry.value
            self._seq, self._hold_s, self._is_newer = entry.seq, entry.hold_s, False
        elif (state.last_at, state.decided_until, entry.seq) != (self._last_at, self._decided_until, self._seq):
            return False
        if entry.loaded.rule.signal(self._value) is not state.signal:
            return False
        self._members.append((*limits, entry))
        self._low, self._high = max(self._low, limits[0]), min(self._high, limits[1])
        self.due_at = min(self.due_at, entry.due_at)
        return True

    def judge(self, rows: Iterable[StoredRow], *, seen: int) -> Sequence[Entry]:
        """Judge readings up to a seq, in order of observation; return the rules that left, which must judge them."""
        left: Sequence[Entry] = ()
        counting = list(self._counting(rows))
        numbers = [value for _, value in counting if is_number(value)]
        if numbers and (min(numbers) < self._low or max(numbers) > self._high):
            left = self._exceeded(min(numbers), max(numbers))
        if counting:
            self._last_at, self._value = counting[-1]
            self._decided_until = max(self._decided_until, self._last_at)
            self.due_at = min(self.due_at, self._last_at + self._hold_s)
        if seen > self._seq:
            self._seq, self._is_newer = seen, True
        return left

    def leave(self) -> list[Entry]:
        """Let all rules leave."""
        self.write_back()
        left = [entry for _, _, entry in self._members]
        self._keep([])
        return left

    def write_back(self) -> None:
        """Give the members their states."""
        if self._is_newer:
            for _, _, entry in self._members:
                self._write_back(entry)
            self._is_newer = False

    def _counting(self, rows: Iterable[StoredRow]) -> Iterator[tuple[float, object]]:
        last_at = self._last_at
        for row in rows:
            value = row.values.get(self._quantity)
            if value is None or row.seq <= self._seq or row.at < last_at:
                continue
            if row.flags.get(self._quantity) != Flag.BAD:
                last_at = row.at
                yield last_at, value

    def _exceeded(self, lowest: float, highest: float) -> list[Entry]:
        """Let the rules leave whose limits one of the values exceeds."""
        self.write_back()
        left = [entry for low, high, entry in self._members if lowest < low or highest > high]
        self._keep([each for each in self._members if each[0] <= lowest and highest <= each[1]])
        return left

    def _keep(self, members: list[tuple[float, float, Entry]]) -> None:
        self._members = members
        self._low = max((low for low, _, _ in members), default=-NEVER)
        self._high = min((high for _, high, _ in members), default=NEVER)
        if not members:
            self.due_at = NEVER

    def _write_back(self, entry: Entry) -> None:
        was, signal = entry.state, entry.loaded.rule.signal(self._value)
        entry.state = State(self._decided_until, was.phase, was.since, was.clearing_since, self._last_at, signal)
        entry.value, entry.seq = self._value, self._seq
        entry.due_at = min(entry.due_at, self.due_at)
        entry.is_changed = True
