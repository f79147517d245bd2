"""The transaction that stores readings: separate new readings from known ones, write rows, advance the states, commit.

It is exact because every write of a sensor's readings advances the `seq` of its state row in the same transaction, and
only from the value that the writer started from (optimistic locking). So `seq` grows without gaps in commit order, and
of two concurrent writers only one succeeds. A reading later than everything stored cannot conflict; only the others
are looked up. History is never scanned: the cost does not depend on how much is stored.

The writer caches the states it wrote. As long as no other process writes the same sensors, which is nearly always, a
group takes one statement and one round trip. Otherwise that statement fails as a whole, and the group is retried with
the state rows locked in id order, so that two writers wait for each other but never deadlock.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg

from sensorfusion.domain.device_clock import is_ahead
from sensorfusion.domain.normalise import MAX_QUANTITIES, Value
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.repeated import is_other
from sensorfusion.events.messages import StoredReading
from sensorfusion.ingest.steps.batch import Draft, Outcome
from sensorfusion.ingest.steps.checking import CLOCK
from sensorfusion.ingest.steps.receipts import Rejected
from sensorfusion.ingest.storing import names, statements
from sensorfusion.ingest.storing.prepared import prepare
from sensorfusion.ingest.storing.rows import Row, Rows, WriteRequest
from sensorfusion.ingest.storing.state import State
from sensorfusion.readings.storage.wire import as_shown, instant

States = dict[int, State]


@dataclass(frozen=True, slots=True)
class Committed:
    """The result of a transaction.

    `outcomes` has one element per write request, None if its sensor was deleted; `changes` are in order of seq.
    """

    outcomes: list[Outcome | None]
    changes: list[StoredReading]


def store(
    connection: psycopg.Connection,
    write_requests: Sequence[WriteRequest],
    remembered: States,
    *,
    most_names: int = MAX_QUANTITIES,
) -> Committed:
    """Store the write requests in one transaction and return after COMMIT.

    The connection must be in autocommit mode, and the partitions of the readings' months must exist (see
    `readings.stored.partitions`). `remembered` is the cache of states of earlier calls on the same database; it is
    updated here. A sensor has at most `most_names` quantities.

    :raises psycopg.Error: nothing of any write request is stored.
    """
    try:
        return _store_somehow(connection, write_requests, remembered, most_names)
    except psycopg.errors.InvalidSqlStatementName:
        prepare(connection, statements.PREPARED)
        return _store_somehow(connection, write_requests, remembered, most_names)


def _store_somehow(
    connection: psycopg.Connection, write_requests: Sequence[WriteRequest], remembered: States, most_names: int
) -> Committed:
    try:
        return _store(connection, write_requests, remembered, most_names, hold=False)
    except (psycopg.errors.SerializationFailure, psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected):
        with connection.transaction():
            return _store(connection, write_requests, remembered, most_names, hold=True)


def _store(
    connection: psycopg.Connection,
    write_requests: Sequence[WriteRequest],
    remembered: States,
    most_names: int,
    *,
    hold: bool,
) -> Committed:
    sensors = {write_request.source.sensor: write_request.source.uuid for write_request in write_requests}
    # Removed from the cache until the commit, so that after any failure a possibly stale state is not used again.
    states = {sensor: state for sensor in sensors if (state := remembered.pop(sensor, None)) and not hold}
    states |= _read_states(connection, [sensor for sensor in sensors if sensor not in states], hold=hold)
    rows = _find_stored(connection, write_requests, states)
    outcomes = [
        _apply(write_request, states.get(write_request.source.sensor), rows, most_names)
        for write_request in write_requests
    ]
    changed = [row for row in rows.all if row.changed]
    if changed:
        _write(connection, changed, states)
    for state in states.values():
        state.committed()
    remembered |= states
    excluding = {sensor: state for sensor, state in states.items() if state.excluded}
    return Committed(outcomes, [_announced(row, sensors[row.sensor], excluding) for row in changed])


def _read_states(connection: psycopg.Connection, sensors: list[int], *, hold: bool) -> States:
    if not sensors:
        return {}
    query = statements.LOCK_STATES if hold else statements.READ_STATES
    states = _states(connection, query, sensors)
    missing = [sensor for sensor in sensors if sensor not in states]
    if missing:
        # If another writer creates them first, this creates none; only their existence matters.
        connection.execute(statements.MAKE_STATES, [missing])
        states = _states(connection, query, sensors)
    return states


def _states(connection: psycopg.Connection, query: str, sensors: list[int]) -> States:
    return {row[0]: State(*row) for row in connection.execute(query, [sensors])}


def _find_stored(connection: psycopg.Connection, write_requests: Iterable[WriteRequest], states: States) -> Rows:
    """Look up the readings that may be stored already: those not later than everything stored for their sensor."""
    asked = {
        (state.sensor, draft.observed_at)
        for write_request in write_requests
        if (state := states.get(write_request.source.sensor))
        for draft in write_request.drafts
        if not state.is_after_all(draft.observed_at)
    }
    if not asked:
        return Rows()
    sensors, instants = zip(*asked, strict=True)
    found = connection.execute(statements.FIND_STORED, [list(sensors), statements.timestamps(instants)])
    return Rows(Row(*row) for row in found)


def _apply(write_request: WriteRequest, state: State | None, rows: Rows, most_names: int) -> Outcome | None:
    if state is None:
        return None
    drafts: Sequence[Draft] = write_request.drafts
    refused: tuple[Rejected, ...] = ()
    if len(drafts) != 1 or len(state.values) + len(state.names_ahead) + len(drafts[0].values) > most_names:
        drafts, refused = names.limited(state, drafts, most_names)
    if drafts and state.is_followed_by(drafts):
        return _append(drafts, state, rows, received_at=write_request.received_at, refused=refused)
    accepted = 0
    rejected: list[Rejected] = []
    for draft in drafts:
        if state.kept_from is not None and draft.observed_at < state.kept_from and not draft.is_verdict:
            rejected.append(_too_old(draft, state.kept_from))
        else:
            accepted += _apply_one(draft, state, rows, write_request.received_at)
    return Outcome(accepted, len(drafts) - accepted - len(rejected), state.seq, (*refused, *rejected))


def _append(
    drafts: Sequence[Draft], state: State, rows: Rows, *, received_at: datetime, refused: tuple[Rejected, ...]
) -> Outcome:
    """Add readings that are in order and later than everything stored; nearly all requests are like this."""
    first = state.seq + 1
    rows.all += [
        Row(state.sensor, draft.observed_at, draft.values, draft.flags, received_at, seq, False, True)
        for seq, draft in enumerate(drafts, first)
    ]
    state.seq += len(drafts)
    state.follow(drafts, received_at=received_at)
    return Outcome(len(drafts), 0, state.seq, refused)


def _too_old(draft: Draft, kept_from: datetime) -> Rejected:
    """Reject a reading older than the retention limit: it would be removed again, and its hour's rollups are final."""
    detail = (
        f"{instant(draft.observed_at)} is before {instant(kept_from)}, the limit of this sensor's retention: "
        "older readings were removed according to the site's settings, and their rollups are final"
    )
    return Rejected(draft.index, None, "too_old", detail)


