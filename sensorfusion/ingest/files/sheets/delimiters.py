"""Finds the character between the values of a table, from its first lines."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

BLANKS: Final = " "  # any number of them
# A comma may also be in numbers, so it comes after the others; blanks may be in anything.
DELIMITERS: Final = ("\t", ";", "|", ",")
_QUOTED: Final = re.compile(r'"[^"]*"')
_SEP: Final = re.compile(r'"?sep=(?P<delimiter>.)"?\s*\Z', re.IGNORECASE)  # the first line that Excel reads
_AGREE: Final = 0.8  # of the lines


def told(line: str) -> str:
    """Return the delimiter that a line `sep=;` names, or ""."""
    found = _SEP.match(line.rstrip("\r\n"))
    return found["delimiter"] if found else ""


def delimiter_of(lines: Sequence[str]) -> str:
    """Return the delimiter that splits most of the lines into the same number of values."""
    plain = [_QUOTED.sub("", line).rstrip() for line in lines if line.strip()]
    body = [line for line in plain if not line.lstrip().startswith("#")][-2 * len(plain) // 3 :] or plain
    for delimiter in DELIMITERS:
        (count, lines_with), *_ = Counter(line.count(delimiter) for line in body).most_common(1) or [(0, 0)]
        if count and lines_with >= _AGREE * len(body):
            return delimiter
    counts = Counter({delimiter: body[0].count(delimiter) for delimiter in DELIMITERS}) if body else Counter()
    best = max(DELIMITERS[::-1], key=lambda delimiter: counts[delimiter])
    return best if counts[best] or not _is_of_blanks(body) else BLANKS


def _is_of_blanks(body: Sequence[str]) -> bool:
    """Return whether all lines have the same number of values between blanks, and enough of them for a table."""
    counts = Counter(len(line.split()) for line in body)
    count, lines_with = counts.most_common(1)[0] if counts else (0, 0)
    return count > 3 and lines_with >= _AGREE * len(body)
