"""Describes texts in the API's description as precisely as requests are judged: which may be empty, and without NUL."""

from collections.abc import Iterator
from typing import Any, Final

_LIMITS: Final = ("enum", "format", "pattern")
_WITHOUT_NUL: Final = r"^[^\u0000]*$"  # `web.checks.storable` refuses it
# Of each format of texts, one that is as short as may be: an empty text is none, whatever else it may be.
_SHORTEST: Final = {"date": "2026-11-22", "date-time": "2026-11-22T06:00"}
_EMPTY: Final = {"type": "string", "maxLength": 0}


def narrow_texts(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Narrow every schema of a text; a hook of drf-spectacular."""
    for schema in list(_schemas(result)):
        _join(schema)
        if shortest := _SHORTEST.get(str(schema.get("format"))):
            schema["minLength"] = len(shortest)
    for methods in result["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                _refuse_nul(parameter["schema"])
    return result


def _join(schema: dict[str, Any]) -> None:
    """Undo the alternative of an empty text where the pattern accepts it, as both would match: `oneOf` allows one."""
    match schema.get("oneOf"):
        case [{"pattern": _} as text, empty] if empty == _EMPTY and "minLength" not in text:
            del schema["oneOf"]
            schema.update(text)


def _refuse_nul(schema: dict[str, Any]) -> None:
    if schema.get("type") == "string" and not any(limit in schema for limit in _LIMITS):
        schema["pattern"] = _WITHOUT_NUL


def _schemas(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the description, schemas among them."""
    waiting = [part]
    while waiting:
        match waiting.pop():
            case dict() as found:
                yield found
                waiting += found.values()
            case list() as several:
                waiting += several
