"""The demo's stations, speaking in a process of their own for as long as the platform runs."""

import contextlib
import subprocess
import sys

# It ends when its input does, which takes it a moment to notice.
END_WITHIN_S = 5


class Simulator:
    """`sensorfusion simulate` beside the server; it ends with us however we end, because its input does."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sensorfusion", "simulate", "--url", url, "--until-input-ends"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in a terminal is for us
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
