"""Limits the number of quantity names of a sensor: each is in its state, which every write rewrites, and on its pages.

A device that puts a counter or a time into its names would otherwise slow down all writes and rollups. Names that the
sensor has already are never refused, also when it has more than the limit. The names of a request are compared at once,
so that the check costs next to nothing until the limit is near.
"""

from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from sensorfusion.ingest.steps.batch import Draft
from sensorfusion.ingest.steps.receipts import Rejected
from sensorfusion.ingest.storing.state import State

CODE: Final = "too_many_names"


def limited(state: State, drafts: Sequence[Draft], most: int) -> tuple[Sequence[Draft], tuple[Rejected, ...]]:
    """Return the drafts without names beyond the limit, and those names; a draft that has no value left is left out."""
    if _fit(state, drafts, most):
        return drafts, ()
    known = {*state.values, *state.names_ahead}
    kept: list[Draft] = []
    rejected: list[Rejected] = []
    for draft in drafts:
        new = [] if draft.is_verdict else [name for name in draft.values if name not in known]
        room = max(0, most - len(known))
        known.update(new[:room])
        rejected += [Rejected(draft.index, name, CODE, _detail(name, most)) for name in new[room:]]
        if len(new) <= room:
            kept.append(draft)
        elif len(new) - room < len(draft.values):
            kept.append(_without(draft, new[room:]))
    return kept, tuple(rejected)


def _fit(state: State, drafts: Sequence[Draft], most: int) -> bool:
    known = {*state.values, *state.names_ahead}
    return len(known.union(*[draft.values for draft in drafts])) <= max(most, len(known))


def _without(draft: Draft, names: Collection[str]) -> Draft:
    values = {name: value for name, value in draft.values.items() if name not in names}
    flags = {name: flag for name, flag in (draft.flags or {}).items() if name not in names}
    return msgspec.structs.replace(draft, values=values, flags=flags or None)


def _detail(name: str, most: int) -> str:
    return (
        f"{name} would be one quantity more than the {most} that a sensor may have: use the same names in every "
        "reading, and a sensor for each device"
    )
