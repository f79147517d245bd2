"""Imports readings from a table: CSV, packed or not, from a file or standard input."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.importing import TIME_COLUMN, BadPlan, Line, Plan, Rows, column_of, unreadable
from sensorfusion.ingest.loading import Interrupted, Loader, Report
from sensorfusion.ingest.progress import progress
from sensorfusion.ingest.session import Session
from sensorfusion.ingest.tables import BadTable, Table
from sensorfusion.ingest.targets import BadTarget, NamedSensors, OneSensor, Targets, operator_of, site_of

BATCH = 5000
HELP = """\
Import readings from a CSV file.

They go through the same checks as readings that sensors send. The same file again stores nothing twice: whatever
stopped an import, run it again. Values in the file's units are converted; lines that cannot be used are named.
Pages that are open show imported readings when they next load or catch up.
"""
EPILOG = """\
Times are RFC 3339 with a zone (2026-11-22T06:00:00Z), or epoch seconds or milliseconds. For times without a zone say
which clock they are from with --time-zone; rows must then be oldest first, so that the hour that is repeated when
summer time ends can be told apart.

Without --map, columns that are named like a known quantity are taken, in the platform's own units.

Exit status: 0 everything usable was stored, 1 nothing was usable or the import could not go on to the end,
2 the import could not begin.

example, with the observations that come with SensorFusion:
  sensorfusion import_readings nyc-airports-weather-2013.csv.gz \\
    --operator you@example.org --sensor-column origin --create --time-column time_hour --na NA \\
    --map temp=temperature:°F --map dewp=dew_point:°F --map humid=humidity --map wind_dir=wind_direction \\
    --map wind_speed=wind_speed:mph --map wind_gust=wind_gust:mph --map precip=rain:in \\
    --map pressure=sea_level_pressure:mbar --map 'visib=visibility:[mi_i]'
