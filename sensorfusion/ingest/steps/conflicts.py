"""Readings of one request that have the same instant: different values of one quantity are never silently one.

Such readings become one in the database. What a later one adds to an earlier one is kept; a value that differs from an
earlier one's is rejected, so that the receipt says what exists afterwards. As long as instants increase, this costs one
comparison per reading.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sensorfusion.domain.normalise import Value, conflicting
from sensorfusion.domain.repeated import is_other
from sensorfusion.ingest.steps.batch import Draft
from sensorfusion.ingest.steps.receipts import Rejected


class Instants:
    """The instants of a request's readings so far."""

    __slots__ = ("_at", "_drafts", "_given", "_latest", "_places", "_seen")

    def __init__(self, drafts: list[Draft], places: Sequence[int] | None = None) -> None:
        self._drafts = drafts
        self._places = places  # of the readings in a gateway's request
        self._latest: datetime | None = None
        self._seen = 0
        self._at: dict[datetime, Draft] = {}
        self._given: dict[datetime, dict[str, Draft]] = {}

    def add(self, draft: Draft) -> Sequence[Rejected]:
        """Add a reading to the drafts, without what earlier ones of its instant hold; return the values that differ.

        A reading that only repeats earlier values stays, empty, to be counted as a duplicate.
        """
        at = draft.observed_at
        if self._latest is None or at > self._latest:
            self._latest = at
        elif first := self._first(at):
            if at not in self._given:
                self._given[at] = dict.fromkeys(first.values, first)
            return self._add_beside(draft, self._given[at])
        self._drafts.append(draft)
        return ()

    def _add_beside(self, draft: Draft, given: dict[str, Draft]) -> Sequence[Rejected]:
        conflicts = list(self._conflicts(draft, given))
        if len(conflicts) == len(draft.values):
            return conflicts
        draft.values = {name: value for name, value in draft.values.items() if name not in given}
        flags = {name: flag for name, flag in (draft.flags or {}).items() if name not in given}
        draft.flags = flags if flags and draft.values else None
        given |= dict.fromkeys(draft.values, draft)
        self._drafts.append(draft)
        return conflicts

    def _first(self, at: datetime) -> Draft | None:
        for draft in self._drafts[self._seen :]:
            self._at.setdefault(draft.observed_at, draft)
        self._seen = len(self._drafts)
        return self._at.get(at)

    def _conflicts(self, draft: Draft, given: Mapping[str, Draft]) -> Iterator[Rejected]:
        for name, value in draft.values.items():
            earlier = given.get(name)
            if earlier is not None and is_other(earlier.values[name], value):
                yield self._rejected(draft, name, value, earlier)

    def _rejected(self, draft: Draft, name: str, value: Value, earlier: Draft) -> Rejected:
        place = self._places[earlier.index] if self._places else earlier.index
        refused = conflicting(name, earlier.values[name], value, f"in reading {place}, at the same instant")
        return Rejected(draft.index, name, refused.code, refused.detail)
