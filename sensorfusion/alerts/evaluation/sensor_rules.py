"""The rules of one sensor: those with limits that are ok are judged together, the others each by itself."""

from collections.abc import Iterable, Sequence

from sensorfusion.alerts.evaluation.following import NEVER, Repeated, follow, plan
from sensorfusion.alerts.evaluation.ok_rules import OkRules
from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.evaluation.writes import Entry
from sensorfusion.domain.alert_rules.machine import Decision, advance

Decided = list[tuple[Entry, tuple[Decision, ...]]]


class SensorRules:
    """`due_at` is not later than the instant at which the clock may next decide something."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._apart = list(entries)
        self._ok: dict[str, OkRules] = {}
        self.first_seq = min(each.seq for each in self._apart)
        for each in self._apart:
            plan(each)
        self._settle()

    def judge(self, rows: Sequence[StoredRow], *, seen: int, repeated: Repeated) -> Decided:
        """Judge readings in order of observation, all up to a seq."""
        decided: Decided = []
        for each in self._ok.values():
            self._apart += each.judge(rows, seen=seen)
        for entry in self._apart:
            decisions = follow(entry, rows, repeated)
            entry.seq, entry.is_changed = max(entry.seq, seen), True
            if decisions:
                decided.append((entry, decisions))
        self._settle()
        return decided

    def advance(self, before: float) -> Decided:
        """Decide what the clock decides before an instant."""
        decided: Decided = []
        for each in self._ok.values():
            if each.due_at < before:
                self._apart += each.leave()
        for entry in self._apart:
            if entry.due_at < before:
                entry.state, decisions = advance(entry.loaded.rule, entry.state, before=before, hold_s=entry.hold_s)
                entry.is_changed = True
                plan(entry)
                if decisions:
                    decided.append((entry, decisions))
        self._settle()
        return decided

    def write_back(self) -> None:
        """Give all entries their states."""
        for each in self._ok.values():
            each.write_back()

    def _settle(self) -> None:
        apart = self._apart
        if apart:
            self._apart = [each for each in apart if not self._joined(each)]
        due = [each.due_at for each in self._apart]
        due += [each.due_at for each in self._ok.values()]
        self.due_at = min(due, default=NEVER)

    def _joined(self, entry: Entry) -> bool:
        judged = entry.loaded.judged
        group = self._ok.get(judged)
        if group is None:
            group = self._ok[judged] = OkRules(judged)
        return group.add(entry)
