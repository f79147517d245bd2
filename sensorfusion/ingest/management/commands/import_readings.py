"""Imports readings from a file: CSV, NDJSON, Parquet, WeeWX's and OpenWeatherMap's histories, packed or not."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError

from sensorfusion.clock import Clock, utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.files.columns.guesses import refuse_open
from sensorfusion.ingest.files.csv_tables import BadTable, HeaderRows, TableOfAnyKind
from sensorfusion.ingest.files.layouts import OWN, Understood, open_table, understood
from sensorfusion.ingest.files.mappings import Chosen, choose, digest_of, remember, says_something, to_json, zone
from sensorfusion.ingest.files.opening import STANDARD_INPUT, digest_of_file, is_shipped
from sensorfusion.ingest.files.openweathermap import SYSTEMS
from sensorfusion.ingest.files.preview import preview, told
from sensorfusion.ingest.files.programs.catalogue import PROGRAMS
from sensorfusion.ingest.files.refused_rows import RefusedRows
from sensorfusion.ingest.files.rows import TIME_COLUMN, BadPlan, Plan, column_of
from sensorfusion.ingest.files.run import BATCH, Ended, Run, started, unfinished
from sensorfusion.ingest.files.targets import BadTarget, NamedSensors, OneSensor, Targets, operator_of, site_of
from sensorfusion.ingest.models import FileImport
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.imports import Counted, Store
from sensorfusion.sensors.models import Site
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.progress import progress

_SYSTEMS = tuple(dict.fromkeys((*SYSTEMS, *(each for program in PROGRAMS for each in program.systems))))

HELP = """\
Import readings from a file: CSV, NDJSON or a JSON list, Parquet, each packed with gzip or not.

They go through the same checks as readings that sensors send. Importing the same file again stores nothing twice; an
interrupted import continues where it stopped. Values in the file's units are converted. Lines that cannot be used are
reported, and written to a file beside it (FILE.refused.csv).
Open pages show imported readings when they next load or catch up.
"""
EPILOG = """\
Files of many programs need no mapping: those written by export_readings, WeeWX, OpenWeatherMap, WeatherLink, Cumulus,
Weather Display, Meteobridge, Ecowitt, Ambient Weather, Campbell, HOBO, Govee, GHCN-Daily, ISD and Home Assistant.
A mapping that is given is remembered for the site: the next file with the same columns needs only the sensor.

Times are RFC 3339 with a zone (2026-11-22T06:00:00Z), or epoch seconds or milliseconds. For times without a zone, give
it with --time-zone; the rows must then be in order of time, because the order distinguishes the hour that is repeated
at the end of summer time.

Without --map, columns are imported by their names, in the units written there, else in the platform's own. What the
file leaves unclear is asked for before anything is stored.

Exit status: 0 everything usable was stored, 1 nothing was usable or the import did not finish,
2 the import could not start.

