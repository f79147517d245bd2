"""Error responses of the pages and the management API, including an unavailable database.

The API answers with problem details (`web.problems`).
"""

import sys
from typing import Any, Final

from django.core.exceptions import DisallowedHost
from django.core.exceptions import ValidationError as ModelError
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error
from rest_framework.exceptions import ErrorDetail, NotAuthenticated, ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.problems import CONTENT_TYPE, is_of_api, problem, problem_response

RETRY_AFTER_S: Final = 5  # a restart of PostgreSQL takes about that long
_RETRY: Final = {"Retry-After": str(RETRY_AFTER_S)}
_UNKNOWN_HOST: Final = (
    "This server does not answer to the host name that the request names: use its own address, or let its "
    "administrator add the name to ALLOWED_HOSTS."
)
_AWAY: Final = (OperationalError, InterfaceError)


def api_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return every refusal in the platform's common format."""
    if isinstance(error, Refusal):
        return _refusal(error)
    if isinstance(error, _AWAY):
        body = problem(503, code="database_away", detail=ERRORS["database_away"].message)
        return Response(body, status=503, headers=_RETRY, content_type=CONTENT_TYPE)
    if isinstance(error, ModelError):  # a service found an error that the serializer does not check
        error = ValidationError(as_serializer_error(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    status, data = response.status_code, response.data
    if isinstance(error, ValidationError):
        response.data = problem(status, code="invalid", detail=_first_sentence(data), fields=data)
    else:
        detail = data.get("detail", "")
        said = _unread_header(context) if isinstance(error, NotAuthenticated) else ""
        response.data = problem(status, code=getattr(detail, "code", "error"), detail=said or str(detail))
    response.content_type = CONTENT_TYPE
    return response


def page_error(request: HttpRequest) -> HttpResponse:
    """Render the page of an unhandled exception, which Django has logged: the database is unavailable, or a bug."""
    is_away = isinstance(sys.exc_info()[1], _AWAY)
    if is_of_api(request):
        return _fault_of_api(is_away=is_away)
    if not is_away:
        return server_error(request)
    page = loader.render_to_string("503.html")
    return HttpResponse(page, status=503, headers=_RETRY)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django refuses before a view sees it, such as one for an unknown host."""
    # The host is not repeated: a visitor may have been led here by it.
    why = _UNKNOWN_HOST if isinstance(exception, DisallowedHost) else ""
    if is_of_api(request):
        return problem_response(400, code="bad_request", detail=why or "The request cannot be understood.")
    return HttpResponse(loader.render_to_string("400.html", {"why": why}), status=400)


def _fault_of_api(*, is_away: bool) -> HttpResponse:
    if is_away:
        return problem_response(503, code="database_away", detail=ERRORS["database_away"].message, headers=_RETRY)
    return problem_response(500, code="error", detail="The server failed. Its log has the reason.")


def _refusal(refusal: Refusal) -> Response:
    fields = {refusal.field: [refusal.detail]} if refusal.field else None
    body = problem(refusal.status, code=refusal.code, detail=refusal.detail, fields=fields)
    return Response(body, status=refusal.status, content_type=CONTENT_TYPE)


def _unread_header(context: dict[str, Any]) -> str:
    """Say why an Authorization header was not read; empty without one."""
    request = context.get("request")
    scheme = request.headers.get("authorization", "").partition(" ")[0] if request else ""
    if not scheme:
        return ""
    return "The Authorization header is not of the form `Bearer <API token>` (or `Token <API token>`)."


def _first_sentence(errors: Any) -> str:
    match errors:
        case ErrorDetail() | str():
            return str(errors)
        case list() if errors:
            return _first_sentence(errors[0])
        case dict() if errors:
            name, inner = next(iter(errors.items()))
            sentence = _first_sentence(inner)
            return sentence if name == "non_field_errors" else f"{name}: {sentence}"
    return "The request is not valid."
