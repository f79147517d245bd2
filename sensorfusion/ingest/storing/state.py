"""The writer's copy of a sensor's state: updated by every reading of a transaction, written back once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sensorfusion.domain.liveness import KEPT_DELTAS, learn
from sensorfusion.domain.normalise import Value
from sensorfusion.ingest.steps.batch import Draft

TELLING = KEPT_DELTAS + 1  # the number of readings that determine all remembered intervals


@dataclass(slots=True)
class State:
    """The state row of one sensor. `readings.models.SensorState` documents the fields."""

    sensor: int
    seq: int
    observed_at: datetime | None
    stored_until: datetime | None
    values: dict[str, Value]
    flags: dict[str, int] | None
    older: dict[str, float]
    deltas: Sequence[float]
    rolled_up_until: datetime | None
    kept_from: datetime | None = None  # retention removed the readings before it, see readings.storage.retention
    excluded: Sequence[tuple[str, str, str]] | None = None  # quantity (empty: all), start and end, in RFC 3339
    received_at: datetime | None = None
    dirty_hours: set[datetime] = field(default_factory=set)
    is_first: bool = False  # no reading was stored before this transaction
    stored_seq: int = 0  # the seq in the database, checked by the write
    # Names that only readings ahead of time have had; kept as long as the writer caches the state.
    names_ahead: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stored_seq = self.seq

    def committed(self) -> None:
        """Reset what concerns only the committed transaction."""
        self.stored_seq = self.seq
        self.is_first = False
        self.dirty_hours.clear()

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def is_after_all(self, instant: datetime) -> bool:
        """Return whether the instant is later than every stored reading, so that none can be stored at it."""
        return self.stored_until is None or instant > self.stored_until

    def is_followed_by(self, drafts: Sequence[Draft]) -> bool:
        """Return whether the drafts are in order, none ahead of time, and all later than every stored reading."""
        last = self.stored_until
        if last is None or (self.kept_from is not None and drafts[0].observed_at < self.kept_from):
            return False
        for draft in drafts:
            if draft.observed_at <= last or draft.ahead or draft.is_verdict:
                return False
            last = draft.observed_at
        return True

    def follow(self, drafts: Sequence[Draft], *, received_at: datetime) -> None:
        """Apply an in-order run of readings at once; same result as `wrote` and `absorb` for each."""
        if self.rolled_up_until is not None and drafts[0].observed_at < self.rolled_up_until:
            for draft in drafts:
                self.wrote(draft.observed_at)
        self.received_at, self.stored_until = received_at, drafts[-1].observed_at
        for draft in self._telling(drafts):
            self.absorb(draft.observed_at, draft.values, draft.flags)

    def _telling(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """Skip readings that cannot change the state: only the last ones determine the values and the interval."""
        if len(drafts) <= TELLING or self.older or self.observed_at is None or self.excluded:
            return drafts
        names = self.values.keys()
        if any(draft.values.keys() != names for draft in drafts):
            return drafts
        self.observed_at = drafts[-TELLING - 1].observed_at
        return drafts[-TELLING:]

    def wrote(self, instant: datetime, *, received_at: datetime | None = None) -> None:
        """Record that the row at this instant is new or changed; `received_at` is None if no reading arrived for it."""
        self.received_at = received_at or self.received_at
        if self.stored_until is None:
            self.is_first = True
            self.stored_until = instant
        elif instant > self.stored_until:
            self.stored_until = instant
        if self.rolled_up_until is not None and instant < self.rolled_up_until:
            self.dirty_hours.add(instant.replace(minute=0, second=0, microsecond=0))

    def absorb(self, instant: datetime, values: dict[str, Value], flags: dict[str, int] | None) -> None:
        """Take over the values that are newer than the known ones, quantity by quantity, and not excluded."""
        if self.excluded and (names := self.excluded_at(instant, values)):
            values = {name: value for name, value in values.items() if name not in names}
            flags = {name: flag for name, flag in (flags or {}).items() if name in values} or None
            if not values:
                return
        if self.observed_at is not None and instant <= self.observed_at:
            self._absorb_late(instant, values, flags)
            return
        if self.observed_at is not None:
            self.deltas = learn(self.deltas, round((instant - self.observed_at).total_seconds(), 3))
            if self.older or not values.keys() >= self.values.keys():
                self._age(self.observed_at.timestamp(), values)
        self.observed_at = instant
        self._take(values, flags)

    def excluded_at(self, instant: datetime, names: Iterable[str]) -> list[str]:
        """Return those of a reading's quantities that are excluded at its instant."""
        found = {
            name
            for name, start, end in self.excluded or ()
            if datetime.fromisoformat(start) <= instant < datetime.fromisoformat(end)
        }
        return sorted(names if "" in found else found.intersection(names))

    def reflag(self, instant: datetime, names: Iterable[str], flags: Mapping[str, int]) -> None:
        """Take over the flags of those values that are the newest of their quantity."""
        shown = {name for name in names if name in self.values and self._observed(name) == instant.timestamp()}
        kept = {name: flag for name, flag in (self.flags or {}).items() if name not in shown}
        self.flags = {**kept, **{name: flags[name] for name in shown if name in flags}} or None

    def _observed(self, name: str) -> float | None:
        return self.older.get(name, self.observed_at.timestamp() if self.observed_at else None)

    def _age(self, at: float, values: dict[str, Value]) -> None:
        """Keep the instants of the quantities that are missing from the new reading."""
        self.older = {name: self.older.get(name, at) for name in self.values if name not in values}

    def _absorb_late(self, instant: datetime, values: dict[str, Value], flags: dict[str, int] | None) -> None:
        newer = {name: value for name, value in values.items() if self._is_newer(name, instant)}
        self._take(newer, {name: flag for name, flag in (flags or {}).items() if name in newer})
        if instant == self.observed_at:
            self.older = {name: at for name, at in self.older.items() if name not in newer}
        else:
            self.older.update(dict.fromkeys(newer, instant.timestamp()))

    def _is_newer(self, name: str, instant: datetime) -> bool:
        if name not in self.values:
            return True
        at = self.older.get(name)
        return instant == self.observed_at if at is None else instant.timestamp() >= at

    def _take(self, values: dict[str, Value], flags: dict[str, int] | None) -> None:
        self.values.update(values)
        if self.flags or flags:
            kept = {name: flag for name, flag in (self.flags or {}).items() if name not in values}
            self.flags = {**kept, **(flags or {})} or None
