"""The cases: every pair of values of two axes is in at least one of them, or every value of one axis with many others.

Pairs find nearly all faults that depend on a combination at all (Kuhn, Wallace and Gallo 2004, IEEE TSE 30), in some
thirty cases where there are two hundred thousand combinations.
"""

import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.truth.made_data import INTERVALS, KINDS, MIDDLES, RAINS, WHOLE_YEARS, Case

Row = dict[str, Any]
Pair = tuple[tuple[str, Any], tuple[str, Any]]

SHORT: Final[Mapping[str, Sequence[Any]]] = {
    "interval": [each for each in INTERVALS if each not in WHOLE_YEARS],
    "zone": ["Europe/Warsaw", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"],
    "rain": RAINS,
    "starts_h": [0, 6, 9],
    "is_retained": [False, True],
    **{kind: [False, True] for kind in KINDS},
}
LONG: Final[Mapping[str, Sequence[Any]]] = {**SHORT, "zone": list(MIDDLES), "starts_h": [0, 1, 6, 9, 23]}
TRIED: Final = 60  # rows of which the one with the most new pairs is taken


def cases(axes: Mapping[str, Sequence[Any]], *, seed: int = 1) -> list[Case]:
    """Return cases that together hold every pair of values of two axes; always the same ones."""
    dice, found = random.Random(seed), []
    missing = _pairs(axes)
    while missing:
        tried = [_row(axes, dice.choice(sorted(missing, key=repr)), dice) for _ in range(TRIED)]
        best = max(tried, key=lambda row: len(missing & _pairs_of(row)))
        missing -= _pairs_of(best)
        found.append(_case(best))
    return found


def _pairs(axes: Mapping[str, Sequence[Any]]) -> set[Pair]:
    return {
        ((one, left), (other, right))
        for one, other in itertools.combinations(axes, 2)
        for left in axes[one]
        for right in axes[other]
    }


def _pairs_of(row: Row) -> set[Pair]:
    return set(itertools.combinations(row.items(), 2))


def _row(axes: Mapping[str, Sequence[Any]], pair: Pair, dice: random.Random) -> Row:
    return {name: dice.choice(list(values)) for name, values in axes.items()} | dict(pair)


def _case(row: Row) -> Case:
    kinds = frozenset(kind for kind in KINDS if row[kind])
    return Case(row["zone"], row["starts_h"], row["interval"], row["rain"], kinds, row["is_retained"])
