"""Counts the attempts of API views and pages that take a password."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from sensorfusion.accounts import attempts
from sensorfusion.accounts.attempts import Attempt, Counted
from sensorfusion.accounts.known_browsers import knows
from sensorfusion.accounts.models import Operator

_COUNTED = "counted_attempt"


class AttemptThrottle(BaseThrottle):
    """Answers 429 with Retry-After when there were too many failures."""

    def __init__(self) -> None:
        self._wait_s = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        counted = attempts.count(attempt_of(request._request, _email(request)), now=timezone.now())
        setattr(request._request, _COUNTED, counted)
        self._wait_s = counted.wait_s
        return self._wait_s == 0

    def wait(self) -> float:
        return self._wait_s


class ForgivesSuccess(APIView):
    """A view whose attempts are not counted if they were right."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        counted = getattr(request._request, _COUNTED, None)
        if isinstance(counted, Counted) and not counted.wait_s and response.status_code < 300:
            attempts.forgive(counted, operator=getattr(response, "operator", None), now=timezone.now())
        return super().finalize_response(request, response, *args, **kwargs)


def answers_excess(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the page of a view that calls `may_try` the status 429, with Retry-After, when there were too many tries."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        counted = getattr(request, _COUNTED, None)
        if isinstance(counted, Counted) and counted.wait_s:
            response.status_code = 429
            response["Retry-After"] = str(counted.wait_s)
        return response

    return answered


def may_try(request: HttpRequest, form: BaseForm, *, email: str) -> bool:
    """Count an attempt to sign in, to sign up or to confirm a password; above the limit add an error to the form."""
    counted = attempts.count(attempt_of(request, email), now=timezone.now())
    setattr(request, _COUNTED, counted)
    if counted.wait_s:
        wait = f"{counted.wait_s} s" if counted.wait_s < 120 else f"{counted.wait_s // 60} min"
        detail = gettext("Too many attempts. Wait {wait}, then try again.").format(wait=wait)
        form.add_error(None, ValidationError(detail, code="too_fast"))
    return not counted.wait_s


def succeeded(request: HttpRequest, operator: Operator) -> None:
    """Take the attempt of this request back, because the password was right."""
    counted = getattr(request, _COUNTED, None)
    if isinstance(counted, Counted):
        attempts.forgive(counted, operator=operator, now=timezone.now())


def forgiven(request: HttpRequest) -> None:
    """Take the attempt of this request back, because the password was right; who it was is not certain yet."""
    counted = getattr(request, _COUNTED, None)
    if isinstance(counted, Counted):
        attempts.take_back(counted)


def attempt_of(request: HttpRequest, email: str) -> Attempt:
    # REMOTE_ADDR and not X-Forwarded-For, which any client can set; the server fills it in from a trusted proxy.
    return Attempt(request.META.get("REMOTE_ADDR", ""), email, knows(request, email))


def _email(request: Request) -> str:
    """Return the account that an attempt is for: the one that is signed in, else the one that is named."""
    if isinstance(request.user, Operator):
        return request.user.email
    given = request.data.get("email", "") if isinstance(request.data, dict) else ""
    return given if isinstance(given, str) else ""