example, with the observations that come with SensorFusion:
  sensorfusion import_readings nyc-airports-weather-2013.csv.gz \\
    --operator you@example.org --sensor-column origin --create --time-column time_hour --na NA \\
    --map temp=temperature:°F --map dewp=dew_point:°F --map humid=humidity --map wind_dir=wind_direction \\
    --map wind_speed=wind_speed:mph --map wind_gust=wind_gust:mph --map precip=rain:in \\
    --map pressure=sea_level_pressure:mbar --map 'visib=visibility:[mi_i]'
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An open file, the reader of its rows, and the target sensors."""

    table: TableOfAnyKind
    understood: Understood
    chosen: Chosen
    targets: Targets
    site: Site


class Command(ExplainedCommand):
    help = HELP
    epilog = EPILOG
    requires_system_checks = ()
    stealth_options = ("now",)  # for callers in Python: the clock that decides which readings are ahead of time

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="CSV, JSON, Parquet or SQLite, .gz too; - for standard input")
        where = parser.add_argument_group("where the readings go")
        whose = where.add_mutually_exclusive_group()
        whose.add_argument("--sensor", metavar="UUID", help="import all rows into this sensor")
        whose.add_argument("--sensor-column", metavar="COLUMN", help="import each row into the sensor named there")
        where.add_argument("--operator", metavar="EMAIL", help="owner of the sensors; required without --sensor")
        where.add_argument("--site", default="", metavar="NAME", help="site of the sensors, if there are several")
        where.add_argument("--create", action="store_true", help="create missing sensors")
        _add_reading_arguments(parser)
        _add_running_arguments(parser)

    def handle(self, *, file: str, now: Clock = utc_now, **options: Any) -> None:
        began = time.monotonic()
        try:
            with _prepared(file, now=now, **options) as prepared:
                if options["preview"]:
                    self._preview(prepared, now=now())
                    return
                refuse_open(prepared.understood.questions)
                ended = self._load(prepared, file, now=now, **options)
        except (BadPlan, BadTable, BadTarget) as error:
            raise CommandError(str(error), returncode=2) from None
        self._tell(ended, prepared, seconds=time.monotonic() - began, dry_run=options["dry_run"])
        if ended.trouble:
            raise CommandError(f"The import stopped: {ended.trouble}")
        sys.exit(0 if ended.report.is_of_use else 1)

    def _preview(self, prepared: Prepared, *, now: datetime) -> None:
        shown = preview(prepared.table, prepared.understood, zone=prepared.site.time_zone, now=now)
        self.stdout.write("\n".join(told(shown)))

    def _load(
        self, prepared: Prepared, file: str, *, now: Clock, batch: int, dry_run: bool, refused: str, **options: Any
    ) -> Ended:
        """Load the whole file, continuing where an earlier import of it stopped."""
        kept = None if dry_run else self._kept(prepared, file, now=now(), **options)
        goes_on = kept is not None and kept.line > 0
        refusals = RefusedRows(_beside(file, refused), goes_on=goes_on)
        with (
            WriterConnection(conninfo()) as writer,
            progress("Checking" if dry_run else "Importing", total=prepared.table.size) as step,
        ):
            ended = Run(
                table=prepared.table,
                rows=prepared.understood.rows,
                targets=prepared.targets,
                store=None if dry_run else _counted(writer, now=now, **options),
                refused=refusals,
                now=now,
                kept=kept,
                step=step,
                batch=batch,
            ).load()
        self._tell_how(prepared, refusals)
        if not dry_run and ended.report.is_of_use:
            _remember(prepared, name=options["mapping"], is_answered=bool(options["column_units"]), now=now())
        return ended

    def _kept(
        self, prepared: Prepared, file: str, *, now: datetime, from_start: bool, **options: Any
    ) -> FileImport | None:
        """Return the record of this import's progress, or None for a stream that can be read only once."""
        digest = digest_of_file(file)
        if not digest:
            return None
        target = [options["sensor"], prepared.site.pk, prepared.understood.layout, options["units"]]
        key = digest_of([digest, target, to_json(prepared.understood.plan)])
        earlier = None if from_start else unfinished(key)
        if earlier and earlier.line:
            self.stdout.write(
                f"Continuing after line {earlier.line:,}, where the import stopped: the lines before are stored."
            )
        return earlier or started(key=key, file_name=Path(file).name, now=now)

    def _tell_how(self, prepared: Prepared, refusals: RefusedRows) -> None:
        if prepared.understood.layout:
            self.stdout.write(f"This is {prepared.understood.layout}.")
        if prepared.chosen.mapping:
            self.stdout.write(f"Using the mapping remembered for these columns ({prepared.chosen.mapping}).")
        if prepared.understood.rows.not_taken:
            self.stdout.write(f"Columns not imported: {', '.join(prepared.understood.rows.not_taken)}")
        for note in prepared.understood.rows.notes():
            self.stdout.write(note)
        if refusals.trouble:
            self.stderr.write(f"The list of refused lines is not complete: {refusals.trouble}")
        elif refusals.count and refusals.path:
            self.stdout.write(f"Every refused line, with its reason: {refusals.path}")

    def _tell(self, ended: Ended, prepared: Prepared, *, seconds: float, dry_run: bool) -> None:
        report, targets = ended.report, prepared.targets
        pace = f"{report.rows:,} rows in {seconds:.1f} s ({report.rows / max(seconds, 1e-3):,.0f} rows/s)"
        if isinstance(targets, NamedSensors) and targets.made:
            self.stdout.write(f"{'Would create' if dry_run else 'Created'} sensors: {', '.join(targets.made)}")
        if dry_run:
            self.stdout.write(f"{pace}: {report.accepted:,} usable, {report.rejected:,} rejected. Nothing was stored.")
        else:
            counts = f"{report.accepted:,} accepted, {report.duplicates:,} duplicates, {report.rejected:,} rejected"
            self.stdout.write(f"{pace}: {counts}.")
            if report.readings != report.accepted + report.duplicates:
                self.stdout.write(f"They are of {report.readings:,} instants, and a reading for each.")
        if report.reasons:
            self.stdout.write("Rejected, by reason:")
            self.stdout.write("\n".join(report.lines()))


