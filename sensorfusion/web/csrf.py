"""The page of a form that is refused because it may come from another site: it says which header or setting is wrong.

Behind a proxy the usual cause is a header that the proxy does not pass on, and then no form works.
"""

import logging
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE, REASON_NO_REFERER
from django.template import loader
from django.utils.translation import gettext, override

from sensorfusion.web import origins
from sensorfusion.web.logs.limited_log import LimitedLog

# How Django's reasons begin.
_BAD_ORIGIN: Final = "Origin checking failed"
_BAD_REFERER: Final = "Referer checking failed"
_log = LimitedLog(logging.getLogger(__name__))


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the page says: a heading, why the form was refused, and what to do."""

    heading: str
    why: str
    remedy: str


def _too_old() -> Explanation:
    return Explanation(
        gettext("This form was open for too long"),
        gettext("It was not sent from this server's own page, or you signed in or out in another tab meanwhile."),
        gettext("Nothing was changed: go back, reload the page and send it again."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Render the page; Django calls it in place of the view (`CSRF_FAILURE_VIEW`)."""
    with override(None):  # logs are English
        said = explanation(request, reason)
        if said != _too_old():
            _log.warn(said.why, f"A form was refused with 403: {said.why} {said.remedy}")
    page = loader.render_to_string("403_csrf.html", {"said": explanation(request, reason)})
    return HttpResponse(page, status=403)


def explanation(request: HttpRequest, reason: str) -> Explanation:
    """Explain a refusal by Django's reason and the headers of the request."""
    source = origins.of_request(request)
    if reason.startswith(_BAD_ORIGIN):
        return _of_origin(source)
    if reason == REASON_NO_REFERER:
        return Explanation(
            gettext("This form does not say where it comes from"),
            gettext("The browser sent neither Origin nor Referer."),
            gettext(
                "An extension or a setting for privacy removes them: allow them for this site, then send the form "
                "again."
            ),
        )
    if reason.startswith(_BAD_REFERER):
        return _of_origin(replace(source, origin=_origin_of(request.headers.get("referer", ""))))
    return _without_cookie() if reason == REASON_NO_CSRF_COOKIE else _too_old()


def _of_origin(source: origins.Source) -> Explanation:
    return Explanation(
        gettext("This form seems to come from another site"),
        gettext("The browser says that it is a page of {origin}.").format(origin=source.shown_origin),
        origins.advice(source),
    )


def _without_cookie() -> Explanation:
    heading = gettext("The browser sent no cookie")
    why = gettext("Without one a form of another site cannot be told from one of ours.")
    remedy = gettext("Allow cookies for this site, reload the page and send the form again.")
    if settings.PUBLIC_URL:
        only_there = gettext("Open the platform at {address}: cookies are sent only there.")
        remedy = only_there.format(address=settings.PUBLIC_URL)
    return Explanation(heading, why, remedy)


def _origin_of(referer: str) -> str:
    try:
        parts = urlsplit(referer)
    except ValueError:
        return referer
    return f"{parts.scheme}://{parts.netloc}"
