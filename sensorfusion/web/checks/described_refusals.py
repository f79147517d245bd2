"""Adds to every operation of the API's description the errors that any request of its kind may have.

The views name what they refuse themselves; that a parameter is unknown, a body has another type or the database is away
is decided before them, for all alike.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sensorfusion.web.problems import CONTENT_TYPE

_SCHEMA: Final = {"$ref": "#/components/schemas/Refusal"}
_WHY: Final = {
    400: "The request is invalid; `fields` names the errors.",
    401: "The credentials are missing or wrong.",
    403: "You may not do this.",
    404: "It does not exist, or you may not see it; or there is no such page of a list.",
    406: "Answers are JSON, or the documented format of a file.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    429: "Too many requests of its network showed unknown credentials; Retry-After says how many seconds to wait.",
    503: "The database is unavailable, or the server is busy; Retry-After says how many seconds to wait.",
}


def add_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the errors; a hook of drf-spectacular."""
    for path, methods in result["paths"].items():
        for operation in methods.values():
            responses = operation["responses"]
            for status in _possible(path, operation):
                responses.setdefault(str(status), _described(status))
            operation["responses"] = {status: responses[status] for status in sorted(responses)}
    return result


def _possible(path: str, operation: Mapping[str, Any]) -> Iterator[int]:
    """Yield the statuses that do not depend on what the operation does."""
    yield from (400, 406, 503)
    if {} not in operation.get("security", ({},)):
        yield from (401, 403, 429)
    if "{" in path or any(each["name"] == "page" for each in operation.get("parameters", ())):
        yield 404
    if "requestBody" in operation:
        yield from (413, 415)


def _described(status: int) -> dict[str, Any]:
    return {"content": {CONTENT_TYPE: {"schema": _SCHEMA}}, "description": _WHY[status]}
