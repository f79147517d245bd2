"""Converts paths in the syntax before JSONPath: `rows[type=1].rain.1h` becomes `$.rows[?@.type==1].rain['1h']`.

To be removed in 0.2, with a migration of `Poll.fields` and `Poll.time_path`.
"""

import json
import re
from typing import Final

_NAME: Final = re.compile(r"[^\s.\[\]=\"]+")
_QUOTED: Final = re.compile(r'\["([^"\]]+)"\]')
_NUMBERED: Final = re.compile(r"\[(-?\d{1,6})\]")
_CHOSEN: Final = re.compile(r'\[(?!\?)([^\s.\[\]="]+)=("?)([^\[\]"]+)\2\]')
_SHORTHAND: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LITERALS: Final = {"True": "true", "False": "false", "None": "null"}  # the old syntax compared with Python's spelling


def in_jsonpath(text: str) -> str | None:
    """Return the path in JSONPath, or None if it does not follow the old syntax."""
    rest, steps = text.removeprefix("$").removeprefix("."), ["$"]
    if not rest:
        return None
    while rest:
        step, length = _step(rest)
        if not length:
            return None
        steps.append(step)
        rest = rest[length:]
        if rest.startswith(".") and len(rest) > 1 and rest[1] not in ".[":
            rest = rest[1:]
        elif rest and not rest.startswith("["):
            return None
    return "".join(steps)


def _step(rest: str) -> tuple[str, int]:
    if match := _NAME.match(rest) or _QUOTED.match(rest):
        return _member(match[match.lastindex or 0]), match.end()
    if match := _NUMBERED.match(rest):
        return f"[{int(match[1])}]", match.end()
    if match := _CHOSEN.match(rest):
        return _filter(match[1], match[3]), match.end()
    return "", 0


def _member(name: str) -> str:
    return f".{name}" if _SHORTHAND.fullmatch(name) else f"[{_quoted(name)}]"


def _filter(name: str, value: str) -> str:
    """Convert `[name=value]`, which compared texts: a number or Boolean matches, and a text that reads like it."""
    literals = [_quoted(value)]
    if value in _LITERALS:
        literals.insert(0, _LITERALS[value])
    elif _is_number(value):
        literals.insert(0, value)
    return f"[?{' || '.join(f'@{_member(name)}=={literal}' for literal in literals)}]"


def _is_number(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, int | float) and not isinstance(value, bool) and str(value) == text


def _quoted(text: str) -> str:
    inside = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inside}'"
