"""The watcher: judges all rules by what was committed and by the clock, in the one process that holds the lock.

It keeps the states in memory and writes one when it decided something, with what that caused, in one transaction; the
others now and then. A successor goes on from the stored states: the readings after their seq lead to the same states,
because these do not depend on when the watcher looks (`domain.alert_rules.machine`). After any failure the memory is
discarded.

Services that change rules lock the row of `alert_watch` and count its version; the watcher locks it for each look. So
no rule is judged after it was changed.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Final

import psycopg
from django.db import connections

from sensorfusion.alerts.evaluation import rows, writes
from sensorfusion.alerts.evaluation.following import NEVER
from sensorfusion.alerts.evaluation.loading import Known, load, remember, span_of
from sensorfusion.alerts.evaluation.numbering import number
from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.evaluation.sensor_rules import Decided, SensorRules
from sensorfusion.alerts.evaluation.wake import Wake
from sensorfusion.alerts.evaluation.writes import Entry
from sensorfusion.clock import Clock
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.machine import Step, repeat
from sensorfusion.events.metrics import Counter, Histogram
from sensorfusion.events.work import REST_S

LOCK: Final = 0x5E50_0016  # the advisory lock's key; see readings/storage/chores.py for the others
LOOK_EVERY_S: Final = 0.25
SEARCH_EVERY_S: Final = 0.5  # for readings that other processes stored
RELOAD_EVERY_S: Final = 60.0  # for new sensors and quantities, and learned intervals
SAVE_EVERY_S: Final = 10.0
# The clock decides this much later: readings of a duration's last moment are on their way.
GRACE_S: Final = 2.0

EVALUATIONS = Counter("sensorfusion_alert_evaluations", "Readings that alert rules were judged by.")
DECISIONS = Counter("sensorfusion_alert_decisions", "Decisions of alert rules, by outcome.", ["outcome"])
LAG = Histogram("sensorfusion_alert_lag_seconds", "Time from the arrival of a reading to the decision of its rules.")
_UNNUMBERED: Final = "EXISTS (SELECT FROM alert_event WHERE seq IS NULL)"
_WATCH: Final = f"SELECT version, looked_at, {_UNNUMBERED} FROM alert_watch FOR UPDATE"
_FIRST: Final = "INSERT INTO alert_watch (id, version) VALUES (1, 0) ON CONFLICT DO NOTHING"
# A look without anything to judge, to number or to save is one statement, without a lock.
_PEEK: Final = f"SELECT version, {_UNNUMBERED} FROM alert_watch"
_LOOKED: Final = "UPDATE alert_watch SET looked_at = %(now)s, began_at = coalesce(began_at, %(now)s)"

_log = logging.getLogger(__name__)


class Watcher:
    """A chore for a runner of its own, because it waits for readings."""

    name = "judge alert rules"
    every_s = 0.0

    def __init__(self, wake: Wake, now: Clock) -> None:
        self._wake = wake
        self._now = now
        self._forget()

    def _forget(self) -> None:
        self._version: int | None = None
        self._known = Known()
        self._by_sensor: dict[int, SensorRules] = {}
        self._seen: dict[int, int] = {}
        self._loaded_at = self._saved_at = self._searched_at = 0.0
        self._due_at = NEVER
        self._wake.watched = frozenset()

    def run(self, connection: psycopg.Connection) -> bool:
        """Wait for readings, then look; a failed look leaves nothing behind."""
        stirred = self._wake.wait(LOOK_EVERY_S if self._by_sensor else REST_S)
        try:
            if stirred or not self._is_quiet(connection):
                with connection.transaction():
                    self.look(connection, stirred)
        except BaseException:
            self._forget()
            raise
        finally:
            connections.close_all()  # this thread's connection of Django goes back to its pool
        return True

    def _is_quiet(self, connection: psycopg.Connection) -> bool:
        """Return whether a look would do nothing: what it asks for at intervals is not due, and nothing has changed."""
        at = self._now().timestamp()
        times = [self._loaded_at + RELOAD_EVERY_S, self._saved_at + SAVE_EVERY_S]
        if self._by_sensor:
            times.append(self._searched_at + SEARCH_EVERY_S)
        if at >= min(*times, self._due_at + GRACE_S):
            return False
        return connection.execute(_PEEK).fetchone() == (self._version, False)

    def look(self, connection: psycopg.Connection, stirred: Iterable[int] = ()) -> None:
        """Judge what is new, in a transaction of the caller."""
        now = self._now()
        at = now.timestamp()
        version, looked_at, has_events = connection.execute(_WATCH).fetchone() or _first_row(connection)
        if version != self._version or at >= self._loaded_at + RELOAD_EVERY_S:
            self._load(connection, at, looked_at.timestamp() if looked_at else None)
            self._version, has_events = version, True  # alerts of sensors that left their rules have ended
        if self._by_sensor:
            has_events |= self._judge_readings(connection, self._new_in(connection, stirred, at), at)
            has_events |= self._judge_clock(connection, at - GRACE_S)
        if has_events:
            number(connection)
        if at >= self._saved_at + SAVE_EVERY_S:
            self._saved_at = at
            self._write_back()
            writes.store_states(connection, [each for each in self._known.entries.values() if each.is_changed])
            connection.execute(_LOOKED, {"now": now})

    def _load(self, connection: psycopg.Connection, at: float, looked_at: float | None) -> None:
        self._write_back()
        load(connection, self._known, now=at, looked_at=looked_at, is_first=self._version is None)
        self._loaded_at = at
        by_sensor: dict[int, list[Entry]] = defaultdict(list)
        for entry in self._known.entries.values():
            entry.hold_s = self._hold_s(entry)
            by_sensor[entry.sensor].append(entry)
        self._by_sensor = {sensor: SensorRules(found) for sensor, found in by_sensor.items()}
        self._seen = {sensor: rules.first_seq for sensor, rules in self._by_sensor.items()}
        self._wake.watched = self._by_sensor.keys()
        self._find_due()

    def _new_in(self, connection: psycopg.Connection, stirred: Iterable[int], at: float) -> dict[int, int]:
        """Return how far the readings are of sensors that have new ones; of those that woke us, how far they were."""
        if at >= self._searched_at + SEARCH_EVERY_S:
            self._searched_at = at
            found = rows.seqs(connection, self._seen)
            return {sensor: seq for sensor, seq in found.items() if seq > self._seen[sensor]}
        return {sensor: self._seen[sensor] for sensor in stirred if sensor in self._seen}

    def _judge_readings(self, connection: psycopg.Connection, come_to: dict[int, int], at: float) -> bool:
        if not come_to:
            return False
        after = {sensor: self._seen[sensor] for sensor in come_to}
        found, unfinished = rows.new_rows(connection, after, now=at)
        decided: Decided = []
        for sensor, seq in come_to.items():
            new = found.get(sensor, [])
            if not new and seq == self._seen[sensor]:
                continue
            seen = max((row.seq for row in new), default=seq)
            self._seen[sensor] = seen if sensor in unfinished else max(seen, seq)
            if new and sensor in self._known.derivers:
                new = self._completed(connection, sensor, new)
            rules = self._by_sensor[sensor]
            decided += rules.judge(new, seen=self._seen[sensor], repeated=partial(self._repeated, connection))
            self._due_at = min(self._due_at, rules.due_at)
        self._write(connection, decided)
        EVALUATIONS.add(sum(len(each) for each in found.values()))
        decided_at = self._now().timestamp()
        for each in found.values():
            LAG.observe(max(0.0, decided_at - max(row.received_at for row in each)))
        return bool(decided)

    def _completed(self, connection: psycopg.Connection, sensor: int, new: list[StoredRow]) -> list[StoredRow]:
        """Add what is derived; after a late, corrected or excluded reading, from what counts now."""
        derive = self._known.derivers[sensor]
        if new[0].at <= derive.last_at:
            remember(connection, derive, sensor, until=derive.last_at, seen=self._seen[sensor])
        return derive.completed(new)

    def _repeated(self, connection: psycopg.Connection, entry: Entry) -> Step:
        loaded, state = entry.loaded, entry.state
        if loaded.rule.condition is Condition.SILENT:
            return state, ()
        start = state.since
        derive = self._known.derivers.get(entry.sensor)
        begun = span_of(connection, entry, start - loaded.rule.within_s, state.last_at or start, derive)
        window = loaded.window()
        seen = [each for row in begun if (each := loaded.observation(row, window)) and each.at >= start - 1e-6]
        return repeat(loaded.rule, state, seen, hold_s=entry.hold_s)

    def _judge_clock(self, connection: psycopg.Connection, before: float) -> bool:
        if self._due_at >= before:
            return False
        decided: Decided = []
        for each in self._by_sensor.values():
            if each.due_at < before:
                decided += each.advance(before)
        self._find_due()
        self._write(connection, decided)
        return bool(decided)

    def _find_due(self) -> None:
        self._due_at = min((each.due_at for each in self._by_sensor.values()), default=NEVER)

    def _write(self, connection: psycopg.Connection, decided: Decided) -> None:
        for entry, decisions in decided:
            writes.apply(connection, entry, decisions)
            for each in decisions:
                DECISIONS.add(1, each.outcome.value)
        writes.store_states(connection, [entry for entry, _ in decided])

    def _write_back(self) -> None:
        for each in self._by_sensor.values():
            each.write_back()

    def _hold_s(self, entry: Entry) -> float:
        if self._known.is_paused(entry.sensor):
            return NEVER  # a paused sensor is not expected to send
        return entry.loaded.hold_s(self._known.interval_s(entry.sensor))


def _first_row(connection: psycopg.Connection) -> tuple[int, None, bool]:
    connection.execute(_FIRST)
    return 0, None, False
