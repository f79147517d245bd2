"""Finds the header of a text table, and makes one name of each column's rows.

A header is what stands right above the first row of data, up to four rows of it: groups over names, names over two
rows, units, kinds of value. Titles and comments further up are no part of it. A table may also begin with its data;
its columns are then named by their place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from sensorfusion.domain.units import UnknownUnit, unit_of
from sensorfusion.ingest.files.columns.cells import is_time, is_value

MOST_ROWS: Final = 4
# A logger writes its own description above the names (Campbell, "TOA5 file format").
_DESCRIPTIONS: Final = frozenset(("TOA5", "TOACI1", "TOB1"))
_KINDS: Final = frozenset(
    ("smp", "avg", "tot", "min", "max", "std", "tmn", "tmx", "wvc", "med", "rso", "etsz", "sample", "average", "total")
)
_NO_UNITS: Final = frozenset(("ts", "rn"))  # of a logger's time and record number
_BLANK_GROUPS: Final = 0.4  # from this share of blank cells on, a row is one of groups and not of halves of names


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """The line at which the header begins, and the number of its rows; no rows: the data begins at this line."""

    line: int
    rows: int


def find(rows: Sequence[tuple[int, Sequence[str]]]) -> HeaderRows:
    """Return where the header of a table is that begins with these rows (line number and cells)."""
    first = next((index for index in range(len(rows)) if _is_begin(rows, index)), None)
    if first is None:
        shown = next((number for number, cells in rows if not is_comment(cells)), rows[0][0] if rows else 1)
        return HeaderRows(shown, 1)
    above = first
    width = len(rows[first][1])
    while above and first - above < MOST_ROWS and _is_header(rows[above - 1][1], width, is_last=above == first):
        above -= 1
    return HeaderRows(rows[above][0], first - above)


def names_of(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the names of the columns from the rows of a header: `Outdoor Temperature (℃)`."""
    named = [[_plain(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    names = [row for row in named if not _are_units(row, len(named)) and not _are_kinds(row)]
    units = next((row for row in named if _are_units(row, len(named))), [""] * width)
    for row, below in pairwise(names):
        _fill_groups(row, below)
    wholes = [
        " ".join(dict.fromkeys(filter(None, (row[index] for row in names)))) or f"column {index + 1}"
        for index in range(max(width, *(len(row) for row in named)) if named else width)
    ]
    return _told_apart([_with_unit(name, unit) for name, unit in zip(wholes, units, strict=False)])


def is_comment(cells: Sequence[str]) -> bool:
    """Return whether a row is a comment; a header may begin with a column named `#`."""
    return bool(cells) and cells[0].startswith("#") and not (cells[0].strip() == "#" and len(cells) > 1)


def is_data(cells: Sequence[str]) -> bool:
    """Return whether a row holds values, at least half of them numbers, times or missing marks.

    Behind a time at its begin one value is enough: archives have station, day, element, value and many marks in a row.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if any(map(is_time, filled[:2])) and sum(map(is_value, filled)) > 1:
        return True
    return _are_values(filled) and (any(map(is_time, filled)) or is_value(filled[0]))


def _are_values(filled: Sequence[str]) -> bool:
    return bool(filled) and 2 * sum(map(is_value, filled)) >= len(filled)


def _is_begin(rows: Sequence[tuple[int, Sequence[str]]], index: int) -> bool:
    """Return whether the data begins with this row, which may be a broken one below names."""
    cells = rows[index][1]
    if is_comment(cells):
        return False
    if is_data(cells):
        return True
    above = rows[index - 1][1] if index else []
    names = [cell.strip() for cell in above if cell.strip()]
    are_names = len(above) == len(cells) and len(names) > 1 and not any(map(is_value, names))
    return are_names and _are_values([cell.strip() for cell in cells if cell.strip()])


def _is_header(cells: Sequence[str], width: int, *, is_last: bool) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    if not filled or cells[0].strip() in _DESCRIPTIONS or is_data(cells):
        return False
    if is_comment(cells):
        return is_last and len(cells) == width > 1
    if len(filled) == 1 and width > 1 and cells[0].strip():
        return False  # a title
    return is_last or len(cells) == width or (len(cells) >= 0.6 * width and len(filled) < len(cells))


def _plain(cell: str) -> str:
    return " ".join(cell.removeprefix("#").split()) if cell.strip() != "#" else "#"


def _are_units(row: Sequence[str], of: int) -> bool:
    filled = [cell for cell in row if cell and cell.casefold() not in _NO_UNITS]
    return of > 1 and bool(filled) and 2 * sum(map(_is_unit, filled)) > len(filled)


def _is_unit(cell: str) -> bool:
    try:
        unit_of(cell.strip("()[]"))
    except UnknownUnit:
        return False
    return True


def _are_kinds(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return bool(filled) and all(cell.casefold() in _KINDS for cell in filled)


def _fill_groups(row: list[str], below: Sequence[str]) -> None:
    """Write a group's name over all of its columns; a row of halves of names has something below each of them."""
    begin = next((index for index, cell in enumerate(row) if cell), len(row))
    rest = row[begin:]
    is_over_nothing = any(cell and not under for cell, under in zip(row, below, strict=False))
    if not is_over_nothing and sum(not cell for cell in rest) < _BLANK_GROUPS * len(rest):
        return
    for index in range(begin + 1, len(row)):
        row[index] = row[index] or row[index - 1]


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit.strip('()[]')})" if unit and unit.casefold() not in _NO_UNITS else name


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return different names: the second `Temp` is `Temp #2`."""
    counts: dict[str, int] = {}
    apart: list[Any] = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        apart.append(f"{name} #{counts[name]}" if counts[name] > 1 else name)
    return apart