def _apply_one(draft: Draft, state: State, rows: Rows, received_at: datetime) -> bool:
    """Insert the reading, or merge it into the one at the same instant; return False if nothing changed."""
    at, sensor = draft.observed_at, state.sensor
    row = rows.get(sensor, at)
    if draft.is_verdict:
        return row is not None and _reflag(draft, row, state)
    if row is None:
        row = Row(
            sensor, at, draft.values, draft.flags, received_at, state.next_seq(), stored_before=False, changed=True
        )
        rows.all.append(row)
    elif not _merge(row, draft):
        return False
    elif row.changed:  # changed twice in one transaction: one change and one seq
        row.received_at = received_at
    else:
        row.received_at = received_at
        row.changed = True
        row.seq = state.next_seq()
    state.wrote(at, received_at=received_at)
    if draft.ahead:
        state.names_ahead.update(draft.values)
    else:
        given = draft.values.keys() | (draft.flags or {}).keys()
        state.absorb(at, draft.values, {name: flag for name, flag in (row.flags or {}).items() if name in given})
    return True


def _merge(row: Row, draft: Draft) -> bool:
    values = {**row.values, **draft.values}
    flags = _merged_flags(row, draft)
    if not draft.ahead and is_ahead(row.observed_at, received_at=row.received_at):
        flags = _confirmed_flags(row, draft, flags)
    if values == row.values and flags == row.flags and _same_types(values, row.values):
        return False
    row.values, row.flags = values, flags
    return True


