"""Answers as compact JSON of at most 2,000 tokens; rows that do not fit are counted, with the way to ask for them.

Models count tokens differently, so they are counted high: one for four letters, one for each digit, sign and blank,
and one for each byte of other letters.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

TOKENS_MOST: Final = 2_000
LONGEST_TEXT: Final = 80  # characters of a text that a person or a device wrote
_PIECE: Final = re.compile(r"[A-Za-z]{1,4}|.", re.DOTALL)

Answer = dict[str, Any]


class CannotAnswer(Exception):
    """The question cannot be answered; the message says what to do about it."""


def tokens(text: str) -> int:
    """Return a number of tokens that no usual tokenizer exceeds."""
    return sum(1 if piece.isascii() else len(piece.encode()) for piece in _PIECE.findall(text))


def written(answer: Answer, *, skip: int = 0) -> str:
    """Write an answer, with as many of its `rows` after the first `skip` as fit."""
    rows = answer.get("rows", [])
    if skip and skip >= len(rows):
        raise CannotAnswer(f"There are {len(rows)} rows only: ask with a smaller skip.")
    if tokens(text := _json(_cut(answer, skip, len(rows)))) <= TOKENS_MOST:
        return text
    ends = range(skip, len(rows))
    fitting = bisect_right(ends, TOKENS_MOST, key=lambda end: tokens(_json(_cut(answer, skip, end))))
    if fitting < 2:  # even one row is too much
        raise CannotAnswer("The answer is too long: ask for less, such as one quantity or a shorter span.")
    return _json(_cut(answer, skip, ends[fitting - 1]))


def clean(text: object) -> str:
    """Return a text of a person or a device as it may stand in an answer: one short line, no control characters."""
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in str(text)[: 4 * LONGEST_TEXT])
    shown = " ".join(shown.split())
    return shown if len(shown) <= LONGEST_TEXT else shown[: LONGEST_TEXT - 1] + "…"


def quoted(text: object) -> str:
    """Return a text of a person, for a sentence."""
    return json.dumps(clean(text), ensure_ascii=False)


def at(instant: datetime | float, zone: ZoneInfo) -> str:
    """Write an instant in a zone with its offset, to the second, or shorter where that says all."""
    local = datetime.fromtimestamp(instant, zone) if isinstance(instant, int | float) else instant.astimezone(zone)
    return local.isoformat(timespec="seconds" if local.second or local.microsecond else "minutes")


def without_nothing(members: Mapping[str, Any]) -> Answer:
    """Leave out the members that are not known."""
    return {name: value for name, value in members.items() if value is not None}


def _cut(answer: Answer, skip: int, end: int) -> Answer:
    if "rows" not in answer:
        return answer
    rows = answer["rows"]
    cut = {**answer, "rows": rows[skip:end]}
    if left := len(rows) - end:
        cut["left_out"] = f"{left} of {len(rows)} rows: call again with skip={end}, or ask for less."
    return cut


def _json(answer: Answer) -> str:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
