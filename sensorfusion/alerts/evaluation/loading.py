"""Loads rules and their states into the watcher's memory."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

import psycopg

from sensorfusion.alerts.evaluation import rows, writes
from sensorfusion.alerts.evaluation.derived import Deriver, deriver
from sensorfusion.alerts.evaluation.rows import Present
from sensorfusion.alerts.evaluation.rules import LoadedRule, StoredRow, loaded
from sensorfusion.alerts.evaluation.writes import Entry
from sensorfusion.alerts.models import AlertRule, RuleState
from sensorfusion.domain.alert_rules.conditions import Condition, Signal
from sensorfusion.domain.alert_rules.machine import Observation, Phase, State, watched
from sensorfusion.readings.queries import BELONGS_TOGETHER_S

# Without a watcher for this long, as while the server was off or in a restored backup, what went on meanwhile fires
# nothing: readings count from now on.
UNWATCHED_S: Final = 600.0
# After a shorter time without, only silence is counted from now on: sensors could not be heard.
UNHEARD_S: Final = 30.0
_JUST_BEFORE_S: Final = 0.001


@dataclass(slots=True)
class Known:
    """Entries by rule and sensor, the states of their sensors when they were loaded, and what derives quantities."""

    entries: dict[tuple[int, int], Entry] = field(default_factory=dict)
    sensors: dict[int, Present] = field(default_factory=dict)
    derivers: dict[int, Deriver] = field(default_factory=dict)

    def interval_s(self, sensor: int) -> float | None:
        found = self.sensors.get(sensor)
        return found.interval_s if found else None

    def is_paused(self, sensor: int) -> bool:
        found = self.sensors.get(sensor)
        return bool(found and found.is_paused)


def load(connection: psycopg.Connection, known: Known, *, now: float, looked_at: float | None, is_first: bool) -> None:
    """Read the rules and adjust the entries: those of rules that did not change are kept."""
    rules = [loaded(each) for each in AlertRule.objects.filter(is_enabled=True).select_related("site")]
    watched_sites = {rule.site for rule in rules if rule.sensor is None}
    known.sensors = rows.present(
        connection, sensors=[rule.sensor for rule in rules if rule.sensor], sites=watched_sites
    )
    derivers = _derive(known, {rule.judged for rule in rules})
    sites = _sites(connection, known.sensors)
    stored = {(each.rule_id, each.sensor_id): each for each in RuleState.objects.all()} if is_first else {}
    unwatched_s = now - (looked_at or 0.0) if is_first else 0.0
    kept = known.entries
    known.entries = {}
    by_site: dict[int, list[int]] = defaultdict(list)
    for sensor, site in sites.items():
        by_site[site].append(sensor)
    for rule in rules:
        for sensor in by_site[rule.site] if rule.sensor is None else (rule.sensor,):
            present = known.sensors.get(sensor)
            derive = derivers.get(sensor)
            if present is None or not _concerns(rule, present, derive, sites.get(sensor)):
                continue
            entry = kept.get((rule.id, sensor))
            if entry is None or entry.loaded.changed_at != rule.changed_at:
                row = stored.get((rule.id, sensor))
                entry = _restored(row, rule, present, now, unwatched_s) if row else _begun(rule, sensor, present, now)
                _fill_window(connection, entry, derive)
            entry.loaded = rule
            known.entries[rule.id, sensor] = entry
    _begin_derivers(connection, known, derivers)
    writes.leave(connection, (kept.keys() | stored.keys()) - known.entries.keys(), at=now)
    writes.store_states(
        connection, [each for key, each in known.entries.items() if key not in kept and key not in stored]
    )


def _derive(known: Known, wanted: Collection[str]) -> dict[int, Deriver]:
    """Add what rules watch of derived quantities to the states, and return what derives them, by sensor."""
    found: dict[int, Deriver] = {}
    for sensor, present in known.sensors.items():
        made = deriver(wanted, present.values, present.place)
        if made and present.at is not None:
            was = known.derivers.get(sensor)
            found[sensor] = was if was and (was.names, was.place) == (made.names, made.place) else made
            for name, (value, at) in made.of_state(present.values, present.flags, present.older, present.at).items():
                present.values[name] = value
                if at < present.at:
                    present.older[name] = at
    return found


def _begin_derivers(connection: psycopg.Connection, known: Known, derivers: dict[int, Deriver]) -> None:
    """Let new ones see what their rules have seen."""
    for sensor, each in derivers.items():
        if known.derivers.get(sensor) is not each:
            entries = [entry for (_, of), entry in known.entries.items() if of == sensor]
            seen = min((entry.seq for entry in entries), default=0)
            remember(connection, each, sensor, until=known.sensors[sensor].at or 0.0, seen=seen)
    known.derivers = derivers


def remember(connection: psycopg.Connection, derive: Deriver, sensor: int, *, until: float, seen: int) -> None:
    """Let a deriver know the readings up to an instant and a seq, and no others."""
    before = rows.span(connection, sensor, until - 2 * BELONGS_TOGETHER_S, until)
    derive.forget()
    derive.completed(row for row in before if row.seq <= seen)


def _sites(connection: psycopg.Connection, sensors: dict[int, Present]) -> dict[int, int]:
    statement = "SELECT id, site_id FROM sensors_sensor WHERE id = ANY(%s)"
    return dict(connection.execute(statement, [list(sensors)]).fetchall())


def _concerns(rule: LoadedRule, present: Present, derive: Deriver | None, site: int | None) -> bool:
    if rule.site != site:  # the sensor may have moved
        return False
    if rule.sensor is not None or not rule.quantity or rule.judged in present.values:
        return True
    # Also while the inputs are too old to derive it.
    return derive is not None and rule.judged in derive.names


def _begun(rule: LoadedRule, sensor: int, present: Present, now: float) -> Entry:
    """Begin with the newest value, if it still holds: it counts from now on."""
    entry = Entry(rule, sensor, present.seq, watched(rule.rule, since=now), window=rule.window())
    at = _observed_at(rule, present)
    hold_s = rule.hold_s(present.interval_s)
    is_silent = rule.rule.condition is Condition.SILENT
    if at is not None and at + hold_s > now and not is_silent:
        entry.value = present.values.get(rule.judged)
        row = StoredRow(sensor, present.seq, at, at, present.values, present.flags)
        seen = rule.observation(row, rule.window())
        if seen is not None:
            entry.state = _holding(entry.state, seen, now)
    return entry


def _holding(state: State, seen: Observation, now: float) -> State:
    """Take over a value; if it exceeds the limit now, the clock decides when it fires."""
    state = replace(state, last_at=seen.at, signal=seen.signal)
    if seen.signal is not Signal.OVER:
        return state
    return replace(state, phase=Phase.PENDING, since=now, decided_until=now - _JUST_BEFORE_S)


def _observed_at(rule: LoadedRule, present: Present) -> float | None:
    return present.older.get(rule.judged, present.at)


def _restored(row: RuleState, rule: LoadedRule, present: Present, now: float, unwatched_s: float) -> Entry:
    state = State(row.decided_until, Phase(row.phase), row.since, row.clearing_since, row.last_at, Signal(row.signal))
    entry = Entry(rule, row.sensor_id, row.seq, state, row.alert_id, row.extreme, rule.window())
    if unwatched_s > UNWATCHED_S:
        entry.seq = present.seq
        phase = Phase.FIRING if state.is_open else Phase.OK
        entry.state = replace(state, decided_until=max(now, state.decided_until), phase=phase, signal=Signal.BETWEEN)
    if unwatched_s > UNHEARD_S and rule.rule.condition is Condition.SILENT and not state.is_open:
        entry.state = replace(entry.state, last_at=now, phase=Phase.OK)
    return entry


def _fill_window(connection: psycopg.Connection, entry: Entry, derive: Deriver | None) -> None:
    """Put the readings before the entry's state into the window of a rule about changes."""
    window, last_at = entry.loaded.window(), entry.state.last_at
    if window is None:
        return
    if last_at is not None:
        for row in span_of(connection, entry, last_at - entry.loaded.rule.within_s, last_at, derive):
            entry.loaded.observation(row, window)
    entry.window = window


def span_of(
    connection: psycopg.Connection, entry: Entry, start: float, end: float, derive: Deriver | None
) -> list[StoredRow]:
    """Read the last readings of a span of the entry's sensor, with what is derived by them."""
    if derive is None:
        return rows.span(connection, entry.sensor, start, end)
    found = derive.again().completed(rows.span(connection, entry.sensor, start - BELONGS_TOGETHER_S, end))
    return [row for row in found if row.at >= start - 1e-6]
