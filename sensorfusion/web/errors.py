"""Error responses of the pages and the management API, including an unavailable database.

The API answers `{"code": …, "detail": …}`, with `fields` for errors of single fields.
"""

import sys
from typing import Any, Final

from django.core.exceptions import ValidationError as ModelError
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.refusals import Refusal

RETRY_AFTER_S: Final = 5  # a restart of PostgreSQL takes about that long
_AWAY: Final = (OperationalError, InterfaceError)


def api_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return every refusal in the platform's common format."""
    if isinstance(error, Refusal):
        return _refusal(error)
    if isinstance(error, _AWAY):
        body = {"code": "database_away", "detail": ERRORS["database_away"].message}
        return Response(body, status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
    if isinstance(error, ModelError):  # a service found an error that the serializer does not check
        error = ValidationError(as_serializer_error(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = {"code": "invalid", "detail": _first_sentence(response.data), "fields": response.data}
    else:
        detail = response.data.get("detail", "")
        response.data = {"code": getattr(detail, "code", "error"), "detail": str(detail)}
    return response


def page_error(request: HttpRequest) -> HttpResponse:
    """Render the page of an unhandled exception, which Django has logged: the database is unavailable, or a bug."""
    if not isinstance(sys.exc_info()[1], _AWAY):
        return server_error(request)
    page = loader.render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_S)})


def _refusal(refusal: Refusal) -> Response:
    body: dict[str, Any] = {"code": refusal.code, "detail": refusal.detail}
    if refusal.field:
        body["fields"] = {refusal.field: [refusal.detail]}
    return Response(body, status=refusal.status)


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
