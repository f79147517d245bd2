"""What the watcher writes: states, and the alerts that they caused. All of one look is one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import psycopg

from sensorfusion.alerts.evaluation.rules import LoadedRule
from sensorfusion.alerts.models import AlertEvent
from sensorfusion.domain.alert_rules.conditions import Window
from sensorfusion.domain.alert_rules.machine import Decision, Outcome, State

_FIRE: Final = """
INSERT INTO alert (uuid, rule_id, site_id, sensor_id, quantity, severity, rule_was, note, began_at, fired_at, value,
    outcome)
SELECT gen_random_uuid(), %(rule)s, %(site)s, id, %(quantity)s, %(severity)s, %(was)s, %(note)s,
    to_timestamp(%(since)s), to_timestamp(%(at)s), %(value)s, ''
FROM sensors_sensor WHERE id = %(sensor)s
RETURNING id
"""
_END: Final = """
UPDATE alert SET ended_at = greatest(to_timestamp(%s), fired_at), outcome = %s, extreme = %s
WHERE id = %s AND ended_at IS NULL
"""
# What happened is told after the commit (`messages/teller.py`).
_EVENT: Final = """
WITH event AS (
    INSERT INTO alert_event (alert_id, at, action) VALUES (%s, to_timestamp(%s), %s) RETURNING id
)
INSERT INTO alert_untold (event_id) SELECT id FROM event
"""
_LEAVE: Final = """
WITH gone AS (
    DELETE FROM alert_rule_state AS state USING unnest(%(rules)s::bigint[], %(sensors)s::int[]) AS each (rule, sensor)
    WHERE state.rule_id = each.rule AND state.sensor_id = each.sensor
), ended AS (
    UPDATE alert SET ended_at = greatest(to_timestamp(%(at)s), fired_at), outcome = %(outcome)s
    FROM unnest(%(rules)s::bigint[], %(sensors)s::int[]) AS each (rule, sensor)
    WHERE alert.rule_id = each.rule AND alert.sensor_id = each.sensor AND ended_at IS NULL
    RETURNING alert.id, ended_at
), event AS (
    INSERT INTO alert_event (alert_id, at, action) SELECT id, ended_at, %(outcome)s FROM ended RETURNING id
)
INSERT INTO alert_untold (event_id) SELECT id FROM event
"""
_SAVE: Final = """
INSERT INTO alert_rule_state AS state (rule_id, sensor_id, seq, phase, decided_until, since, clearing_since, last_at,
    signal, alert_id, extreme)
SELECT each.* FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::float8[], %s::float8[], %s::float8[],
    %s::float8[], %s::text[], %s::bigint[], %s::float8[]) AS each (rule, sensor)
JOIN sensors_sensor ON sensors_sensor.id = each.sensor
ON CONFLICT (rule_id, sensor_id) DO UPDATE SET seq = excluded.seq, phase = excluded.phase,
    decided_until = excluded.decided_until, since = excluded.since, clearing_since = excluded.clearing_since,
    last_at = excluded.last_at, signal = excluded.signal, alert_id = excluded.alert_id, extreme = excluded.extreme
"""


@dataclass(slots=True)
class Entry:
    """A rule on one sensor, in the watcher's memory.

    A value holds for `hold_s`; the clock changes nothing before `due_at`.
    """

    loaded: LoadedRule
    sensor: int
    seq: int
    state: State
    alert: int | None = None
    extreme: float | None = None
    window: Window | None = None
    value: object = None
    hold_s: float = 0.0
    due_at: float = 0.0
    is_changed: bool = True


def apply(connection: psycopg.Connection, entry: Entry, decisions: Sequence[Decision]) -> None:
    """Write what decisions caused. The entry's state must be saved in the same transaction."""
    for each in decisions:
        if each.outcome is Outcome.FIRED:
            row = connection.execute(_FIRE, _fired(entry, each)).fetchone()
            entry.alert, entry.extreme = (row[0] if row else None), _number(entry.value)
        elif entry.alert is not None:
            connection.execute(_END, [each.at, each.outcome.value, entry.extreme, entry.alert])
        if entry.alert is not None:
            connection.execute(_EVENT, [entry.alert, each.at, each.outcome.value])
        if each.outcome is not Outcome.FIRED:
            entry.alert = entry.extreme = None


def leave(connection: psycopg.Connection, keys: Collection[tuple[int, int]], *, at: float) -> None:
    """End the alerts of sensors that their rules concern no more, such as at another site, and forget their states."""
    if keys:
        rules, sensors = [rule for rule, _ in keys], [sensor for _, sensor in keys]
        given = {"rules": rules, "sensors": sensors, "at": at, "outcome": AlertEvent.LEFT_RULE}
        connection.execute(_LEAVE, given)


def store_states(connection: psycopg.Connection, entries: Sequence[Entry]) -> None:
    """Write the states of entries."""
    columns: list[list[Any]] = [list(column) for column in zip(*(_columns(each) for each in entries), strict=True)]
    if columns:
        connection.execute(_SAVE, columns)
    for each in entries:
        each.is_changed = False


def _fired(entry: Entry, decision: Decision) -> dict[str, Any]:
    loaded = entry.loaded
    # Silence is told from the last reading on.
    since = entry.state.last_at if loaded.silent_s and entry.state.last_at is not None else decision.since
    return {
        "rule": loaded.id,
        "site": loaded.site,
        "sensor": entry.sensor,
        "quantity": loaded.quantity,
        "severity": loaded.severity,
        "was": msgspec.json.encode(loaded.was).decode(),
        "note": loaded.note,
        "since": min(since, decision.at),
        "at": decision.at,
        "value": msgspec.json.encode(entry.value).decode(),
    }


def _columns(entry: Entry) -> tuple[Any, ...]:
    state = entry.state
    return (
        entry.loaded.id, entry.sensor, entry.seq, state.phase.value, state.decided_until, state.since,
        state.clearing_since, state.last_at, state.signal.value, entry.alert, entry.extreme,
    )  # fmt: skip


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
