"""How the management API says no: `{"code": …, "detail": …}`, with `fields` where single fields are wrong."""

from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler


def api_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Give every refusal the platform's one shape."""
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = {"code": "invalid", "detail": _first_sentence(response.data), "fields": response.data}
    else:
        detail = response.data.get("detail", "")
        response.data = {"code": getattr(detail, "code", "error"), "detail": str(detail)}
    return response


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
