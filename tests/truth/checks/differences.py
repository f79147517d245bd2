"""Differences between what the platform says and what the oracle does, as lines that a person can follow."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from tests.truth.oracle.quantities import is_same

SHOWN: Final = 12  # differences of one kind that are told; a wrong rule makes hundreds


def instant(at: float | None) -> str:
    return "–" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def of_figures(
    what: str, name: str, said: Mapping[Any, float | None], true: Mapping[Any, float | None], *, slack: float = 0.0
) -> Iterator[str]:
    """Yield the figures of one quantity that differ, by row; a row of either side only differs, too."""
    for key in sorted(said.keys() | true.keys()):
        one, other = said.get(key), true.get(key)
        if not is_same(name, one, other, slack=slack):
            row = instant(key) if isinstance(key, float) else key
            yield f"{what}, {name}, {row}: the platform says {one}, the readings {other}"


def of_values(what: str, said: Any, true: Any) -> Iterator[str]:
    """Yield a difference between values that must be equal."""
    if said != true:
        yield f"{what}: the platform says {said!r}, the readings {true!r}"


def first(lines: Iterator[str]) -> list[str]:
    """Return the first lines, and how many more there are."""
    every = list(lines)
    return every if len(every) <= SHOWN else [*every[:SHOWN], f"… and {len(every) - SHOWN} more"]
