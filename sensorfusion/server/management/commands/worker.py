"""Runs the background chores only, without serving requests."""

import signal
from types import FrameType
from typing import Any

from sensorfusion.clock import utc_now
from sensorfusion.server.alerts.alerting import alerting
from sensorfusion.server.chores import runner
from sensorfusion.terminal.commands import ExplainedCommand

EXAMPLE = """\
Servers run the chores themselves, one server at a time. A separate worker relieves their processors: start it
first, and servers take over only when it ends. It stops on SIGTERM or Ctrl-C; nothing is lost, whenever it stops.

example:
  DATABASE_URL=postgresql://sensorfusion@db/sensorfusion sensorfusion worker
"""


class Command(ExplainedCommand):
    help = "Do the background work: rollups, retention, alert rules and other chores."
    epilog = EXAMPLE
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        work, watching = runner(), alerting(None, now=utc_now)

        def end(number: int, frame: FrameType | None) -> None:
            work.stop()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        watching.start()
        self.stdout.write("Working. Ctrl-C ends it.")
        self.stdout.flush()
        work.run()
        watching.stop()
