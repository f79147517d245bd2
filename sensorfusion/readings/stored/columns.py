"""A quantity's readings of a sensor as columns, ten days at a time: an eighth of the time that rows of Python take.

Columns of the past are kept, for forms ask for them again with each change. They hold until a reading of their ten days
is stored or corrected, until a value of the sensor is excluded, or until retention removes readings.
"""

import sys
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final

import msgspec

from sensorfusion.events.prepared import fetch_binary, fetch_one
from sensorfusion.readings.stored.excluded import COUNTS
from sensorfusion.readings.stored.selection import select

KEPT_BYTES: Final = 32 << 20  # a year of one-minute readings is 9 MB
SPAN: Final = timedelta(days=10)  # at a reading each second 75 MB while they are read
SETTLED_AFTER: Final = timedelta(days=1)  # what is newer changes with each reading
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
_EPOCH_US: Final = 946_684_800_000_000
_IS_LITTLE: Final = sys.byteorder == "little"
_READ: Final = select(
    "string_agg(timestamptz_send(r.observed_at), ''), string_agg((r.\"values\" -> %(name)s)::text, ','),"
    " string_agg(coalesce(r.flags ->> %(name)s, '0'), '')",
    since="%(start)s",
    before="%(end)s",
    is_timely=True,
    where=COUNTS,
)
# What was stored or corrected since a seq, by the index of seqs; and what changes without one.
_CHANGED: Final = f"""
SELECT state.seq, (
    SELECT min(observed_at) FROM ({select("r.observed_at", after_seq="%(seq)s", then="OFFSET 0")}) AS changed
), sensor.uuid, state.raw_kept_from,
    (SELECT array[count(*)::text, max(id)::text, max(restored_at)::text] FROM exclusion WHERE sensor_id = %(sensor)s)
FROM sensor_state AS state JOIN sensors_sensor AS sensor ON sensor.id = state.sensor_id WHERE sensor_id = %(sensor)s
"""
Place = tuple[int, str]  # a sensor and a quantity


@dataclass(frozen=True, slots=True)
class Columns:
    """Instants in microseconds since 2000, ascending, each with its value and the digit of its flag, 0 without one."""

    at: Sequence[int]
    values: Sequence[Any]
    flags: bytes

    def __getitem__(self, part: slice) -> "Columns":
        return Columns(self.at[part], self.values[part], self.flags[part])

    @property
    def size(self) -> int:
        return 8 * len(self.at) + 8 * len(self.values) + len(self.flags)


@dataclass(slots=True)
class _Kept:
    seq: int
    stamp: tuple[Any, ...]
    spans: dict[datetime, Columns]

    @property
    def size(self) -> int:
        return sum(each.size for each in self.spans.values())


class KeptColumns:
    """The columns that were read last, in at most `most` bytes."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._kept: OrderedDict[Place, _Kept] = OrderedDict()
        self._lock = Lock()

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def has(self, place: Place) -> bool:
        return place in self._kept

    def of(self, place: Place, changes: Callable[[int], tuple[Any, ...] | None]) -> dict[datetime, Columns]:
        """Return the columns that still hold, by their first instant; what is added to them is kept.

        :param changes: tells the newest seq, the first instant that changed after a seq, and a stamp of all else.
        """
        with self._lock:
            kept = self._kept.get(place)
        now = changes(kept.seq if kept else sys.maxsize)
        if now is None:
            return {}
        seq, first, *stamp = now
        spans: dict[datetime, Columns] = {}
        if kept and kept.stamp == tuple(stamp):
            spans = {each: one for each, one in kept.spans.items() if first is None or each + SPAN <= first}
        with self._lock:
            self._kept[place] = _Kept(seq, tuple(stamp), spans)
            self._kept.move_to_end(place)
        return spans

    def trim(self, place: Place, *, size: int) -> None:
        """Forget what was read least recently; also a place of which not all could be kept."""
        with self._lock:
            if size > self._most:
                self._kept.pop(place, None)
            while self._kept and sum(each.size for each in self._kept.values()) > self._most:
                self._kept.popitem(last=False)


kept_columns: Final = KeptColumns()


def epoch_s(at: int) -> float:
    """Return an instant of columns in epoch seconds."""
    return (at + _EPOCH_US) / 1e6


def is_kept(sensor: int, name: str) -> bool:
    """Return whether columns of a quantity were read a short time ago."""
    return kept_columns.has((sensor, name))


def columns(sensor: int, name: str, start: datetime, end: datetime) -> Iterator[Columns]:
    """Yield the timely readings of [start, end) with a value that is not excluded, in the snapshot of the caller."""
    asked = {"sensor": sensor, "name": name}
    spans = kept_columns.of((sensor, name), lambda seq: fetch_one(_CHANGED, {**asked, "seq": seq}))
    size = sum(each.size for each in spans.values())
    first = EPOCH + (start - EPOCH) // SPAN * SPAN
    while first < end:
        following = first + SPAN
        if (found := spans.get(first)) is None:
            found = _read({**asked, "start": first, "end": min(following, end)})
            size += found.size
            if following <= end - SETTLED_AFTER and size <= KEPT_BYTES:
                spans[first] = found
        yield _clipped(found, start, end)
        first = following
    kept_columns.trim((sensor, name), size=size)


def _read(asked: dict[str, Any]) -> Columns:
    [(sent, values, flags)] = fetch_binary(_READ, asked)
    if sent is None:
        return Columns(array("q"), (), b"")
    at = array("q", sent)
    if _IS_LITTLE:
        at.byteswap()
    return _ordered(Columns(at, _values(values), flags.encode()))


def _values(text: str) -> Sequence[Any]:
    """Read values; numbers are put where each takes 8 bytes, and equal texts are one."""
    found: list[Any] = msgspec.json.decode(f"[{text}]")
    kinds = set(map(type, found))
    if kinds <= {int, float}:
        return array("d", found)
    if kinds == {str}:
        known: dict[str, str] = {}
        return [known.setdefault(each, each) for each in found]
    return found


def _ordered(found: Columns) -> Columns:
    """Order by instants; readings lie in the order in which they came, which is nearly always the same."""
    at = list(found.at)
    if at == sorted(at):
        return found
    order = sorted(range(len(at)), key=at.__getitem__)
    values = [found.values[each] for each in order]
    kept = array("d", values) if isinstance(found.values, array) else values
    return Columns(array("q", [at[each] for each in order]), kept, bytes(found.flags[each] for each in order))


def _clipped(found: Columns, start: datetime, end: datetime) -> Columns:
    low, high = (bisect_left(found.at, _micros(each)) for each in (start, end))
    return found if (low, high) == (0, len(found.at)) else found[low:high]


def _micros(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)
