"""A sensor's state while its row is locked: counted on by every reading of the transaction, written back once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sensorfusion.domain.liveness import learn
from sensorfusion.domain.normalise import Value


@dataclass(slots=True)
class Tally:
    """The locked state row of one sensor. See `readings.models.SensorState` for what the fields mean."""

    sensor: int
    seq: int
    observed_at: datetime | None
    stored_until: datetime | None
    values: dict[str, Value]
    flags: dict[str, int] | None
    older: dict[str, float]
    deltas: Sequence[float]
    rolled_up_until: datetime | None
    received_at: datetime | None = None
    dirty_hours: set[datetime] = field(default_factory=set)
    is_first: bool = False  # nothing was stored before this transaction

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def is_after_all(self, instant: datetime) -> bool:
        """Whether nothing can be stored at this instant yet."""
        return self.stored_until is None or instant > self.stored_until

    def absorb(self, instant: datetime, values: dict[str, Value], flags: dict[str, int] | None) -> None:
        """Take over what is newer than what is known, quantity by quantity."""
        if self.observed_at is None or instant > self.observed_at:
            self._advance(instant, values)
            self.values.update(values)
            self._mark(values, flags)
            return
        newer = {name: value for name, value in values.items() if instant >= self._instant_of(name, instant)}
        self.values.update(newer)
        self._mark(newer, flags)
        if instant < self.observed_at:
            self.older.update(dict.fromkeys(newer, instant.timestamp()))
        else:
            for name in newer:
                self.older.pop(name, None)

    def _advance(self, instant: datetime, values: dict[str, Value]) -> None:
        if self.observed_at is not None:
            self.deltas = learn(self.deltas, (instant - self.observed_at).total_seconds())
            if self.older or not values.keys() >= self.values.keys():
                left = {name: self.observed_at.timestamp() for name in self.values if name not in values}
                self.older = left | {name: at for name, at in self.older.items() if name not in values}
        self.observed_at = instant

    def _instant_of(self, name: str, unknown: datetime) -> datetime:
        if name not in self.values:
            return unknown
        at = self.older.get(name)
        if at is None:
            return self.observed_at or unknown
        return datetime.fromtimestamp(at, tz=unknown.tzinfo)

    def _mark(self, taken: dict[str, Value], flags: dict[str, int] | None) -> None:
        if self.flags or flags:
            kept = {name: flag for name, flag in (self.flags or {}).items() if name not in taken}
            kept.update({name: flag for name, flag in (flags or {}).items() if name in taken})
            self.flags = kept or None

    def wrote(self, instant: datetime, *, received_at: datetime) -> None:
        """Note that a row at this instant is new or changed."""
        self.received_at = received_at
        if self.stored_until is None:
            self.is_first = True
        if self.stored_until is None or instant > self.stored_until:
            self.stored_until = instant
        if self.rolled_up_until is not None and instant < self.rolled_up_until:
            self.dirty_hours.add(instant.replace(minute=0, second=0, microsecond=0))
