"""Saves the database and the data directory into one file, while the platform runs."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sensorfusion.backup import save as backup
from sensorfusion.clock import utc_now
from sensorfusion.config.settings import ENVIRONMENT
from sensorfusion.events.postgres import conninfo
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.progress import progress

HELP = """\
Save everything into one file, also while the platform runs.

The file holds a snapshot of the database (every reading that was acknowledged by then), the secret key and the
other files of the data directory, with a manifest of sizes and checksums. Only its owner can read it: it is as
secret as the data. restore loads it.
"""
EXAMPLE = """\
example:
  sensorfusion backup /var/backups/sensorfusion-$(date +%F).sfb
"""


class Command(ExplainedCommand):
    help = HELP
    epilog = EXAMPLE
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, outside of the data directory")

    def handle(self, *, file: Path, **_: Any) -> None:
        began = time.monotonic()
        manifest = backup.create_backup(
            url=conninfo(),
            data=ENVIRONMENT.data,
            to=file,
            now=utc_now,
            progress=lambda total: progress("Saving", total=total, unit="MB written"),
        )
        size = f"{file.stat().st_size / 1e6:,.1f} MB in {time.monotonic() - began:.1f} s"
        self.stdout.write(f"Saved {manifest.counts}, as of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC: {file}, {size}.")
        if ENVIRONMENT.secret_key:
            self.stdout.write("SECRET_KEY comes from the environment and is not in the file: keep it elsewhere.")
