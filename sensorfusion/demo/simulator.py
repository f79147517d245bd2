"""Runs the replayer of the demo's stations in a process of its own, as long as the server runs."""

import contextlib
import subprocess
import sys

# The process ends at the end of its input, which it notices after a moment.
END_WITHIN_S = 5


class Simulator:
    """`sensorfusion simulate` beside the server; it ends with the server in any case, because its input is closed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sensorfusion", "simulate", "--url", url, "--until-input-ends"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in a terminal reaches only the server
        )

    def stop(self) -> None:
        if not self._process or not self._process.stdin:
            return
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
