"""Addresses of the management API, which answer with and without the slash at their end.

Redirects would not do: many devices do not follow them, and a redirected POST loses its body.
"""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls.resolvers import RoutePattern, URLPattern


class _EitherSlash(RoutePattern):
    def match(self, path: str) -> Any:
        return super().match(path if path.endswith("/") else f"{path}/")


def address(route: str, view: Callable[..., HttpResponseBase], *, name: str) -> URLPattern:
    """Make the pattern of an address whose `route` is written with the slash, as `reverse` and the schema show it."""
    return URLPattern(_EitherSlash(route, name=name, is_endpoint=True), view, name=name)
