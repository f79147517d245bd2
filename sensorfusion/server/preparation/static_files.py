"""Collects static files in a process of its own: meanwhile the database starts, and its memory is given back."""

import hashlib
import os
import subprocess
import sys
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

    def wait(self, say: Say) -> None:
        """Wait for the end.

        :raises NotCollected: there is no room, for example.
        """
        if self._process is None:
            return
        _, errors = self._process.communicate()
        if self._process.returncode:
            raise NotCollected(f"Static files could not be collected: {errors.strip().rpartition(chr(10))[2]}")
        self._seal.write_text(self._found)
        say(f"Static files collected in {time.monotonic() - self._began:.1f} s")
        self._process = None

    def stop(self) -> None:
        """End it, if it was not waited for."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


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
