"""A name that one JSON object, form or line gives twice with different values."""

from collections.abc import Iterable
from typing import NamedTuple


class Repeated(NamedTuple):
    """The values of a repeated name: the first one counts, the other is rejected where values are checked."""

    first: object
    other: object


def without_repeats(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return pairs as a dictionary; a name with different values is `Repeated`, equal and missing values are one."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if found.get(name) is None:
            found[name] = value
        elif value is not None and not isinstance(found[name], Repeated) and is_other(found[name], value):
            found[name] = Repeated(found[name], value)
    return found


def is_other(one: object, another: object) -> bool:
    """Return whether two values differ; true and 1 do, 60 and 60.0 do not."""
    return one != another or isinstance(one, bool) != isinstance(another, bool)
