"""One rule on one sensor follows the readings, and plans when the clock may next decide something."""

from collections.abc import Callable, Iterable
from typing import Final

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.evaluation.writes import Entry
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.machine import Decision, Observation, Phase, Step, next_at, observe
from sensorfusion.domain.alert_rules.passing import passed
from sensorfusion.domain.normalise import is_number

NEVER: Final = float("inf")
# Judges what is pending or fires again from its beginning.
Repeated = Callable[[Entry], Step]


def follow(entry: Entry, rows: Iterable[StoredRow], repeated: Repeated) -> tuple[Decision, ...]:
    """Judge the new ones of some readings, which are in order of observation."""
    decisions: tuple[Decision, ...] = ()
    is_again = False
    for row in rows:
        if row.seq <= entry.seq:
            continue
        if _is_old(entry, row):  # late, corrected, or said again because others were excluded
            is_again = is_again or entry.state.phase is not Phase.OK
            continue
        seen = entry.loaded.observation(row, entry.window)
        if seen is not None:
            _note(entry, row)
            decisions += _observe(entry, seen)
    if is_again and not decisions and entry.state.phase is not Phase.OK:
        entry.state, decisions = repeated(entry)
        plan(entry)
    return decisions


def plan(entry: Entry) -> None:
    """Note when the clock may next decide something."""
    due = next_at(entry.loaded.rule, entry.state, hold_s=entry.hold_s)
    entry.due_at = NEVER if due is None else due


def _observe(entry: Entry, seen: Observation) -> tuple[Decision, ...]:
    rule, hold_s = entry.loaded.rule, entry.hold_s
    newer = passed(rule, entry.state, seen, hold_s=hold_s)
    if newer is not None:  # nothing is due earlier than it was, but the end of a hold that had ended
        entry.state, entry.due_at = newer, min(entry.due_at, (newer.last_at or 0.0) + hold_s)
        return ()
    entry.state, decided = observe(rule, entry.state, seen, hold_s=hold_s)
    plan(entry)
    return decided


def _is_old(entry: Entry, row: StoredRow) -> bool:
    last_at = entry.state.last_at
    if last_at is None or entry.loaded.rule.condition is Condition.SILENT:
        return False
    return row.at < last_at or (row.at == last_at and entry.state.phase is not Phase.OK)


def _note(entry: Entry, row: StoredRow) -> None:
    """Remember the value, and the most extreme one of an open alert."""
    value = row.values.get(entry.loaded.judged)
    entry.value = value
    if entry.state.is_open and is_number(value):
        is_low = entry.loaded.rule.condition in (Condition.BELOW, Condition.FALLS)
        found = value if entry.extreme is None else (min if is_low else max)(entry.extreme, value)
        entry.extreme = float(found)
