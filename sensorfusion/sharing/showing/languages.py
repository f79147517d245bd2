"""The language of what a link shows: that of its reader, or for a part of another site's page that of `?lang=`."""

from collections.abc import Callable, Mapping
from functools import wraps
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.utils.translation import override

from sensorfusion.web.languages import LANGUAGES, language_of


def in_asked_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Write a part in the language of `?lang=`; without it, in that of the request."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: object) -> HttpResponse:
        language = request.GET.get("lang", "")
        if language not in LANGUAGES:
            return view(request, *arguments)
        with override(language):
            response = view(request, *arguments)
        response.headers["Content-Language"] = language
        return response

    return answer


def language_of_socket(query: str, headers: Mapping[bytes, str]) -> str:
    """Return the language that a page names in its socket's address, else that of the browser."""
    asked = parse_qs(query).get("lang", [""])[0]
    if asked in LANGUAGES:
        return asked
    handshake = HttpRequest()
    handshake.COOKIES = parse_cookie(headers.get(b"cookie", ""))
    handshake.META["HTTP_ACCEPT_LANGUAGE"] = headers.get(b"accept-language", "")
    return language_of(handshake)
