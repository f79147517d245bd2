"""Every address that is described beside Django REST framework's: those of doors, probes, and plain views."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from sensorfusion.web.description import ByMethod, description_of

# The end of a console's path: its key, or fields because it lacks the `?`, which are no variable.
_END: Final = "glued"


@cache
def described() -> tuple[tuple[str, ByMethod], ...]:
    """Return each address, with variables in braces, and what it says of itself."""
    return (*_of_doors(), *_of_views(get_resolver().url_patterns))


def addresses(pattern: str) -> Iterator[str]:
    """Yield the addresses of a pattern: with and without a variable that may be absent."""
    for path, names in normalize(pattern):
        for name in names:
            path = path.replace(f"%({name})s", "" if name == _END else f"{{{name}}}")
        yield f"/{path.rstrip('/')}"
        if _END in names and "key" not in names:
            yield f"/{path.rstrip('/')}/{{key}}"


def _of_doors() -> Iterator[tuple[str, ByMethod]]:
    # Imported here: the application imports Django's URLs, and a view of these calls this.
    from sensorfusion.server.asgi import doors, streams
    from sensorfusion.server.process import Process

    process = Process()
    for pattern, door in (*doors(process), *streams(process)):
        for path in addresses(pattern):
            yield path, door.described(path)


def _of_views(patterns: Any, before: str = "") -> Iterator[tuple[str, ByMethod]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _of_views(each.url_patterns, f"{before}{each.pattern}")
        elif isinstance(each, URLPattern) and (by_method := description_of(each.callback)):
            yield _with_braces(f"/{before}{each.pattern}"), by_method


def _with_braces(route: str) -> str:
    """Convert `<uuid:uuid>` to `{uuid}`."""
    parts = [part for each in route.split("<") for part in each.split(">")]
    return "".join(parts[:1]) + "".join(
        f"{{{variable.rpartition(':')[2]}}}{text}" for variable, text in list(pairwise(parts[1:]))[::2]
    )
