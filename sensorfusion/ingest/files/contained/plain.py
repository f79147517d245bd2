"""What may be in the cells that the child process sends, and how much they weigh."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sensorfusion.ingest.files.csv_tables import MOST_CHARACTERS, Row

DEEPEST: Final = 30  # a reading with units has three


class TooDeep(Exception):
    """An object is nested too deeply; the message says so."""


def plain_row(row: Row) -> Row:
    """Replace a row of which a value is too long, and values that no quantity takes."""
    number, cells, problem = row
    if _is_long(cells):
        return number, [], f"a value has more than {MOST_CHARACTERS:,} characters"
    return number, [_plain(cell) for cell in cells], problem


def weight_of(cells: Iterable[Any], deepest: int = DEEPEST) -> int:
    """Return about how many bytes cells take in a message.

    :raises TooDeep: they cannot be sent.
    """
    return sum(_weight(cell, deepest) for cell in cells)


def _is_long(cells: Sequence[Any]) -> bool:
    return any(isinstance(cell, str | bytes) and len(cell) > MOST_CHARACTERS for cell in cells)


def _plain(cell: Any) -> Any:
    """Replace nested values, which may be of any size, and bring instants to one zone."""
    if isinstance(cell, list | dict | tuple):
        return "a nested value"
    return cell.astimezone(UTC) if isinstance(cell, datetime) and cell.tzinfo else cell


def _weight(cell: Any, deepest: int) -> int:
    if isinstance(cell, str | bytes):
        return len(cell) + 8
    if not isinstance(cell, dict | list | tuple):
        return 8
    if not deepest:
        raise TooDeep(f"it is nested more than {DEEPEST} deep")
    if isinstance(cell, dict):
        return weight_of(cell.keys(), deepest) + weight_of(cell.values(), deepest - 1)
    return weight_of(cell, deepest - 1)
