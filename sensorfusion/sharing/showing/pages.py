"""Pictures of links, below `/s/<token>/`."""

from hashlib import sha256
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from sensorfusion.sharing.models import ShareRight
from sensorfusion.sharing.pages import by_link, units_asked
from sensorfusion.sharing.showing.picture import NOT_INSTALLED, has_png, picture_png, picture_svg

CACHING: Final = "private, no-cache"  # asked again each time, and 304 while it shows the same


@require_safe
@by_link
def svg(request: HttpRequest, right: ShareRight) -> HttpResponse:
    """Return the picture of what the link shows now."""
    drawn = picture_svg(right, system=units_asked(request), now=timezone.now())
    return tagged(request, drawn, HttpResponse(drawn, content_type="image/svg+xml"))


@require_safe
@by_link
def png(request: HttpRequest, right: ShareRight) -> HttpResponse:
    """Return the same as PNG, or say what is missing for that."""
    if not has_png():
        return HttpResponse(NOT_INSTALLED, status=501, content_type="text/plain; charset=utf-8")
    drawn = picture_svg(right, system=units_asked(request), now=timezone.now())
    answer = tagged(request, drawn, HttpResponse(content_type="image/png"))
    if answer.status_code == 200:
        answer.content = picture_png(drawn)
    return answer


def tagged(request: HttpRequest, drawn: str, response: HttpResponse) -> HttpResponse:
    """Add the ETag of what is drawn; answer 304 to a reader who has it."""
    etag = f'"{sha256(drawn.encode()).hexdigest()[:32]}"'
    found: HttpResponse = get_conditional_response(request, etag=etag, response=response) or response
    found.headers["ETag"] = etag
    found.headers["Cache-Control"] = CACHING
    return found
