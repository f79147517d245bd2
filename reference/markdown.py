"""Markdown: tables, and lists of names in a cell."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(head), "|" + "---|" * len(head), *map(_row, rows)]
    return "".join(f"{line}\n" for line in lines)


def _row(cells: Sequence[str]) -> str:
    return f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in cells)}|"


def code(name: str) -> str:
    """Write a name as code; a bar within would end the cell."""
    escaped = name.replace("|", "\\|")
    return f"`{escaped}`"


def code_list(names: Iterable[str]) -> str:
    """Write names as a list; three and more that differ in one number become "`soil_2` to `soil_10`"."""
    return ", ".join(_runs(list(dict.fromkeys(names))))


def _runs(names: Sequence[str]) -> Iterator[str]:
    for _, run in groupby(names, key=_without_last_number):
        alike = list(run)
        if len(alike) >= 3 and alike[0] != _without_last_number(alike[0]):
            yield f"{code(alike[0])} to {code(alike[-1])}"
        else:
            yield from map(code, alike)


def _without_last_number(name: str) -> str:
    return re.sub(r"\d+(?=\D*\Z)", "#", name)
