"""The one transaction that stores readings: lock the sensors' states, tell new from known, write rows, write states, commit.

Why it is exact: whoever holds a sensor's state row is the only one writing that sensor's readings. So `seq` grows without gaps in commit
order, a reading later than everything stored cannot conflict with anything, and only the others are looked up. States are locked in id
order, so two writers wait for each other but never deadlock. Nothing here reads history: the cost does not depend on what is stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import psycopg

from sensorfusion.domain.normalise import Value
from sensorfusion.events.messages import StoredReading
from sensorfusion.ingest import statements
from sensorfusion.ingest.batch import Draft, Outcome, Source
from sensorfusion.ingest.tally import Tally
from sensorfusion.readings.wire import encode

_json = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Parcel:
    """The readings of one request."""

    source: Source
    received_at: datetime
    drafts: list[Draft]


@dataclass(slots=True)
class Row:
    """A reading that this transaction has seen: stored before, or new."""

    sensor: int
    observed_at: datetime
    values: dict[str, Value]
    flags: dict[str, int] | None
    received_at: datetime
    seq: int
    stored_before: bool
    changed: bool
    values_json: bytes = b""  # written once, for the row and for the stream
    flags_json: bytes | None = None


Rows = dict[tuple[int, datetime], Row]


@dataclass(frozen=True, slots=True)
class Committed:
    """What a transaction did: one outcome per parcel (None: the sensor is gone), and the changes for the live stream in seq order."""

    outcomes: list[Outcome | None]
    changes: list[StoredReading]


def store(connection: psycopg.Connection, parcels: Sequence[Parcel]) -> Committed:
    """Store the parcels in one transaction and return after COMMIT.

    Months of the readings must exist (see `readings.partitions`).
    :raises psycopg.Error: nothing of any parcel is stored then.
    """
    with connection.transaction():
        tallies = _lock(connection, {parcel.source.sensor for parcel in parcels})
        rows = _find_stored(connection, parcels, tallies)
        outcomes = [_apply(parcel, tallies.get(parcel.source.sensor), rows) for parcel in parcels]
        changed = [row for row in rows.values() if row.changed]
        if changed:
            _write(connection, changed, tallies)
    names = {parcel.source.sensor: parcel.source.uuid for parcel in parcels}
    return Committed(outcomes, [_encoded(row, names[row.sensor]) for row in sorted(changed, key=_order)])


def _lock(connection: psycopg.Connection, sensors: set[int]) -> dict[int, Tally]:
    tallies = _lock_existing(connection, sensors)
    missing = sensors - tallies.keys()
    if missing and connection.execute(statements.MAKE_STATES, [list(missing)]).rowcount:
        tallies = _lock_existing(connection, sensors)
    return tallies


def _lock_existing(connection: psycopg.Connection, sensors: set[int]) -> dict[int, Tally]:
    found = connection.execute(statements.LOCK_STATES, [list(sensors)], prepare=True)
    return {row[0]: Tally(*row) for row in found}


def _find_stored(connection: psycopg.Connection, parcels: Iterable[Parcel], tallies: dict[int, Tally]) -> Rows:
    """Look up the readings that may be stored already: those not later than everything their sensor has."""
    asked = {
        (tally.sensor, draft.observed_at)
        for parcel in parcels
        if (tally := tallies.get(parcel.source.sensor))
        for draft in parcel.drafts
        if not tally.is_after_all(draft.observed_at)
    }
    if not asked:
        return {}
    sensors, instants = zip(*asked, strict=True)
    found = connection.execute(statements.FIND_STORED, [list(sensors), statements.timestamps(instants)])
    return {(row[0], row[1]): Row(*row, stored_before=True, changed=False) for row in found}


def _apply(parcel: Parcel, tally: Tally | None, rows: Rows) -> Outcome | None:
    if tally is None:
        return None
    accepted = sum(_apply_one(draft, tally, rows, parcel.received_at) for draft in parcel.drafts)
    return Outcome(accepted, len(parcel.drafts) - accepted, tally.seq)


def _apply_one(draft: Draft, tally: Tally, rows: Rows, received_at: datetime) -> bool:
    """Add the reading, or merge it into the one at the same instant; return False when it says nothing new."""
    place = (tally.sensor, draft.observed_at)
    row = rows.get(place)
    if row is None:
        rows[place] = Row(
            tally.sensor, draft.observed_at, draft.values, draft.flags, received_at, tally.next_seq(), False, True
        )
    elif not _merge(row, draft):
        return False
    else:
        row.received_at = received_at
        if not row.changed:  # a row changed twice before anybody saw it is one change
            row.changed = True
            row.seq = tally.next_seq()
    tally.wrote(draft.observed_at, received_at=received_at)
    if not draft.ahead:
        tally.absorb(draft.observed_at, draft.values, draft.flags)
    return True


def _merge(row: Row, draft: Draft) -> bool:
    values = {**row.values, **draft.values}
    kept = {name: flag for name, flag in (row.flags or {}).items() if name not in draft.values}
    flags = {**kept, **(draft.flags or {})} or None
    if values == row.values and flags == row.flags and _same_types(values, row.values):
        return False
    row.values, row.flags = values, flags
    return True


def _same_types(one: dict[str, Value], other: dict[str, Value]) -> bool:
    """Tell 1 from True, which Python calls equal; 60 and 60.0 are the same number."""
    return all(isinstance(value, bool) == isinstance(other[name], bool) for name, value in one.items())


def _write(connection: psycopg.Connection, changed: Sequence[Row], tallies: dict[int, Tally]) -> None:
    for row in changed:
        row.values_json = _json(row.values)
        row.flags_json = _json(row.flags) if row.flags else None
    statements.insert(connection, [row for row in changed if not row.stored_before])
    statements.update(connection, [row for row in changed if row.stored_before])
    touched = [tallies[sensor] for sensor in sorted({row.sensor for row in changed})]
    statements.write_states(connection, touched)
    statements.mark_dirty(connection, touched)


def _encoded(row: Row, uuid: str) -> StoredReading:
    wire = encode(
        uuid=uuid,
        seq=row.seq,
        observed_at=row.observed_at,
        received_at=row.received_at,
        values_json=row.values_json,
        flags_json=row.flags_json,
    )
    return StoredReading(row.sensor, row.seq, wire, row.observed_at, row.received_at)


def _order(row: Row) -> tuple[int, int]:
    return row.sensor, row.seq
