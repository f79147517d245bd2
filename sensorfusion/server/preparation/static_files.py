"""Collects static files in a process of its own: meanwhile the database starts, and its memory is given back."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from sensorfusion.server.preparation.database import Say
from sensorfusion.terminal.errors import CommandLineError


class NotCollected(CommandLineError):
    """Static files could not be collected; the message is the end of what Django says."""


class Collection:
    """Begins at once to collect the static files, if any has changed since the last time."""

    def __init__(self) -> None:
        self._seal = Path(settings.STATIC_ROOT) / ".collected"
        self._found = _fingerprint()
        self._began = time.monotonic()
        is_done = self._seal.exists() and self._seal.read_text() == self._found
        self._process = None if is_done else _collect()
        self._errors, self._took_s = "", 0.0
        self._following = threading.Thread(target=self._follow, name="static files", daemon=True)
        self._following.start()

    def wait(self, say: Say) -> None:
        """Wait for the end.

        :raises NotCollected: there is no room, for example.
        """
        self._following.join()
        if self._process is None:
            return
        if self._process.returncode:
            *_, why = self._errors.strip().splitlines() or ["no reason is given"]
            raise NotCollected(f"Static files could not be collected: {why}")
        self._seal.write_text(self._found)
        say(f"Static files collected in {self._took_s:.1f} s")

    def stop(self) -> None:
        """End it, if it has not ended."""
        if self._process is not None:
            self._process.kill()
        self._following.join()

    def _follow(self) -> None:
        """Note what it says and when it ends, which may be long before anything waits for it."""
        if self._process is not None:
            _, self._errors = self._process.communicate()
            self._took_s = time.monotonic() - self._began


def _collect() -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "sensorfusion", "collectstatic", "--no-input", "--verbosity", "0"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _fingerprint() -> str:
    """Digest name, size and time of every static file; hashing their contents would take as long as copying them."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
