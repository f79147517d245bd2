"""URL patterns of the management API, with and without the trailing slash.

Redirects are no alternative: many devices do not follow them, and a redirected POST loses its body.
"""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls.resolvers import RoutePattern, URLPattern


class _EitherSlash(RoutePattern):
    def match(self, path: str) -> Any:
        return super().match(path if path.endswith("/") else f"{path}/")


def address(route: str, view: Callable[..., HttpResponseBase], *, name: str) -> URLPattern:
    """Return the URL pattern of `route`, written with the slash, as `reverse` and the schema show it."""
    return URLPattern(_EitherSlash(route, name=name, is_endpoint=True), view, name=name)
