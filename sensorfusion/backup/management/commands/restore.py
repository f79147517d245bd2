"""Restores a backup into an empty data directory or database."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sensorfusion.backup import restore
from sensorfusion.backup.archive import Archive
from sensorfusion.clock import utc_now
from sensorfusion.config import database_url
from sensorfusion.config.settings import ENVIRONMENT
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.progress import progress

HELP = """\
Restore a backup into an empty data directory, or the empty database that DATABASE_URL names.

The whole file is checked against its manifest before anything is written. The database is loaded in one transaction:
a restore that fails leaves nothing behind and can be run again. Afterwards start the platform with up.

The file's SQL is run as it is, so restore only backups that you made: its manifest shows damage, not tampering.
"""
EXAMPLE = """\
example:
  sensorfusion restore /var/backups/sensorfusion-2026-11-22.sfb --data /var/lib/sensorfusion
  DATABASE_URL=postgresql://… sensorfusion restore /var/backups/sensorfusion-2026-11-22.sfb
"""


class Command(ExplainedCommand):
    help = HELP
    epilog = EXAMPLE
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that backup wrote")
        parser.add_argument(
            "--data",
            metavar="DIR",
            help="where the data goes (default: SENSORFUSION_DATA, or the system's directory for it)",
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="also replace a database whose tables are empty, as after a first start",
        )

    def handle(self, *, file: Path, force: bool, **_: Any) -> None:
        began = time.monotonic()
        data = ENVIRONMENT.data.resolve()
        with Archive(file) as archive:
            manifest = restore.put_back(
                now=utc_now(),
                archive=archive,
                data=data,
                url=database_url.conninfo(ENVIRONMENT.database_url) if ENVIRONMENT.database_url else "",
                force=force,
                progress=lambda title, total: progress(title, total=total, unit="MB read"),
            )
        self.stdout.write(
            f"Restored {manifest.counts}, as of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"in {time.monotonic() - began:.1f} s."
        )
        where = "DATABASE_URL names it" if ENVIRONMENT.database_url else f"--data {data}"
        self.stdout.write(f"Start it with: sensorfusion up ({where})")
