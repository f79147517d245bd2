"""URL patterns of the management API, with and without the trailing slash, and paths below PUBLIC_URL's path.

Redirects are no alternative: many devices do not follow them, and a redirected POST loses its body.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls.resolvers import RoutePattern, URLPattern

from sensorfusion.web.api.chosen_members import sparse
from sensorfusion.web.documented_parameters import documented_only, known_members


def full_path(path: str) -> str:
    """Return the path by which browsers request one of our paths that `reverse` does not know: below PUBLIC_URL's."""
    return f"{settings.PUBLIC_PATH}{path}"


class _EitherSlash(RoutePattern):
    def match(self, path: str) -> Any:
        return super().match(path if path.endswith("/") else f"{path}/")


def address(route: str, view: Callable[..., HttpResponseBase], *, name: str) -> URLPattern:
    """Return the URL pattern of `route`, written with the slash, as `reverse` and the schema show it.

    Query parameters that the schema does not name are refused, and `fields` chooses among the members that it names.
    """
    checked = documented_only(sparse(view, known_to=known_members))
    return URLPattern(_EitherSlash(route, name=name, is_endpoint=True), checked, name=name)
