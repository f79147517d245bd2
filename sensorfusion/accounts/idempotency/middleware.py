"""Answers a POST of the API that was sent before with the same `Idempotency-Key` as it was answered then.

A program that got no answer cannot know whether its request was done. With a key it sends it again:

    POST /api/v1/sensors/   Idempotency-Key: 3e0c   … the connection breaks after COMMIT
    POST /api/v1/sensors/   Idempotency-Key: 3e0c   201, with the sensor and the key of the first; Idempotency-Replayed

The answer is stored in the transaction of what was done, so neither exists without the other. Only successes are
stored: what was refused has changed nothing, and may be tried again.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import APIException

from sensorfusion.accounts.idempotency.answers import Answer, Sent, answer_of, keep
from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.api.description import KEY_PATTERN
from sensorfusion.web.problems import is_of_api, problem_response

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_KEPT_HEADERS: Final = ("Content-Type", "Location")
_KEY: Final = re.compile(KEY_PATTERN)
View = Callable[..., HttpResponseBase]


class Idempotency:
    """Middleware of operators' POSTs. Doors need none: readings that come again are duplicates."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, arguments: tuple[Any, ...], named: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """Answer a POST that has a key; others, and those of strangers, are left to the view."""
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or not is_of_api(request):
            return None
        if (found := _operator(request, view)) is None:
            return None
        if not _KEY.match(key):
            return _refusal(Refusal("bad_key"))
        operator, token = found
        sent = Sent(operator=operator, token=token, key=key, request=_all_of(request))
        try:
            with transaction.atomic():
                return _once(sent, lambda: view(request, *arguments, **named))
        except Refusal as refusal:
            return _refusal(refusal)


def _once(sent: Sent, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    now = timezone.now()
    if (before := answer_of(sent=sent, now=now)) is not None:
        return HttpResponse(before.body, status=before.status, headers={**before.headers, REPLAYED: "true"})
    response = view()
    render = getattr(response, "render", None)
    response = render() if callable(render) else response
    if response.status_code < 300 and isinstance(response, HttpResponse):
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        keep(sent=sent, answer=Answer(response.status_code, headers, response.content), now=now)
    return response


def _operator(request: HttpRequest, view: Any) -> tuple[Operator, ApiToken | None] | None:
    """Return who sent the request, None for a request that the view refuses, or that needs no account."""
    if not hasattr(view, "cls"):
        return None
    try:
        asked = view.cls(**view.initkwargs).initialize_request(request)
        by, token = asked.user, asked.auth
    except (APIException, Refusal):
        return None
    return (by, token if isinstance(token, ApiToken) else None) if isinstance(by, Operator) else None


def _all_of(request: HttpRequest) -> bytes:
    """Return what two requests with one key must have in common."""
    head = f"{request.method} {request.path_info.rstrip('/')}?{request.META.get('QUERY_STRING', '')}\n"
    return head.encode() + request.body


def _refusal(refusal: Refusal) -> HttpResponse:
    wait = {"Retry-After": str(refusal.retry_after_s)} if refusal.retry_after_s else None
    return problem_response(refusal.status, code=refusal.code, detail=refusal.detail, headers=wait)
