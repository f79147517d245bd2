"""Error responses of the pages and the management API, including an unavailable database.

The API answers with problem details (`web.problems`).
"""

import logging
import sys
from typing import Any, Final

import psycopg
from django.core.exceptions import DisallowedHost
from django.core.exceptions import ValidationError as ModelError
from django.db import Error as DatabaseError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from rest_framework.exceptions import ErrorDetail, NotAuthenticated, ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.translation import gettext, gettext_noop
from sensorfusion.postgres.faults import is_of_request, one_line
from sensorfusion.web.logs.request_id import request_id
from sensorfusion.web.problems import CONTENT_TYPE, is_of_api, problem, problem_response

RETRY_AFTER_S: Final = 5  # a restart of PostgreSQL takes about that long
_RETRY: Final = {"Retry-After": str(RETRY_AFTER_S)}
_UNKNOWN_HOST: Final = gettext_noop(
    "This server does not answer to the host name that the request names: use its own address, or let its "
    "administrator add the name to ALLOWED_HOSTS."
)

_log = logging.getLogger(__name__)


def api_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return every refusal in the platform's common format."""
    if isinstance(error, Refusal):
        return _refusal(error)
    if code := _code_of(error):
        known = ERRORS[code]
        body = problem(known.status or 500, code=code, detail=known.message)
        headers = _RETRY if known.status == 503 else None
        return Response(body, status=known.status, headers=headers, content_type=CONTENT_TYPE)
    if isinstance(error, ModelError):  # a service found an error that the serializer does not check
        error = ValidationError(as_serializer_error(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    status, data = response.status_code, response.data
    if isinstance(error, ValidationError):
        response.data = problem(status, code=_code_of_all(data), detail=_first_sentence(data), fields=_by_name(data))
    else:
        detail = data.get("detail", "")
        said = _unread_header(context) if isinstance(error, NotAuthenticated) else ""
        response.data = problem(status, code=getattr(detail, "code", "error"), detail=said or str(detail))
    response.content_type = CONTENT_TYPE
    return response


def page_error(request: HttpRequest) -> HttpResponse:
    """Render the page of an unhandled exception, which Django has logged: the database is unavailable, or a bug."""
    code = _code_of(sys.exc_info()[1])
    if is_of_api(request):
        return _fault_of_api(code)
    match code:
        case "database_away":
            return HttpResponse(loader.render_to_string("503.html"), status=503, headers=_RETRY)
        case "":
            return HttpResponse(loader.render_to_string("500.html", {"request_id": request_id()}), status=500)
    return HttpResponse(loader.render_to_string("400.html", {"why": gettext(ERRORS[code].message)}), status=400)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django refuses before a view sees it, such as one for an unknown host."""
    # The host is not repeated: a visitor may have been led here by it.
    why = _UNKNOWN_HOST if isinstance(exception, DisallowedHost) else ""
    if is_of_api(request):
        return problem_response(400, code="bad_request", detail=why or "The request cannot be understood.")
    return HttpResponse(loader.render_to_string("400.html", {"why": gettext(why)}), status=400)


def _code_of(error: BaseException | None) -> str:
    """Return the code of an error by whose fault it is: the database's, or the request's; empty for a bug of ours."""
    if isinstance(error, UnicodeEncodeError):  # half a character, which PostgreSQL has no bytes for
        return "not_storable"
    if not isinstance(error, DatabaseError | psycopg.Error):
        return ""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__ or error
    if isinstance(error, IntegrityError | psycopg.IntegrityError):
        return "changed_meanwhile"
    if is_of_request(cause):
        return "not_storable"
    _log.error("The database cannot do what a request needs: %s", one_line(cause))
    return "database_away"


def _fault_of_api(code: str) -> HttpResponse:
    if not code:
        detail = f"The server failed. Its log has the reason, at the request {request_id()}."
        return problem_response(500, code="error", detail=detail)
    status = ERRORS[code].status or 500
    headers = _RETRY if status == 503 else None
    return problem_response(status, code=code, detail=ERRORS[code].message, headers=headers)


def _refusal(refusal: Refusal) -> Response:
    fields = {refusal.field: [refusal.detail]} if refusal.field else None
    body = problem(refusal.status, code=refusal.code, detail=refusal.detail, fields=fields)
    wait = {"Retry-After": str(refusal.retry_after_s)} if refusal.retry_after_s else None
    return Response(body, status=refusal.status, headers=wait, content_type=CONTENT_TYPE)


def _unread_header(context: dict[str, Any]) -> str:
    """Say why an Authorization header was not read; empty without one."""
    request = context.get("request")
    scheme = request.headers.get("authorization", "").partition(" ")[0] if request else ""
    if not scheme:
        return ""
    return "The Authorization header is not of the form `Bearer <API token>` (or `Token <API token>`)."


def _code_of_all(errors: Any) -> str:
    """Return the code of an error that stands for the whole body, else that of invalid fields."""
    match errors:
        case [ErrorDetail(code="not_storable"), *_]:
            return "not_storable"
    return "invalid"


def _by_name(errors: Any, name: str = "") -> dict[str, list[str]]:
    """Return the sentences of each field; those of nested fields by names such as `names.t1.unit`."""
    match errors:
        case dict():
            inner = [_by_name(each, f"{name}.{key}" if name else str(key)) for key, each in errors.items()]
        case list() if any(isinstance(each, dict | list) for each in errors):
            inner = [_by_name(each, f"{name}.{place}" if name else str(place)) for place, each in enumerate(errors)]
        case list():
            return {name or "non_field_errors": [str(each) for each in errors]}
        case _:
            return {name or "non_field_errors": [str(errors)]}
    return {key: sentences for each in inner for key, sentences in each.items() if sentences}


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
