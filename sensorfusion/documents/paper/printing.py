"""Runs the child process that writes PDF: one at a time in a process, a few that wait, and none for long."""

import json
import logging
import os
import subprocess
import sys
import threading
from functools import cache
from importlib.util import find_spec
from typing import Final, Literal

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.slots import RETRY_AFTER_S, Slots

Size = Literal["a4", "letter"]
NOT_INSTALLED: Final = gettext_noop(
    "PDF needs WeasyPrint, which is not installed. Install it with: pip install 'sensorfusion[pdf]', and Pango of the"
    " system: apt-get install libpango-1.0-0 libpangoft2-1.0-0. The browser's Print saves a report as a PDF, too."
)
WITHIN_S: Final = 60.0  # a month takes 2 s, on a busy machine 7
WAIT_S: Final = 60.0  # for those before it
SLOTS: Final = Slots(4, what=gettext_noop("reports as PDF"))  # the one that is written, and three that wait
_COMMAND: Final = [sys.executable, "-m", "sensorfusion.documents.paper.child"]
_ONE: Final = threading.Lock()

_log = logging.getLogger(__name__)


@cache
def has_pdf() -> bool:
    """Return whether the extra is installed; WeasyPrint itself is never imported here."""
    return find_spec("weasyprint") is not None


def printed_for(operator: int, html: str, *, base: str, size: Size) -> bytes:
    """Return a document as PDF for an operator, who has one written at a time.

    :raises Refusal: `one_at_a_time`, or `overloaded` while too many wait or when it could not be written.
    """
    with SLOTS.of(operator):
        return printed(html, base=base, size=size)


def printed(html: str, *, base: str, size: Size, wait_s: float | None = None, within_s: float | None = None) -> bytes:
    """Return a document as PDF, when those before it are written.

    :param wait_s: how long those before it may take, `within_s`: how long the document itself may.
    :param base: the address that links in it begin with.
    :raises Refusal: `overloaded`.
    """
    if not _ONE.acquire(timeout=WAIT_S if wait_s is None else wait_s):
        why = gettext("Other reports are being written. Try again in a moment.")
        raise Refusal("overloaded", why, retry_after_s=60)
    try:
        asked = json.dumps({"html": html, "base": base, "size": size}).encode()
        return _written(asked, WITHIN_S if within_s is None else within_s)
    finally:
        _ONE.release()


def _written(asked: bytes, within_s: float) -> bytes:
    try:
        done = subprocess.run(
            _COMMAND,
            input=asked,
            capture_output=True,
            timeout=within_s,
            env=_environment(),
            check=True,
        )
    except subprocess.TimeoutExpired:
        _log.warning("A report was not written as PDF within %g s.", within_s)
    except subprocess.CalledProcessError as error:
        _log.warning("A report could not be written as PDF: %s", error.stderr.decode(errors="replace")[-500:].strip())
    else:
        return done.stdout
    why = gettext("The PDF could not be written. The page has the same report, and the browser can print it.")
    raise Refusal("overloaded", why, retry_after_s=RETRY_AFTER_S)


def _environment() -> dict[str, str]:
    """Return what a Python needs to find its modules: no setting, and no secret, of the server."""
    arenas = {"MALLOC_ARENA_MAX": "1"}  # glibc reserves addresses for every thread, which count as memory
    return {**settings.BARE_ENVIRONMENT, **arenas, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
