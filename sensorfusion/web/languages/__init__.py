"""The language of pages: what a reader chose, else what the account or the browser says.

English is the language of the source, of the API, of logs and of commands. `release/messages.py` makes the catalogues.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE: Final = "language"
LANGUAGES: Final = dict(settings.LANGUAGES)
_OF_PROGRAMS: Final = ("/api/", "/static/", "/metrics", "/clients/")
_PAGES: Final = ("/api/docs/", "/api/redoc/")  # of people, among the addresses of programs


class HasLanguage(Protocol):
    """An account; its language is empty as long as none was chosen."""

    language: str


class Language:
    """Middleware: pages are written in their reader's language, what programs read in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(_OF_PROGRAMS) and not request.path_info.startswith(_PAGES):
            return self._get_response(request)
        language = language_of(request)
        with translation.override(language):
            answer = self._get_response(request)
        if answer.get("Content-Type", "").startswith("text/html"):
            answer.headers.setdefault("Content-Language", language)
            patch_vary_headers(answer, ("Accept-Language",))
        return answer


def language_of(request: HttpRequest) -> str:
    """Return the language of a request's reader: of this browser's choice, the account, or the browser."""
    return (
        _known(request.COOKIES.get(COOKIE, ""))
        or _of_account(request)
        or translation.get_language_from_request(request)
    )


@contextmanager
def in_language_of(account: HasLanguage | None) -> Iterator[None]:
    """Write texts for a person whose request this is not: messages and reports, in the language of the account."""
    with translation.override(_known(account.language if account else "") or settings.LANGUAGE_CODE):
        yield


def _of_account(request: HttpRequest) -> str:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:  # without a session there is no account to look up
        return ""
    return _known(getattr(getattr(request, "user", None), "language", ""))


def _known(language: str) -> str:
    return language if language in LANGUAGES else ""
