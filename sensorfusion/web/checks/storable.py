"""The boundary at which the API and pages refuse what no service can store: NUL, halves of characters, infinity.

Query parameters and forms are checked before any view, the bodies of the API while they are parsed. Doors have their
own decoders (`ingest.steps.decoding`), which keep the rest of a request.
"""

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import loader
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.texts.plain_text import is_storable
from sensorfusion.web.problems import is_of_api, problem_response

_FORM: Final = "application/x-www-form-urlencoded"
_DETAIL: Final = ERRORS["not_storable"].message
# Beyond it, integers are not exact in JSON of most programs, and PostgreSQL has no type for them.
_LARGEST: Final = 2**63


class StorableText:
    """Middleware that refuses paths, query parameters and forms with NUL or halves of characters."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_storable(request.path_info) and _are_storable(request.GET) and _are_storable(_form(request)):
            return self.get_response(request)
        if is_of_api(request):
            return problem_response(400, code="not_storable", detail=_DETAIL)
        return HttpResponse(loader.render_to_string("400.html", {"why": _DETAIL}), status=400)


class StorableJSON(JSONParser):
    """Parses JSON, and refuses texts and numbers that cannot be stored, wherever in the body they are."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ValidationError("The body is nested too deeply.") from None
        if all(map(_is_storable, _leaves(parsed))):
            return parsed
        raise ValidationError(_by_field(parsed) or _DETAIL, code="not_storable")


def _form(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" and request.content_type == _FORM else None


def _are_storable(parameters: QueryDict | None) -> bool:
    return parameters is None or all(
        is_storable(name) and all(map(is_storable, values)) for name, values in parameters.lists()
    )


def _by_field(parsed: Any) -> dict[str, list[str]]:
    """Return the fields of the body that hold what cannot be stored; none if their own names do."""
    if not isinstance(parsed, dict) or not all(map(_is_storable, parsed)):
        return {}
    return {name: [_DETAIL] for name, value in parsed.items() if not all(map(_is_storable, _leaves(value)))}


def _leaves(parsed: Any) -> Iterator[Any]:
    """Yield all keys, texts and numbers; without recursion, because a body may be nested deeply."""
    waiting = [parsed]
    while waiting:
        match waiting.pop():
            case dict() as names:
                yield from names
                waiting += names.values()
            case list() as several:
                waiting += several
            case leaf:
                yield leaf


def _is_storable(leaf: object) -> bool:
    match leaf:
        case str():
            return is_storable(leaf)
        case float():
            return isfinite(leaf)
        case int():
            return -_LARGEST <= leaf < _LARGEST
    return True
