"""Writes stored readings into a file: CSV, NDJSON or Parquet, which import_readings reads without loss."""

import gzip
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, cast
from uuid import UUID

from django.core.management.base import CommandError
from django.db.models import Sum

from sensorfusion.readings.export.export import FORMATS, Export, Exported, Format, Selection
from sensorfusion.readings.export.notes_file import FORMS, NotesExport
from sensorfusion.readings.export.parquet import NoPyarrow
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.progress import progress

STANDARD_OUTPUT: Final = "-"
HELP = """\
Write stored readings into a file: of one sensor, of several, or of a whole site.

The file is a snapshot of the moment at which the export began, however long it takes. Without --output it goes to
standard output. The file gets its name once it is complete.
"""
EPILOG = """\
The file's name determines the format: readings.csv, readings.ndjson or readings.parquet; .gz compresses it.
Importing any of them restores the same readings. Values are in canonical units.

examples:
  sensorfusion export_readings --site Orchard -o orchard.parquet
  sensorfusion export_readings --sensor 0198c1d2-… --from 2026-01-01T00:00:00Z -o since-january.csv.gz
  sensorfusion export_readings --site Orchard --notes -o orchard-notes.csv
"""


class Command(ExplainedCommand):
    help = HELP
    epilog = EPILOG
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--sensor", metavar="UUID", action="append", help="a sensor; may be repeated")
        which.add_argument("--site", metavar="NAME", help="all sensors of a site; use its id if the name is ambiguous")
        parser.add_argument("--from", dest="start", metavar="TIME", type=_instant, help="the first instant, RFC 3339")
        parser.add_argument("--to", dest="end", metavar="TIME", type=_instant, help="end of the range, exclusive")
        parser.add_argument(
            "--format", dest="form", choices=FORMATS, help="the format, if the file's name does not show it"
        )
        parser.add_argument(
            "--notes", action="store_true", help="write the notes of the range instead of the readings; csv or ndjson"
        )
        parser.add_argument("-o", "--output", default=STANDARD_OUTPUT, metavar="FILE", help="the file to write")

    def handle(
        self,
        *,
        sensor: list[str] | None,
        site: str | None,
        start: datetime | None,
        end: datetime | None,
        form: Format | None,
        notes: bool,
        output: str,
        **_: Any,
    ) -> None:
        sensors = (
            [_sensor(each) for each in sensor] if sensor else list(site_named(site or "").sensors.order_by("name"))
        )
        chosen = [Exported(each.pk, each.name) for each in sensors]
        export = _export(Selection(sensors=chosen, start=start, end=end), form or _form(output), are_notes=notes)
        began = time.monotonic()
        try:
            with (
                opened(output) as file,
                progress("Exporting", total=0 if start or end or notes else _at_most(sensors)) as step,
            ):
                for piece in export.chunks():
                    file.write(piece)
                    step(export.rows, export.rows)
        except NoPyarrow as error:
            raise CommandError(str(error), returncode=2) from None
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
        seconds = time.monotonic() - began
        self.stderr.write(
            f"{export.rows:,} {'notes' if notes else 'readings'} of {len(sensors)} sensors in {seconds:.1f} s"
            f" ({export.rows / max(seconds, 1e-3):,.0f} rows/s)"
        )


def _export(selection: Selection, form: Format, *, are_notes: bool) -> Export | NotesExport:
    if not are_notes:
        return Export(selection, form)
    if form not in FORMS:
        raise CommandError(
            "Notes are written as csv or ndjson; a Parquet file has them beside its readings.", returncode=2
        )
    return NotesExport(selection, form)


@contextmanager
def opened(output: str) -> Iterator[IO[bytes]]:
    """Open a file that gets its name once it is complete; `-` is standard output."""
    if output == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = Path(f"{output}.part")
    try:
        with part.open("wb") as raw:
            with _packed(output, raw) if output.endswith(".gz") else nullcontext(raw) as file:
                yield file
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _packed(name: str, raw: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    return cast(AbstractContextManager[IO[bytes]], gzip.GzipFile(name, "wb", 6, raw))


def site_named(text: str) -> Site:
    """Return the site with this id or name.

    :raises CommandError: if there is none, or several.
    """
    try:
        found = list(Site.objects.filter(uuid=UUID(text)))
    except ValueError:
        found = list(Site.objects.filter(name=text))
    if len(found) == 1:
        return found[0]
    if not found:
        names = ", ".join(sorted(f"{site.name!r}" for site in Site.objects.all()[:20])) or "none"
        raise CommandError(f"There is no site {text!r}. The sites are: {names}.", returncode=2)
    ids = ", ".join(str(site.uuid) for site in found)
    raise CommandError(f"There are {len(found)} sites named {text!r}. Name one by its id: {ids}.", returncode=2)


def _sensor(text: str) -> Sensor:
    try:
        return Sensor.objects.get(uuid=UUID(text))
    except (ValueError, Sensor.DoesNotExist):
        told = "the id is the one in the address of the sensor's page"
        raise CommandError(f"There is no sensor {text}: {told}.", returncode=2) from None


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is not a time: write it as 2026-11-22T06:00:00Z.", returncode=2) from None
    if instant.tzinfo is None:
        raise CommandError(f"{text!r} has no time zone: end it with Z or an offset such as +01:00.", returncode=2)
    return instant


def _form(output: str) -> Format:
    """Return the format that the file's name shows; CSV for standard output."""
    if output == STANDARD_OUTPUT:
        return "csv"
    name = output.removesuffix(".gz")
    for form in FORMATS:
        if name.endswith(f".{form}"):
            return form
    raise CommandError(f"{output} does not end in .{', .'.join(FORMATS)}: choose a format with --format.", returncode=2)


def _at_most(sensors: list[Sensor]) -> int:
    """Return an upper bound of the number of readings: each stored change counts, including changes of readings."""
    states = SensorState.objects.filter(sensor__in=sensors).aggregate(changes=Sum("seq"))
    return int(states["changes"] or 0)
