"""Problem details (RFC 9457), the body of every error of the API.

`code` is stable and for programs, `detail` for people; `fields` names the errors of single fields or parameters.
"""

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

CONTENT_TYPE: Final = "application/problem+json"
BELOW: Final = ("/api/", "/data/")  # where errors are problem details, and pages elsewhere


def problem(status: int, *, code: str, detail: str, fields: Any = None) -> dict[str, Any]:
    """Return the members of an error."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    return {**body, "fields": fields} if fields else body


def problem_response(
    status: int, *, code: str, detail: str, fields: Any = None, headers: dict[str, str] | None = None
) -> JsonResponse:
    """Return an error that no view of the API makes."""
    body = problem(status, code=code, detail=detail, fields=fields)
    return JsonResponse(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def is_of_api(request: HttpRequest) -> bool:
    """Return whether a program made the request: its errors are no pages."""
    return request.path_info.startswith(BELOW)


@csrf_exempt
def no_such_address(request: HttpRequest) -> JsonResponse:
    """Answer a request for an unknown path of the API."""
    # The path is not repeated: some devices send a key in it.
    detail = (
        "The API has no such address. Ids in paths are UUIDs, such as 6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11. "
        f"{reverse('api-docs')} lists all addresses."
    )
    return problem_response(404, code="not_found", detail=detail)
