"""Data types of the storing transaction: the write request, and the rows that the transaction has read or made."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from sensorfusion.domain.normalise import Value
from sensorfusion.ingest.steps.batch import Draft, Source

_json = msgspec.json.Encoder().encode


class WriteRequest(msgspec.Struct):
    """The readings of one request for one sensor."""

    source: Source
    received_at: datetime
    drafts: list[Draft]


class Row(msgspec.Struct):
    """A reading in this transaction: read from the database, or new."""

    sensor: int
    observed_at: datetime
    values: dict[str, Value]
    flags: dict[str, int] | None
    received_at: datetime
    seq: int
    stored_before: bool = True
    changed: bool = False
    # Encoded once, for the row and for the live stream:
    values_json: bytes = b""
    flags_json: bytes | None = None

    def write(self) -> None:
        self.values_json = _json(self.values)
        self.flags_json = _json(self.flags) if self.flags else None


class Rows:
    """The readings of a transaction in insertion order, indexed by sensor and instant only on the first look-up."""

    def __init__(self, found: Iterable[Row] = ()) -> None:
        self.all = list(found)
        self._by_place: dict[tuple[int, datetime], Row] = {}
        self._placed = 0

    def get(self, sensor: int, at: datetime) -> Row | None:
        for row in self.all[self._placed :]:
            self._by_place[row.sensor, row.observed_at] = row
        self._placed = len(self.all)
        return self._by_place.get((sensor, at))
