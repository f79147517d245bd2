"""Decides from the head of a request to Django how much of its body is read.

Django reads the whole body before it looks at a credential. Here a request that needs one, and shows none that is
valid, is answered as if its body was empty: by the same view, with the same error, before anything was read. Forms that
everyone may send are small, until their visitor has signed in.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Final
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from rest_framework.permissions import AllowAny

from sensorfusion.accounts.tries.tokens import is_valid_token
from sensorfusion.web.description import description_of
from sensorfusion.web.problems import BELOW

# Of a form of a visitor who has not signed in: sign-in and sign-up, which are much smaller.
MOST_OF_VISITORS: Final = 65_536
_UPLOADS: Final = re.compile(r"/sensors/[0-9a-f-]{36}/import/\Z")
_SCHEMES: Final = ("bearer", "token")
InThread = Callable[..., Awaitable[bool]]


async def most_bytes(scope: Any, *, in_thread: InThread) -> int | None:
    """Return the largest body that is read for this head; None if none is to be read."""
    most: int = settings.ENVIRONMENT.max_body_bytes
    if not has_body(scope):
        return most
    if scope["path"].startswith(BELOW):
        return most if not _needs_credential(scope["path"]) or await in_thread(_is_known, scope) else None
    if 0 < announced(scope) <= min(most, MOST_OF_VISITORS):
        return most
    if not await in_thread(_is_signed_in, scope):
        return min(most, MOST_OF_VISITORS)
    is_upload = announced(scope) > most and _UPLOADS.match(scope["path"])
    return settings.ENVIRONMENT.max_upload_bytes if is_upload else most


def announced(scope: Any) -> int:
    text = _headers(scope).get(b"content-length", b"")
    return int(text) if text.isdigit() else 0


def has_body(scope: Any) -> bool:
    """Return whether a body may come, of announced length or not."""
    return announced(scope) > 0 or b"transfer-encoding" in _headers(scope)


class Nothing:
    """Receives an empty body, and no end of the connection."""

    def __init__(self) -> None:
        self._is_read = False

    async def __call__(self) -> dict[str, Any]:
        if self._is_read:
            await asyncio.get_running_loop().create_future()
        self._is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}


def _headers(scope: Any) -> Mapping[bytes, bytes]:
    return dict(scope["headers"])


def _needs_credential(path: str) -> bool:
    """Return whether the view of an address of the API identifies its client by the head."""
    try:
        view = resolve(path).func
    except Resolver404:
        return True  # the answer is the same without the body
    if permissions := getattr(getattr(view, "cls", None), "permission_classes", ()):
        return AllowAny not in permissions
    about = description_of(view)
    return not about or any(each.keys for each in about.values())  # what is described as open is read


def _is_known(scope: Any) -> bool:
    text = _shown(scope)
    if not text:
        return _is_signed_in(scope)
    client = scope.get("client")
    try:
        return is_valid_token(text=text, address=str(client[0]) if client else "", now=timezone.now())
    finally:
        close_old_connections()


def _shown(scope: Any) -> str:
    """Return the token of a head, from the places in which addresses of the API take it."""
    headers = _headers(scope)
    scheme, _, text = headers.get(b"authorization", b"").decode("latin-1").strip().partition(" ")
    if scheme.lower() in _SCHEMES:
        return text.strip()
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    appid = next((query[name][-1] for name in ("appid", "APPID") if name in query), "")
    return appid or headers.get(b"x-api-key", b"").decode("latin-1")


def _is_signed_in(scope: Any) -> bool:
    """Check the session only; the body has not been read yet."""
    try:
        cookies = SimpleCookie(_headers(scope).get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return False
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return False
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
    try:
        return bool(get_user(request).is_authenticated)
    finally:
        close_old_connections()