def _counted(writer: WriterConnection, *, operator: str | None, now: Clock, **_: Any) -> Store:
    by = operator_of(operator).pk if operator else None
    return Counted(writer.store, conninfo(), operator=by, now=now).store


def _add_reading_arguments(parser: ArgumentParser) -> None:
    how = parser.add_argument_group("how the file is read")
    how.add_argument(
        "--map",
        dest="columns",
        action="append",
        default=[],
        metavar="COLUMN=QUANTITY[:UNIT]",
        help="a column, its quantity and unit, as 'temp=temperature:°F'; once for each column",
    )
    how.add_argument(
        "--unit",
        dest="column_units",
        action="append",
        default=[],
        metavar="COLUMN=UNIT",
        help="the unit of a column whose own is not understood; - leaves the column out; once for each column",
    )
    how.add_argument(
        "--time-column",
        dest="time_columns",
        action="append",
        metavar="COLUMN",
        help=f"time of the observation (default: {TIME_COLUMN}, or as found); once for each part, as date and hour",
    )
    how.add_argument(
        "--time-format",
        default="",
        metavar="FORMAT",
        help="such as '%%d.%%m.%%Y %%H:%%M', if not found; spreadsheet for day numbers",
    )
    how.add_argument("--time-zone", default="", metavar="ZONE", help="for times without one, such as Europe/Warsaw")
    how.add_argument(
        "--na", action="append", default=[], metavar="TEXT", help="text that means missing, as an empty value does"
    )
    how.add_argument(
        "--delimiter",
        type=_delimiter,
        metavar="CHARACTER",
        help="between values; or tab (default: as found)",
    )
    mark = how.add_mutually_exclusive_group()
    mark.add_argument("--decimal-comma", action="store_true", help="numbers are written 12,5 (default: as found)")
    mark.add_argument("--decimal-point", action="store_true", help="numbers are written 12.5")
    how.add_argument(
        "--header-line", type=_count, metavar="LINE", help="line of the header, or of the first of its rows"
    )
    how.add_argument(
        "--header-rows",
        type=int,
        choices=range(5),
        help="rows of the header; 0: none, columns are 'column 1' and so on",
    )
    how.add_argument("--encoding", default="", metavar="NAME", help="such as cp1250 (default: as found)")
    how.add_argument("--mapping", default="", metavar="NAME", help="store the mapping as NAME, or use the stored one")
    how.add_argument(
        "--units", default="", choices=("", *_SYSTEMS), help="of a known kind of file that does not say them"
    )


def _add_running_arguments(parser: ArgumentParser) -> None:
    run = parser.add_argument_group("how the import runs")
    run.add_argument("--preview", action="store_true", help="show how the first rows are understood; store nothing")
    run.add_argument("--dry-run", action="store_true", help="check everything and store nothing")
    run.add_argument("--from-start", action="store_true", help="start over instead of continuing an interrupted import")
    run.add_argument("--refused", default="", metavar="FILE", help="file for refused lines (FILE.refused.csv)")
    run.add_argument("--batch", type=_count, default=BATCH, metavar="ROWS", help=f"rows stored at once ({BATCH})")


