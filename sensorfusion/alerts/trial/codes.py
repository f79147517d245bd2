"""What the values of a column say to a rule, as a byte for each.

A rule is asked about each *different* value, which are few. So its comparisons are written once, where they are.
"""

from array import array
from collections.abc import Sequence
from typing import Any, Final

from sensorfusion.domain.alert_rules.conditions import Rule, Signal

SIGNALS: Final = tuple(Signal)
CODES: Final = {signal: code for code, signal in enumerate(SIGNALS)}


def codes_of(rule: Rule, values: Sequence[Any]) -> bytes:
    """Return what each value says to a rule, as codes of signals."""
    kinds = set() if isinstance(values, array) else set(map(type, values))
    if bool in kinds and len(kinds) > 1:  # True is 1 to a dictionary, and not to a rule
        return bytes(CODES[rule.signal(each)] for each in values)
    said = {each: CODES[rule.signal(each)] for each in set(values)}
    return bytes(map(said.__getitem__, values))
