"""PUBLIC_URL with a path: removes the path from requests whose proxy left it in.

A proxy may remove it (nginx: `proxy_pass http://127.0.0.1:8000/;`) or not (`proxy_pass http://127.0.0.1:8000;`), and
probes on this machine know nothing of it. Doors, sockets and probes see the path without it; for Django,
`django_handler.PagesHandler` puts it back. What is given to browsers and devices always has it (`web.addresses`).
"""

from typing import Any


class SubPath:
    """An ASGI application that serves another one both below `path` and at the root."""

    def __init__(self, application: Any, path: str) -> None:
        self._application = application
        self._path = path
        self._raw_path = path.encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan" and is_below(scope["path"], self._path):
            scope = {**scope, "path": scope["path"][len(self._path) :] or "/"}
            if (raw := scope.get("raw_path")) and raw.startswith(self._raw_path):
                scope["raw_path"] = raw[len(self._raw_path) :] or b"/"
        await self._application(scope, receive, send)


def is_below(path: str, root: str) -> bool:
    """Return whether a path is `root` or below it: /sfx is not below /sf."""
    return path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/")
