"""Describes what all operations have in common: conditions, chosen members, repeated POSTs, limits of rate.

One hook of drf-spectacular, so that no view says it, and none can forget it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sensorfusion.web.api.chosen_members import LISTS, PARAMETER
from sensorfusion.web.api.conditional import CHANGES
from sensorfusion.web.problems import CONTENT_TYPE

Operation = dict[str, Any]
JSON: Final = "application/json"
KEY_LONGEST: Final = 255
# Of a key (`Idempotency-Key`): visible ASCII, with the quotes of a structured field or without them.
KEY_PATTERN: Final = r"^[\x21-\x7E]{1,255}$"
_REFUSAL: Final = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Refusal"}}}
_TEXT: Final = {"type": "string"}
_RATE: Final = {
    "RateLimit": 'What is left to you: `"operator";r=1199;t=1`, requests, and seconds until all are there again.',
    "RateLimit-Policy": 'How many requests you may make: `"operator";q=1200;w=60`, in so many seconds.',
}


def add_common(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add parameters and answers; a hook of drf-spectacular, before that which adds the doors."""
    result["components"]["headers"] = {name: {"description": why, "schema": _TEXT} for name, why in _RATE.items()}
    for methods in result["paths"].values():
        for method, operation in methods.items():
            _add(result, method.upper(), operation)
    return result


def _add(result: Mapping[str, Any], method: str, operation: Operation) -> None:
    if method == "GET" and JSON in _content(operation):
        _add_tag(operation)
        if members := list(_members(result, _content(operation)[JSON]["schema"])):
            _parameter(operation, _fields(members))
    if method in CHANGES and _is_for_operators(operation):
        _parameter(operation, _header("If-Match", "Make the change only if this is still the ETag of GET.", _TEXT))
        _refused(operation, 412, "What GET answers has another ETag than `If-Match`; nothing was changed.")
        _refused(operation, 409, "This conflicts with existing data, or with a change at the same time.")
    if _is_for_operators(operation):
        _add_rate(operation)
    if method == "POST" and _is_for_operators(operation):
        _parameter(operation, _key())
        _refused(operation, 409, "This conflicts with existing data, or a request with this key is under way.")
        _refused(operation, 422, "Another request was made with this `Idempotency-Key`.")


def _is_for_operators(operation: Operation) -> bool:
    return {} not in operation.get("security", ({},))


def _content(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = operation["responses"].get("200", {}).get("content", {})
    return found


def _add_tag(operation: Operation) -> None:
    known = "An ETag that you have: the answer is 304 without a body while it has not changed."
    _parameter(operation, _header("If-None-Match", known, _TEXT))
    _answer(operation, {"description": "It has not changed since the ETag in `If-None-Match`."}, 304)
    operation["responses"]["200"].setdefault("headers", {})["ETag"] = {
        "description": "Changes when the answer does.",
        "schema": _TEXT,
    }


def _add_rate(operation: Operation) -> None:
    for status, answer in operation["responses"].items():
        if status < "300" or status == "429":
            answer.setdefault("headers", {}).update({name: {"$ref": f"#/components/headers/{name}"} for name in _RATE})


def _parameter(operation: Operation, parameter: dict[str, Any]) -> None:
    given = [*operation.get("parameters", ()), parameter]
    operation["parameters"] = sorted(given, key=lambda each: (each["in"] != "path", each["in"], each["name"]))


def _refused(operation: Operation, status: int, why: str) -> None:
    _answer(operation, {"content": _REFUSAL, "description": why}, status)


def _answer(operation: Operation, answer: dict[str, Any], status: int) -> None:
    operation["responses"].setdefault(str(status), answer)
    operation["responses"] = {each: operation["responses"][each] for each in sorted(operation["responses"])}


def _header(name: str, why: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": why, "schema": dict(schema)}


def _key() -> dict[str, Any]:
    why = (
        "Any text of yours, such as a UUID. For a day, the same request with the same key is answered alike, once done."
    )
    return _header("Idempotency-Key", why, {"type": "string", "pattern": KEY_PATTERN, "maxLength": KEY_LONGEST})


def _fields(members: list[str]) -> dict[str, Any]:
    return {
        "name": PARAMETER,
        "in": "query",
        "description": "Members to answer, separated by commas: the objects have no others then. Default: all.",
        "explode": False,
        "style": "form",
        "schema": {"type": "array", "items": {"type": "string", "enum": members}},
    }


def _members(result: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the members of the objects that a schema describes."""
    if "$ref" in schema:
        yield from _members(result, result["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    elif schema.get("type") == "array":
        yield from _members(result, schema["items"])
    elif listed := next((name for name in LISTS if name in schema.get("properties", {})), ""):
        yield from _members(result, schema["properties"][listed])
    else:
        yield from schema.get("properties", {})
