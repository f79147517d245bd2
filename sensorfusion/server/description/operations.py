"""Writes descriptions of doors and probes as operations of OpenAPI."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sensorfusion.web.description import BASIC, BEARER, IN_BODY, TEXT, Answered, Description

_VARIABLE: Final = re.compile(r"\{(\w+)\}")
# Variables of paths that are credentials.
_KEYS: Final = frozenset(("key", "token"))
_VARIABLES: Final[Mapping[str, str]] = {
    "key": "The sensor's key.",
    "token": "The sensor's key, or an operator's API token.",
    "stream": "Any name; it is not used.",
    "channel": "The name of the sensor, if the key is an operator's API token; else it is not used.",
    "uuid": "The station's id.",
}
_HEADERS: Final[Mapping[str, str]] = {
    "retry-after": "Seconds after which to send again.",
    "www-authenticate": "The scheme in which a key is sent.",
    "x-reason": "Why nothing was stored.",
    "x-influxdb-version": "The version of InfluxDB that has this write API.",
    "x-influxdb-build": "The name of this server.",
}
# Those of operators, which the description has from Django REST framework.
_OF_OPERATORS: Final = ("token", "cookieAuth")
_NAMED_SCHEMES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    BEARER: (
        "key",
        {"type": "http", "scheme": "bearer", "description": "A sensor's key, or an operator's API token."},
    ),
    BASIC: (
        "keyAsPassword",
        {"type": "http", "scheme": "basic", "description": "The key is the password, or the user without one."},
    ),
    "metrics": ("metricsToken", {"type": "http", "scheme": "bearer", "description": "METRICS_TOKEN of the server."}),
}


def operation(path: str, method: str, about: Description) -> dict[str, Any]:
    """Return the operation of one method at one address."""
    written: dict[str, Any] = {
        "operationId": "_".join([about.tag, *re.findall(r"\w+", path), method.lower()]),
        "summary": about.summary,
        "description": about.detail,
        "parameters": list(_parameters(path, about)),
        "tags": [about.tag],
        "security": _security(path, about.keys),
        "responses": {str(status): _response(method, answered) for status, answered in about.answers.items()},
    }
    if about.body:
        content = {kind: {"schema": schema} for kind, schema in about.body.items()}
        written["requestBody"] = {"content": content, "required": IN_BODY not in about.keys}
    return {name: value for name, value in written.items() if value or name == "security"}


def schemes(keys: Sequence[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the name and the definition of each security scheme; the body and the absence of keys are none."""
    for key in keys:
        if key in _NAMED_SCHEMES:
            yield _NAMED_SCHEMES[key]
        elif " " in key:
            place, _, name = key.partition(" ")
            yield f"{place}_{name}", {"type": "apiKey", "in": place, "name": name, "description": "The sensor's key."}


def _security(path: str, keys: Sequence[str]) -> list[dict[str, list[str]]]:
    """Return the alternatives of credentials; an empty one says that the key is in the path, or in the body."""
    if _KEYS.intersection(_VARIABLE.findall(path)):
        return [{}]
    names = [*(key for key in keys if key in _OF_OPERATORS), *(name for name, _ in schemes(keys))]
    named: list[dict[str, list[str]]] = [{name: []} for name in names]
    return [*named, {}] if len(named) < len(keys) or not keys else named


def _parameters(path: str, about: Description) -> Iterator[dict[str, Any]]:
    for name in _VARIABLE.findall(path):
        schema = {"type": "string", "format": "uuid"} if name == "uuid" else TEXT
        yield {"name": name, "in": "path", "required": True, "description": _VARIABLES[name], "schema": dict(schema)}
    for name, meaning in about.query.items():
        yield {"name": name, "in": "query", "description": meaning, "schema": dict(TEXT)}


def _response(method: str, answered: Answered) -> dict[str, Any]:
    written: dict[str, Any] = {"description": answered.why}
    if answered.content and method != "HEAD":
        written["content"] = {kind: {"schema": schema} for kind, schema in answered.content.items()}
    if answered.headers:
        written["headers"] = {
            name: {"description": _HEADERS[name], "schema": dict(TEXT)} for name in sorted(answered.headers)
        }
    return written