def _merged_flags(row: Row, draft: Draft) -> dict[str, int] | None:
    """Return the flags of the merged reading. A value that is sent again keeps its worse flag.

    Its flag may come from a check against its neighbours, or against a value that this reading does not repeat.
    """
    flags = {
        name: flag
        for name, flag in (row.flags or {}).items()
        if name not in draft.values or not is_other(draft.values[name], row.values.get(name))
    }
    for name, flag in (draft.flags or {}).items():
        flags[name] = max(flag, flags.get(name, 0))
    return flags or None


def _confirmed_flags(row: Row, draft: Draft, flags: dict[str, int] | None) -> dict[str, int] | None:
    """Return the flags of a reading in time that is merged into one of a clock that was ahead.

    The instant is right now, so the other values of it, which are of another time, must not begin to count.
    """
    of_another_time = dict.fromkeys(row.values.keys() - draft.values.keys(), int(Flag.BAD))
    confirmed = {**(flags or {}), **of_another_time}
    confirmed.pop(CLOCK, None)
    return {**confirmed, **{name: flag for name, flag in (draft.flags or {}).items() if name == CLOCK}} or None


def _reflag(draft: Draft, row: Row, state: State) -> bool:
    """Set new flags on the values that are still equal to the judged ones; return False if nothing changed."""
    judged = [name for name, value in draft.values.items() if name in row.values and row.values[name] == value]
    given = draft.flags or {}
    flags = {name: flag for name, flag in (row.flags or {}).items() if name not in judged}
    flags |= {name: given[name] for name in judged if name in given}
    if flags == (row.flags or {}):
        return False
    row.flags = flags or None
    if not row.changed:
        row.changed = True
        row.seq = state.next_seq()
    state.wrote(row.observed_at)
    state.reflag(row.observed_at, judged, given)
    return True


def _same_types(one: dict[str, Value], other: dict[str, Value]) -> bool:
    """Distinguish 1 from True, which are equal in Python; 60 and 60.0 count as the same number."""
    return all(isinstance(value, bool) == isinstance(other[name], bool) for name, value in one.items())


def _write(connection: psycopg.Connection, changed: Sequence[Row], states: States) -> None:
    touched = [states[sensor] for sensor in sorted({row.sensor for row in changed})]
    new = [row for row in changed if not row.stored_before]
    merged = [row for row in changed if row.stored_before]
    is_plain = not merged and not any(state.is_first or state.dirty_hours for state in touched)
    if is_plain and len(new) < statements.COPY_FROM_ROWS:
        for row in new:
            row.write()
        statements.advance_and_insert(connection, touched, new)
        return
    with connection.transaction():
        statements.advance(connection, touched)
        statements.insert(connection, _written(new), count=len(new))
        statements.update(connection, _written(merged))
        statements.activate(connection, [state.sensor for state in touched if state.is_first])
        statements.mark_dirty(connection, touched)


def _written(rows: Iterable[Row]) -> Iterator[Row]:
    """Encode rows lazily, so that PostgreSQL stores the first ones while the last are being encoded."""
    for row in rows:
        row.write()
        yield row


def _announced(row: Row, uuid: str, excluding: States) -> StoredReading:
    state = excluding.get(row.sensor)
    excluded = state.excluded_at(row.observed_at, row.values) if state else None
    shown = as_shown(uuid, row.seq, row.observed_at, row.received_at, row.values_json, row.flags_json, excluded)
    return StoredReading(row.sensor, row.seq, shown, row.observed_at, row.received_at)
