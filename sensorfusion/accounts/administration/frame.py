"""The announcements on a page: context processor, and the cookie of those that this browser dismissed."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from sensorfusion.accounts.administration.models import Announcement
from sensorfusion.accounts.administration.queries import is_administrator, shown_announcements

COOKIE: Final = "dismissed"
REMEMBERED: Final = 20  # of the newest that were dismissed
KEPT_S: Final = 365 * 24 * 3600


def frame(request: HttpRequest) -> dict[str, object]:
    """Return what the templates show; asked for once a page, where a template shows it."""
    return {
        "announcements": SimpleLazyObject(lambda: _shown(request)),
        "is_administrator": is_administrator(getattr(request, "user", None)),
    }


def dismiss(request: HttpRequest, response: HttpResponse, announcement: int) -> None:
    """Let the browser remember that its reader does not want to see an announcement again."""
    kept = sorted({*_dismissed(request), announcement})[-REMEMBERED:]
    value = ".".join(map(str, kept))
    response.set_cookie(COOKIE, value, max_age=KEPT_S, samesite="Lax", httponly=True, secure=request.is_secure())


def _shown(request: HttpRequest) -> list[Announcement]:
    return shown_announcements(now=timezone.now(), without=_dismissed(request))


def _dismissed(request: HttpRequest) -> list[int]:
    numbers = request.COOKIES.get(COOKIE, "").split(".")[:REMEMBERED]
    return [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 10]
