"""Creates the demo: an operator, a site, three stations, and a year of real observations."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from sensorfusion.clock import utc_now
from sensorfusion.demo import house
from sensorfusion.demo.site import EMAIL, Demo, fill_up, prepare
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.files.loading import Interrupted, Report
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.progress import progress
from sensorfusion.terminal.refusals import as_command_error

EPILOG = """\
Safe to run again: it shows the password again, and adds the observations that are missing up to now.
The password and the keys are in the data directory (demo_password, demo_keys.json), readable by its owner only.

example:
  sensorfusion demo
    sensorfusion simulate          then keeps the stations sending every three seconds
"""
ROWS = 26_115  # rows to store on the first run, for the progress bar


class Command(ExplainedCommand):
    help = "Create demo sites, three airports and a house of simulated sensors, and an operator."
    epilog = EPILOG
    requires_system_checks = ()

    def handle(self, **_: Any) -> None:
        began = time.monotonic()
        with as_command_error():
            demo = prepare(data=settings.ENVIRONMENT.data, now=utc_now())
            house.prepare(operator=demo.operator, data=settings.ENVIRONMENT.data, now=utc_now())
        try:
            with WriterConnection(conninfo()) as writer, progress("Demo observations", total=ROWS) as step:
                report = fill_up(demo=demo, store=writer.store, now=utc_now, step=step)
        except Interrupted as error:
            raise CommandError(f"The demo is not complete: {error}") from None
        self._introduce(demo, report, seconds=time.monotonic() - began)

    def _introduce(self, demo: Demo, report: Report, *, seconds: float) -> None:
        names = ", ".join(sensor.name for sensor in demo.sensors.values())
        added = f" ({report.accepted:,} observations added in {seconds:.1f} s)" if report.accepted else ""
        self.stdout.write(f"Demo site {demo.site.name}: {names}{added}")
        simulated = ", ".join(thing.name for thing in house.THINGS)
        self.stdout.write(f"Demo site {house.SITE}, simulated: {simulated}")
        password = f"with the password {demo.password}" if demo.password else "with the password you gave it"
        self.stdout.write(f"Sign in as {EMAIL} {password}")
