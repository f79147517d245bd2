"""Log lines that strangers can cause: one a minute for each subject, and a limited number of subjects a minute."""

import logging
import time
from collections.abc import Callable
from typing import Final

WINDOW_S: Final = 60.0
# An administrator reads these; an attacker who sends a new origin each time must not fill the disk.
MOST_LINES: Final = 60


class LimitedLog:
    """Writes warnings to a logger, and how many it left out."""

    def __init__(self, logger: logging.Logger, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._clock = clock
        self._began = clock()
        self._told: set[str] = set()
        self._omitted = 0

    def warn(self, subject: str, message: str) -> None:
        """Log `message` unless one about this subject was logged in the same minute."""
        if self._clock() - self._began >= WINDOW_S:
            self._start_window()
        if subject in self._told or len(self._told) >= MOST_LINES:
            self._omitted += 1
            return
        self._told.add(subject)
        self._logger.warning("%s", message)

    def _start_window(self) -> None:
        if self._omitted:
            self._logger.warning("%d more lines like the last ones were left out.", self._omitted)
        self._began = self._clock()
        self._told.clear()
        self._omitted = 0
