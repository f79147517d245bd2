"""The reader of a request: theme, units, clock and calendar; this browser's choices, else the operator's settings.

A browser's choices are cookies. An operator's are stored with the account, and choosing them in a page removes the
cookie, so that every browser of the operator has them.
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

from django.http import HttpRequest, HttpResponse

from sensorfusion.domain.texts.translation import pgettext_noop
from sensorfusion.web.values.clock import CLOCKS, WEEKS, Habits, read_by
from sensorfusion.web.values.systems import normalised

THEMES: Final = (
    pgettext_noop("theme", "auto"),
    pgettext_noop("theme", "light"),
    pgettext_noop("theme", "dark"),
)


class Reader:
    """Middleware: within a request, times and weeks are written for its reader."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The operator is looked up when a time is first written: most requests of programs write none.
        with read_by(partial(habits_of, request)):
            return self._get_response(request)


def theme_of(request: HttpRequest) -> str:
    """Return the reader's theme."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else "auto"


def units_of(request: HttpRequest) -> str:
    """Return the reader's units, as `web.values.systems` writes them."""
    return normalised(request.COOKIES.get("units", "")) or _stored(request, "shown_units", "metric")


def habits_of(request: HttpRequest) -> Habits:
    """Return the reader's clock and calendar."""
    usual = Habits()
    return Habits(
        _chosen(request, "clock", CLOCKS) or _stored(request, "clock", usual.clock),
        _chosen(request, "week", WEEKS) or _stored(request, "week_begins", usual.week),
    )


def _chosen(request: HttpRequest, name: str, known: Collection[str]) -> str:
    given = request.COOKIES.get(name, "")
    return given if given in known else ""


def _stored(request: HttpRequest, name: str, usual: str) -> str:
    return str(getattr(getattr(request, "user", None), name, usual))
