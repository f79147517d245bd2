"""Imports an archive written by export_site as a new site."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from sensorfusion.accounts.models import Operator
from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.files.loading import Batch, Interrupted
from sensorfusion.ingest.files.refused_rows import RefusedRows
from sensorfusion.ingest.files.site_import import (
    ArchivedSite,
    BadArchive,
    Brought,
    finish_site,
    load_readings,
    make_site,
)
from sensorfusion.ingest.files.targets import BadTarget, operator_of
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.imports import Counted
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.progress import progress

HELP = """\
Import a site's archive into this installation.

Everything gets new ids, and each sensor a new key, which is printed only now (JSON on standard output). The importing
operator becomes the owner of the site; with --members, its members are invited with their roles.
"""
EPILOG = """\
Flags of readings are computed again, and the arrival time of a reading is that of the import.

example:
  sensorfusion import_site orchard.zip --operator you@example.org
"""


class Command(ExplainedCommand):
    help = HELP
    epilog = EPILOG
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the archive")
        parser.add_argument("--operator", required=True, metavar="EMAIL", help="owner of the new site")
        parser.add_argument("--name", default="", help="name of the new site, instead of the archived one")
        parser.add_argument("--members", action="store_true", help="also invite its members")

    def handle(self, *, file: str, operator: str, name: str, members: bool, **_: Any) -> None:
        try:
            by = operator_of(operator)
            with Path(file).open("rb") as raw:
                archived = ArchivedSite(raw)
                brought = make_site(archived, by=by, now=utc_now(), name=name, with_members=members)
                rows, rejected = self._load(archived, brought, by, file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}.", returncode=2) from None
        except (BadArchive, BadTarget) as error:
            raise CommandError(str(error), returncode=2) from None
        self._tell(brought, rows=rows, rejected=rejected)

    def _load(self, archived: ArchivedSite, brought: Brought, by: Operator, file: str) -> tuple[int, int]:
        rows = rejected = 0
        refused = RefusedRows(Path(f"{file}.refused.csv"))

        def done(batch: Batch) -> None:
            refused.add(batch.refused)

        try:
            with WriterConnection(conninfo()) as writer, progress("Importing", total=archived.readings) as step:
                # A site that comes as a whole is counted, but not left incomplete.
                store = Counted(writer.store, conninfo(), operator=by.pk, now=utc_now, is_limited=False).store
                for _, report in load_readings(archived, brought, store=store, now=utc_now, done=done, step=step):
                    rows, rejected = rows + report.rows, rejected + report.rejected
        except Interrupted as error:
            told = f"Delete the incomplete site {brought.site.name}, then import the archive again."
            raise CommandError(f"The import stopped: {error} {told}") from None
        finally:
            refused.close()
        finish_site(archived, brought, by=by, now=utc_now())
        return rows, rejected

    def _tell(self, brought: Brought, *, rows: int, rejected: int) -> None:
        sensors = [
            {"id": str(sensor.uuid), "name": sensor.name, "key": key} for sensor, key in brought.sensors.values()
        ]
        self.stdout.write(json.dumps({"site": str(brought.site.uuid), "sensors": sensors}, indent=2))
        self.stderr.write(f"{brought.site.name}: {len(sensors)} sensors, {rows:,} readings, {rejected:,} refused.")
        for note in brought.notes:
            self.stderr.write(note)
        if brought.invited:
            self.stderr.write(f"Invited, and members when they accept: {', '.join(brought.invited)}")
