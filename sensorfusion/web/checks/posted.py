"""Addresses that forms are sent to and that show nothing: a browser that opens one is led to the form's page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from django.http import HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

View: TypeAlias = Callable[..., HttpResponseBase]
ACCEPTED = ("GET", "HEAD", "POST")


def sent_from(page: str, *kept: str) -> Callable[[View], View]:
    """Pass POST to the view, and redirect GET to `page`, the named URL of the page that holds the form.

    After a form error the browser shows this address: a reload, a restored tab or a shared link is a GET of it.
    `kept` are the parts of the address that the page's URL has as well.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: Any, /, **parts: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, **parts)
            if request.method not in ACCEPTED:
                return HttpResponseNotAllowed(ACCEPTED)
            led: HttpResponseBase = redirect(page, **{name: parts[name] for name in kept})
            return led

        return answer

    return decorate
