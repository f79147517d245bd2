"""Writes a whole site into one archive, which import_site loads into another installation."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db.models import Sum

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.clock import utc_now
from sensorfusion.readings.export.site_archive import SiteArchive
from sensorfusion.readings.management.commands.export_readings import opened, site_named
from sensorfusion.readings.models import SensorState
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.progress import progress

HELP = """\
Write a whole site into one archive.

It is a ZIP of the site's description, its members, its sensors with their settings, and all readings. A manifest
has their checksums. Keys and passwords are not included.
"""
EPILOG = """\
example:
  sensorfusion export_site Orchard -o orchard.zip
"""


class Command(ExplainedCommand):
    help = HELP
    epilog = EPILOG
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("site", help="its name, or its id if the name is ambiguous")
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the file to write")

    def handle(self, *, site: str, output: str, **_: Any) -> None:
        found = site_named(site)
        record(Action.SITE_EXPORTED, by=None, site=found, subject=found.name)
        archive = SiteArchive(found, now=utc_now())
        began = time.monotonic()
        changes = SensorState.objects.filter(sensor__site=found).aggregate(changes=Sum("seq"))["changes"]
        try:
            with opened(output) as file, progress("Exporting", total=int(changes or 0)) as step:
                for piece in archive.chunks():
                    file.write(piece)
                    step(archive.rows, archive.rows)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
        seconds = time.monotonic() - began
        self.stderr.write(
            f"{found.name}: {archive.rows:,} readings in {seconds:.1f} s"
            f" ({archive.rows / max(seconds, 1e-3):,.0f} rows/s)"
        )
