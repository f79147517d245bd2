"""Runs the child process that notifies by apprise: few at a time, and none for long. apprise is never imported here."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from django.conf import settings

from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.translation import gettext, gettext_noop
from sensorfusion.outgoing.attempts import NotAccepted

WITHIN_S: Final = (
    30.0  # loading takes 1 s, on a busy machine some; plug-ins wait 4 s for a connection, and for an answer
)
NOT_INSTALLED: Final = gettext_noop(
    "apprise is not installed on this server. Its administrator installs it with: pip install 'sensorfusion[apprise]'."
)
_SENDS: Final = threading.BoundedSemaphore(3)  # one more than a person has attempts; a process takes 60 MB
_LOOKS: Final = threading.BoundedSemaphore(2)
_LOOK_WAITS_S: Final = 10.0
_COMMAND: Final = [sys.executable, "-P", "-m", "sensorfusion.outgoing.apprise.child"]
_NO_FILE: Final = f"{os.devnull}/none"
_CUT_OFF: Final = "apprise ended without an answer: it took more memory than it may, or has a fault"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notification:
    """A message to one address of apprise; `notify_type` is apprise's word for how bad it is."""

    url: str = field(repr=False)
    title: str
    body: str
    notify_type: str


@cache
def has_apprise() -> bool:
    """Return whether the extra is installed."""
    return find_spec("apprise") is not None


def shown_of(url: str) -> str:
    """Return what may be shown of an address: its service, and its host if that is no secret.

    :raises NotAccepted: apprise cannot use the address, or may not.
    :raises Refusal: `overloaded`.
    """
    if not _LOOKS.acquire(timeout=_LOOK_WAITS_S):
        raise Refusal("overloaded", gettext("Other addresses are being read. Try again in a moment."), retry_after_s=10)
    try:
        return str(_ran({"url": url, "allowed": []})["shown"])
    finally:
        _LOOKS.release()


def notify(notification: Notification, *, allowed: Iterable[str], within_s: float = WITHIN_S) -> None:
    """Send a notification, once a process is free; private networks are reached if `allowed` has them.

    :raises NotAccepted: with the reason to show, in which no part of the address is.
    """
    asked = {name: getattr(notification, name) for name in ("url", "title", "body", "notify_type")}
    with _SENDS:
        _ran({**asked, "allowed": list(allowed)}, within_s=within_s)


def _ran(asked: dict[str, Any], *, within_s: float = WITHIN_S) -> dict[str, Any]:
    if not has_apprise():
        raise NotAccepted(NOT_INSTALLED)
    try:
        done = subprocess.run(
            _COMMAND,
            input=json.dumps({**asked, "within_s": within_s}).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may have the address
            timeout=within_s,
            env=_environment(),
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise NotAccepted(f"no answer within {within_s:g} s") from None
    except ValueError:
        _log.warning("The process of apprise ended with %d and without an answer.", done.returncode)
        raise NotAccepted(_CUT_OFF) from None
    if found["why"]:
        raise NotAccepted(found["why"])
    return found


def _environment() -> dict[str, str]:
    """Return what a Python needs to find its modules: no setting, no secret, and no proxy of the server."""
    # requests would add the passwords of a .netrc.
    ours = {"MALLOC_ARENA_MAX": "1", "NETRC": _NO_FILE, "PYTHONDONTWRITEBYTECODE": "1"}
    return {**settings.BARE_ENVIRONMENT, **ours, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
