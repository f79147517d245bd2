"""The QR code of a link, as the path of an SVG: a phone or a TV opens it without typing."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import segno

QUIET: Final = 4  # modules of white around it (ISO/IEC 18004, 5.3.8)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of `side` modules with its quiet zone; `path` draws the dark ones, a module being a unit."""

    side: int
    path: str


def code_of(text: str) -> Code:
    """Encode a text. A seventh of the code may be unreadable (level M), which paper and screens need."""
    rows = segno.make(text, error="m", boost_error=False, micro=False).matrix
    drawn = "".join(_drawn(row, y + QUIET) for y, row in enumerate(rows))
    return Code(side=len(rows) + 2 * QUIET, path=drawn)


def _drawn(row: bytearray, y: int) -> str:
    """Return the runs of dark modules of a row."""
    parts, x = [], QUIET
    for is_dark, run in groupby(row):
        width = len(list(run))
        if is_dark:
            parts.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(parts)