"""


class Command(BaseCommand):
    help = HELP
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=EPILOG, formatter_class=RawDescriptionHelpFormatter, **options
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="CSV with a header line, .gz too; - for standard input")
        where = parser.add_argument_group("where the readings go")
        whose = where.add_mutually_exclusive_group(required=True)
        whose.add_argument("--sensor", metavar="UUID", help="all rows are of this sensor")
        whose.add_argument("--sensor-column", metavar="COLUMN", help="each row is of the sensor named in this column")
        where.add_argument("--operator", metavar="EMAIL", help="whose sensors they are; needed with --sensor-column")
        where.add_argument("--site", default="", metavar="NAME", help="at which site; needed if there are several")
        where.add_argument("--create", action="store_true", help="make the sensors that are missing")
        _add_reading_arguments(parser)

    def handle(self, *, file: str, delimiter: str, batch: int, dry_run: bool, **options: Any) -> None:
        try:
            plan = _plan(**options)
            targets = _targets(is_rehearsal=dry_run, **options)
            began = time.monotonic()
            with Table(file, delimiter=delimiter) as table:
                report, trouble = self._load(Rows(plan, table.header), table, targets, batch=batch, dry_run=dry_run)
        except (BadPlan, BadTable, BadTarget) as error:
            raise CommandError(str(error), returncode=2) from None
        self._tell(report, targets, seconds=time.monotonic() - began, dry_run=dry_run)
        if trouble:
            raise CommandError(trouble)
        sys.exit(0 if report.is_of_use else 1)

    def _load(self, rows: Rows, table: Table, targets: Targets, *, batch: int, dry_run: bool) -> tuple[Report, str]:
        """Load the whole file; return what became of it, and what kept it from being whole."""
        title = "Checking" if dry_run else "Importing"
        with (
            Session(conninfo()) as session,
            Loader(targets=targets, store=None if dry_run else session.store, now=_now) as loader,
            progress(title, total=table.size) as step,
        ):
            try:
                try:
                    for lines in _batches(_lines(rows, table), batch):
                        loader.load(lines)
                        step(table.position, loader.report.rows)
                finally:
                    loader.finish()
            except (BadTable, BadTarget, Interrupted) as error:
                return loader.report, f"The import stopped: {error}"
            return loader.report, ""

    def _tell(self, report: Report, targets: Targets, *, seconds: float, dry_run: bool) -> None:
        pace = f"{report.rows:,} rows in {seconds:.1f} s ({report.rows / max(seconds, 1e-3):,.0f} rows/s)"
        if isinstance(targets, NamedSensors) and targets.made:
            self.stdout.write(f"{'Would make' if dry_run else 'Made'} sensors: {', '.join(targets.made)}")
        if dry_run:
            self.stdout.write(f"{pace}: {report.accepted:,} usable, {report.rejected:,} rejected. Nothing was stored.")
        else:
            counts = f"{report.accepted:,} accepted, {report.duplicates:,} duplicates, {report.rejected:,} rejected"
            self.stdout.write(f"{pace}: {counts}.")
        if report.reasons:
            self.stdout.write("Left out, by reason:")
            self.stdout.write("\n".join(report.lines()))


def _add_reading_arguments(parser: ArgumentParser) -> None:
    how = parser.add_argument_group("how the file is read")
    how.add_argument(
        "--map",
        dest="columns",
        action="append",
        default=[],
        metavar="COLUMN=QUANTITY[:UNIT]",
        help="a column, what it holds and in which unit, as 'temp=temperature:°F'; once for each column",
    )
    how.add_argument(
        "--time-column", default=TIME_COLUMN, metavar="COLUMN", help=f"when it was observed (default: {TIME_COLUMN})"
    )
    how.add_argument(
        "--time-format", default="", metavar="FORMAT", help="as '%%d.%%m.%%Y %%H:%%M', where it is no RFC 3339"
    )
    how.add_argument("--time-zone", default="", metavar="ZONE", help="of times without one, as Europe/Warsaw")
    how.add_argument("--na", action="append", default=[], metavar="TEXT", help="means missing, as an empty value does")
    how.add_argument(
        "--delimiter", default=",", type=_delimiter, metavar="CHARACTER", help="between values (default: ,); or tab"
    )
    how.add_argument("--batch", type=_count, default=BATCH, metavar="ROWS", help=f"stored at once (default: {BATCH})")
    how.add_argument("--dry-run", action="store_true", help="check everything and store nothing")


def _delimiter(text: str) -> str:
    character = "\t" if text in ("tab", "\\t") else text
    if len(character) != 1 or character in '\r\n"':
        raise ArgumentTypeError(f"{text!r} is not one character")
    return character


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _plan(
    *,
    columns: list[str],
    time_column: str,
    time_format: str,
    time_zone: str,
    sensor_column: str | None,
    na: list[str],
    **_: Any,
) -> Plan:
    return Plan(
        columns=tuple(column_of(text) for text in columns),
        time_column=time_column,
        time_format=time_format,
        time_zone=_zone(time_zone),
        sensor_column=sensor_column or "",
        missing=frozenset(na),
    )


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        raise BadPlan(f"There is no time zone {name!r}: use a name such as Europe/Warsaw.") from None


def _targets(
    *, sensor: str | None, operator: str | None, site: str, create: bool, is_rehearsal: bool, **_: Any
) -> Targets:
    if sensor is not None:
        return OneSensor(sensor)
    if not operator:
        raise BadTarget("--sensor-column needs --operator, whose sensors they are.")
    by = operator_of(operator)
    return NamedSensors(by=by, site=site_of(by, site), create=create, now=_now, is_rehearsal=is_rehearsal)


def _batches(lines: Iterator[Line], size: int) -> Iterator[list[Line]]:
    """Yield lines by the batch; where the file cannot be read any further, first what was read before."""
    batch: list[Line] = []
    cut: BadTable | None = None
    try:
        for line in lines:
            batch.append(line)
            if len(batch) == size:
                yield batch
                batch = []
    except BadTable as error:
        cut = error
    if batch:
        yield batch
    if cut:
        raise cut


def _lines(rows: Rows, table: Table) -> Iterator[Line]:
    for number, cells, problem in table:
        yield unreadable(number, problem) if problem else rows.read(number, cells)


def _now() -> datetime:
    return datetime.now(UTC)
