"""Conditional requests of the API (RFC 9110, section 13): ETags, 304 for what is known, 412 for what has changed.

Every JSON answer has an ETag. It is made from the body unless the view has a cheaper one, such as that of a series. A
PUT, PATCH or DELETE with `If-Match` compares it with what GET answers at the same address, in one transaction with the
change:

    A  GET /sites/1/            ETag "a"
    B  GET /sites/1/            ETag "a"
    A  PATCH, If-Match "a"      200
    B  PATCH, If-Match "a"      412: B would have overwritten what A wrote

Of two that come at the same time, one gets the lock of the address; the other is answered 409.
"""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Final
from zlib import crc32

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.http.response import HttpResponseBase
from django.utils.cache import set_response_etag
from django.utils.http import parse_etags

from sensorfusion.domain.errors import ERRORS
from sensorfusion.web.problems import is_of_api, problem_response

CHANGES: Final = ("PUT", "PATCH", "DELETE")
_SAFE: Final = ("GET", "HEAD")
_LOCK: Final = 0x5E50_0021  # with the address, the advisory lock's key; see readings/storage/chores.py for the others
_ABOUT_THE_BODY: Final = ("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")
# What a 304 repeats of the answer that it stands for.
_REPEATED: Final = ("Cache-Control", "ETag", "Vary")
View = Callable[..., HttpResponseBase]


class Conditional:
    """Middleware of the API's answers; pages have none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.method not in _SAFE or not is_of_api(request) or not _is_json(response):
            return response
        _tag(response)
        known = parse_etags(request.headers.get("If-None-Match", ""))
        return _not_modified(response) if _agrees(response.headers["ETag"], known) else response

    def process_view(
        self, request: HttpRequest, view: View, arguments: tuple[Any, ...], named: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """Answer a change that has a condition; others are left to the view."""
        wanted = request.headers.get("If-Match")
        if wanted is None or request.method not in CHANGES or not _has_method(view, request.method):
            return None
        with transaction.atomic():
            if not _takes_lock(request.path_info):
                return _refusal("changed_meanwhile")
            current = view(_as_get(request), *arguments, **named)
            if current.status_code in (200, 405) and not _agrees(_tag_of(current), parse_etags(wanted)):
                return _refusal("precondition_failed")
            return _rendered(view(request, *arguments, **named))


def _has_method(view: Any, method: str) -> bool:
    """Return whether it is a view of the API that answers the method."""
    return hasattr(getattr(view, "cls", None), method.lower())


def _is_json(response: HttpResponseBase) -> bool:
    is_whole = response.status_code == 200 and not response.streaming
    return is_whole and response.headers.get("Content-Type", "").startswith("application/json")


def _tag(response: HttpResponse) -> None:
    if "ETag" not in response.headers:
        set_response_etag(response)


def _tag_of(response: HttpResponseBase) -> str:
    """Return the ETag of what GET answers; empty if there is nothing to compare with."""
    answered = _rendered(response)
    if not isinstance(answered, HttpResponse) or not _is_json(answered):
        return ""
    _tag(answered)
    return answered.headers["ETag"]


def _agrees(tag: str, listed: list[str]) -> bool:
    """Return whether a list names the ETag. Compression makes ETags weak, though the answer is the same."""
    return bool(tag) and ("*" in listed or tag.removeprefix("W/") in [each.removeprefix("W/") for each in listed])


def _not_modified(response: HttpResponse) -> HttpResponse:
    headers = {name: response.headers[name] for name in _REPEATED if name in response.headers}
    return HttpResponseNotModified(headers=headers)


def _as_get(request: HttpRequest) -> HttpRequest:
    """Return the request that asks for what a change would change, by the same operator."""
    asked = copy(request)
    asked.method = "GET"
    asked.META = {name: value for name, value in request.META.items() if name not in _ABOUT_THE_BODY}
    asked.META["QUERY_STRING"] = ""
    asked.GET = QueryDict()
    asked.resolver_match = request.resolver_match
    return asked


def _takes_lock(path: str) -> bool:
    address = crc32(path.rstrip("/").lower().encode()) - (1 << 31)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK, address])
        return bool(cursor.fetchone()[0])


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Return the response with its content, so that what fails while it is written undoes the change."""
    render = getattr(response, "render", None)
    return render() if callable(render) else response


def _refusal(code: str) -> HttpResponse:
    error = ERRORS[code]
    return problem_response(error.status or 400, code=code, detail=error.message)
