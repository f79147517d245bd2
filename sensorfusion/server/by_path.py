"""The doors of all platforms by the path of a URL, for the fast path of the web server (`fast_path`)."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, Literal

from django.urls.resolvers import RegexPattern

from sensorfusion.ingest.doors.door import Door, Place
from sensorfusion.server.sub_path import is_below

MOST_REMEMBERED: Final = 4_096
LONGEST_REMEMBERED: Final = 256  # bytes of a path: so all of them are some MB at most


class ByPath:
    """Finds doors as the router does, and remembers what it found, in bounds.

    The router alone decides of unusual paths: quoted ones, long ones, and such that do not begin with one slash.
    """

    def __init__(
        self,
        doors: Iterable[tuple[str, Any]],
        *,
        method: Literal["GET", "POST"],
        call: Callable[..., Any] = Door.respond,
        own: Mapping[bytes, Any] | None = None,
        public_path: str = "",
    ) -> None:
        """`own` are those of whole URLs; `call` is the function of a door that is called for a request."""
        self._patterns = [(RegexPattern(pattern, is_endpoint=True), door) for pattern, door in doors]
        self._method = method
        self._call = call
        self._own = own or {}
        self._public_path = public_path
        self._found: dict[bytes, Callable[..., Any] | None] = {}

    def get(self, url: bytes, /) -> Any:
        """Return what answers requests to this URL, or None."""
        if door := self._own.get(url):
            return door
        path, _, query = url.partition(b"?")
        try:
            found = self._found[path]
        except KeyError:
            found = self._remember(path)
        return partial(found, query) if found and b"#" not in query else None

    def _remember(self, path: bytes) -> Callable[..., Any] | None:
        if not _is_usual(path):
            return None
        if len(self._found) >= MOST_REMEMBERED:
            self._found.clear()
        found = self._found[path] = self._at(path.decode("ascii"))
        return found

    def _at(self, path: str) -> Callable[..., Any] | None:
        if self._public_path and is_below(path, self._public_path):
            path = path[len(self._public_path) :] or "/"
        for pattern, door in self._patterns:
            if match := pattern.match(path.lstrip("/")):
                if isinstance(door, Door) and self._method in door.methods:
                    return partial(self._call, door, Place(self._method, path, match[2]))
                return None
        return None


def _is_usual(path: bytes) -> bool:
    is_plain = path.isascii() and b"%" not in path and b"#" not in path
    return is_plain and len(path) <= LONGEST_REMEMBERED and path[:1] == b"/" and path[:2] != b"//"
