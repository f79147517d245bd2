"""Names of quantities that are probably misspelt: `temprature` is stored as it is, and its owner is asked."""

import re
from functools import lru_cache
from typing import Final

from sensorfusion.domain.quantities import ALIASES, CATALOGUE, known_quantity
from sensorfusion.domain.quantities.likeness import is_count, likeness

SHORTEST: Final = 5  # letters of a name that a slip leaves recognisable
SHORTEST_WORD: Final = 4  # of several
LONG: Final = 8  # from here on two slips do
LONGEST: Final = 40
_DIGITS: Final = re.compile(r"\d+")


@lru_cache(maxsize=4096)
def meant(name: str) -> str | None:
    """Return the quantity of the catalogue that a name outside it is a misspelling of, None if it is none."""
    if not SHORTEST <= len(name) <= LONGEST or known_quantity(name) or likeness(name) or is_count(name):
        return None
    written = name.lower().replace("-", "_")
    slips = 2 if len(written) >= LONG else 1
    alike = _BY_START.get(_start(written), ())
    near = [(slipped, known) for known in alike if (slipped := _slips(written, known, slips)) is not None]
    if not near:
        return None
    _, found = min(near)
    return ALIASES.get(found, found)


def _start(name: str) -> tuple[str, ...]:
    """Return what is never a slip: the first letter, and digits."""
    return name[0], *_DIGITS.findall(name)


def _by_start() -> dict[tuple[str, ...], list[str]]:
    """Return the names to compare with: so that a name without any like it costs next to nothing."""
    found: dict[tuple[str, ...], list[str]] = {}
    for known in (*CATALOGUE, *ALIASES):
        if len(known) >= SHORTEST:
            found.setdefault(_start(known), []).append(known)
    return found


_BY_START: Final = _by_start()


def _slips(written: str, known: str, most: int) -> int | None:
    """Return how many letters differ, None if more than `most`."""
    if abs(len(written) - len(known)) > most or _has_another_word(written, known):
        return None
    found = _distance(written, known)
    return found if found <= most else None


def _has_another_word(written: str, known: str) -> bool:
    """Return whether a short word differs: `battery_ok` is not a misspelt `battery_v`."""
    pairs = zip(written.split("_"), known.split("_"), strict=False)
    return written.count("_") == known.count("_") and any(
        one != other and min(len(one), len(other)) < SHORTEST_WORD for one, other in pairs
    )


def _distance(one: str, other: str) -> int:
    """Count insertions, deletions, substitutions and swaps of neighbours."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, its in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
