"""Does the background work alone, without serving anything."""

import signal
from types import FrameType
from typing import Any

from sensorfusion.server.chores import runner
from sensorfusion.terminal.commands import ExplainedCommand

EXAMPLE = """\
Servers do this work themselves, one of them at a time. A worker of its own takes it off their processor: start it
first, and servers step in only when it ends. Ends on SIGTERM or Ctrl-C; nothing is lost, whenever it ends.

example:
  DATABASE_URL=postgresql://sensorfusion@db/sensorfusion sensorfusion worker
"""


class Command(ExplainedCommand):
    help = "Do the background work: rollups, retention and other chores."
    epilog = EXAMPLE
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        work = runner()

        def end(number: int, frame: FrameType | None) -> None:
            work.stop()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        self.stdout.write("Working. Ctrl-C ends it.")
        self.stdout.flush()
        work.run()