def _delimiter(text: str) -> str:
    character = "\t" if text in ("tab", "\\t") else text
    if len(character) != 1 or character in '\r\n"':
        raise ArgumentTypeError(f"{text!r} is not one character")
    return character


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


@contextmanager
def _prepared(
    file: str,
    *,
    delimiter: str | None,
    encoding: str,
    header_line: int | None,
    header_rows: int | None,
    mapping: str,
    units: str,
    column_units: list[str],
    **options: Any,
) -> Iterator[Prepared]:
    given = _given(**options)
    is_told = header_line is not None or header_rows is not None
    header_at = HeaderRows(header_line or 1, 1 if header_rows is None else header_rows) if is_told else None
    with open_table(file, delimiter=delimiter or "", encoding=encoding, header_at=header_at) as table:
        one = OneSensor(options["sensor"]) if options["sensor"] else None
        site = one.sensor.site if one else _site(**options)
        chosen = choose(given, table=table, site=site, name=mapping)
        read = understood(
            table,
            chosen.plan,
            now=options["now"](),
            zone=None if chosen.plan.columns else ZoneInfo(site.time_zone),
            system=units,
            units=dict(map(_unit_of_column, column_units)),
            by_name=one is None,
        )
        yield Prepared(table, read, chosen, one or _by_name(chosen.plan, read, at=site, **options), site)


def _given(
    *,
    columns: list[str],
    time_columns: list[str] | None,
    time_format: str,
    time_zone: str,
    sensor_column: str | None,
    na: list[str],
    decimal_comma: bool,
    decimal_point: bool,
    **_: Any,
) -> Plan:
    first, *others = time_columns or [TIME_COLUMN]
    return Plan(
        columns=tuple(column_of(text) for text in columns),
        time_column=first,
        time_parts=tuple(others),
        time_format=time_format,
        time_zone=zone(time_zone),
        sensor_column=sensor_column or "",
        missing=frozenset(na),
        decimal="," if decimal_comma else "." if decimal_point else "",
    )


def _unit_of_column(text: str) -> tuple[str, str]:
    name, _, unit = text.rpartition("=")
    if not name.strip() or not unit.strip():
        raise BadPlan(f"{text!r} is not the unit of a column: write column=unit, as in 'Temp (?)=°F', or column=-.")
    return name.strip(), unit.strip()


def _site(*, operator: str | None, site: str, sensor_column: str | None, **_: Any) -> Site:
    if not operator:
        raise BadTarget(
            "--sensor-column needs --operator, whose sensors they are."
            if sensor_column
            else "Say whose readings they are: --sensor UUID for one sensor, or --operator EMAIL with --sensor-column."
        )
    return site_of(operator_of(operator), site)


def _by_name(
    plan: Plan,
    read: Understood,
    *,
    at: Site,
    operator: str,
    create: bool,
    dry_run: bool,
    preview: bool,
    now: Clock,
    **_: Any,
) -> NamedSensors:
    if not plan.sensor_column and read.layout != OWN:
        raise BadTarget("Say which column names the sensor with --sensor-column, or --sensor UUID for one sensor.")
    is_rehearsal = dry_run or preview
    return NamedSensors(by=operator_of(operator), site=at, create=create, now=now, is_rehearsal=is_rehearsal)


def _remember(prepared: Prepared, *, name: str, is_answered: bool, now: datetime) -> None:
    plan = prepared.understood.plan if is_answered else prepared.chosen.plan
    if not prepared.understood.layout and (says_something(plan) or name):
        remember(plan, table=prepared.table, site=prepared.site, name=name, now=now)


def _beside(file: str, asked: str) -> Path | None:
    """Return the path for refused lines; files that ship with the platform get none by default."""
    if asked:
        return Path(asked)
    return None if file == STANDARD_INPUT or is_shipped(file) else Path(f"{file}.refused.csv")
