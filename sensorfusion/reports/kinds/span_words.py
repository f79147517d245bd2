"""Words for spans of states; `js/later/span-words.js` writes the same.

"Open since 14:02", "open 3 times today, 16 min in all", "in the band 13 h 5 min (95.6 %) · above 36 min, 2 times".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

from django.utils.translation import gettext, ngettext

from sensorfusion.domain.quantities.spans import Spans
from sensorfusion.web.values.display import NBSP
from sensorfusion.web.values.numbers import fixed, localised

MOST_NAMED: Final = 4  # states in one sentence
UNKNOWN_S: Final = 60.0  # shorter silences are not mentioned


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` of the states; `counted`: those that are counted; `share`: the one whose share of the time is said.

    With `only`, the sentence is about this state alone: a door's openings.
    """

    words: Mapping[str, str]
    only: str = ""
    counted: Sequence[str] = ()
    share: str = ""

    def word(self, state: str) -> str:
        return self.words.get(state, state)


def duration(seconds: float) -> str:
    """Format a duration: 24 s, 16 min, 1 h 22 min."""
    if seconds < 119.5:
        return f"{floor(seconds + 0.5)}{NBSP}s"
    minutes = floor(seconds / 60 + 0.5)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes}{NBSP}min"
    return f"{hours}{NBSP}h {rest}{NBSP}min" if rest else f"{hours}{NBSP}h"


def headline(word: str, since: str, until: str, *, is_current: bool, is_exact: bool) -> str:
    """Return the present state: "Open since 14:02"; `until` is when its newest reading was."""
    start = f"{word[:1].upper()}{word[1:]}"
    if not is_current:
        return gettext("{state} until {time}, then no data").format(state=start, time=until)
    said = gettext("{state} since {time}") if is_exact else gettext("{state} since {time} or earlier")
    return said.format(state=start, time=since)


def today(day: Spans, states: Sequence[str], vocabulary: Vocabulary, length_s: float) -> str:
    """Return the sentence about a day's spans, which are known up to `length_s` after its beginning."""
    unknown_s = length_s - day.known_s
    parts = [_only(day, vocabulary)] if vocabulary.only else [_part(day, each, vocabulary) for each in states]
    if unknown_s >= UNKNOWN_S:
        parts.append(gettext("no data {length}").format(length=duration(unknown_s)))
    return " · ".join(parts)


def _only(day: Spans, vocabulary: Vocabulary) -> str:
    word, count = vocabulary.word(vocabulary.only), day.times(vocabulary.only)
    if not count:
        return gettext("never {state} today").format(state=word)
    total = duration(day.total_s(vocabulary.only))
    return gettext("{state} {times} today, {length} in all").format(state=word, times=times(count), length=total)


def _part(day: Spans, state: str, vocabulary: Vocabulary) -> str:
    word, count, total_s = vocabulary.word(state), day.times(state), day.total_s(state)
    if not count:
        return gettext("{state} never").format(state=word)
    said = f"{word} {duration(total_s)}"
    if state == vocabulary.share and day.known_s:
        return f"{said} ({share(total_s, day.known_s)})"
    return f"{said}, {times(count)}" if state in vocabulary.counted else said


def times(count: int) -> str:
    return ngettext("once", "{count} times", count).format(count=count)


def share(part: float, whole: float) -> str:
    """Format a share, rounded down, so that only all of it is 100 %."""
    if part >= whole:
        return f"100{NBSP}%"
    return f"{localised(fixed(floor(part / whole * 1000 + 1e-9) / 10, 1))}{NBSP}%"
