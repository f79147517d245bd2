"""Refuses query parameters that the API does not know, as a misspelt filter would otherwise return everything.

What is known is read from the API's own description, so a parameter is accepted if and only if it is documented.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cache, wraps
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sensorfusion.web.api.chosen_members import PARAMETER
from sensorfusion.web.problems import problem_response

_VARIABLE: Final = re.compile(r"<[^>]*>|\{[^}]*\}")
_MOST_NAMED: Final = 5
_LONGEST_NAME: Final = 64
View = Callable[..., HttpResponseBase]
_describing = threading.Lock()


class Described(NamedTuple):
    """Of one operation: the names of its query parameters, and the members of its answers that may be chosen."""

    parameters: tuple[str, ...]
    members: tuple[str, ...]


def documented_only(view: View) -> View:
    """Wrap a view of the API: it is called only with parameters that its description names."""

    @wraps(view)
    def checked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        known = known_parameters(request) if request.META.get("QUERY_STRING") else None
        unknown = [] if known is None else [name for name in request.GET if not _is_known(request, name, known)]
        return _refusal(unknown, known or ()) if unknown else view(request, *arguments, **named)

    return checked


def known_parameters(request: HttpRequest) -> tuple[str, ...] | None:
    """Return the names of an operation's parameters; None if the API's description does not contain it."""
    found = _described(request)
    return found.parameters if found else None


def known_members(request: HttpRequest) -> tuple[str, ...]:
    """Return the members of which a request for an operation may choose some."""
    found = _described(request)
    return found.members if found else ()


def _described(request: HttpRequest) -> Described | None:
    method = "get" if request.method == "HEAD" else str(request.method).lower()
    route = request.resolver_match.route if request.resolver_match else ""
    return operations().get((_shape(f"/{route}"), method))


def operations() -> Mapping[tuple[str, str], Described]:
    """Return what is described of every operation, by the shape of its path and its method."""
    # The generator changes its own classes when it is first used: the first requests of a process, which come at the
    # same time, would fail.
    with _describing:
        return _operations()


@cache
def _operations() -> Mapping[tuple[str, str], Described]:
    # Imported here: the generator imports the views, and they their URLs.
    from drf_spectacular.generators import SchemaGenerator

    generator: Any = SchemaGenerator
    described = generator().get_schema(request=None, public=True)
    return {
        (_shape(path), method): Described(tuple(_query_parameters(operation)), tuple(_members(operation)))
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if "doors" not in operation["tags"]  # whose clients send what they always sent
    }


def _query_parameters(operation: Mapping[str, Any]) -> Iterator[str]:
    return (each["name"] for each in operation.get("parameters", ()) if each["in"] == "query")


def _members(operation: Mapping[str, Any]) -> Iterator[str]:
    for each in operation.get("parameters", ()):
        if each["in"] == "query" and each["name"] == PARAMETER:
            yield from each["schema"]["items"]["enum"]


def _shape(path: str) -> str:
    """Return a path without the names and types of its variables."""
    return _VARIABLE.sub("{}", path)


def _is_known(request: HttpRequest, name: str, known: tuple[str, ...]) -> bool:
    # All answers but files are JSON, so this habit of other APIs is met.
    return name in known or (name == "format" and request.GET[name] == "json")


def _refusal(unknown: list[str], known: tuple[str, ...]) -> HttpResponseBase:
    allowed = f"Known are: {', '.join(sorted(known))}." if known else "This address takes none."
    shown = [name[:_LONGEST_NAME] for name in unknown[:_MOST_NAMED]]
    detail = f"There is no query parameter {', '.join(shown)} here. {allowed}"
    fields = {name: [f"There is no such parameter. {allowed}"] for name in shown}
    return problem_response(400, code="unknown_parameter", detail=detail, fields=fields)
