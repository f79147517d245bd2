"""The import command, from a file to the database."""

import gzip
import shlex
import sys
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from sensorfusion.ingest.files.csv_tables import SHIPPED, BadTable, Table
from sensorfusion.ingest.files.loading import Interrupted, Loader
from sensorfusion.ingest.files.rows import Line
from sensorfusion.ingest.management.commands.import_readings import EPILOG
from sensorfusion.ingest.steps.batch import Draft, Outcome, Sent, Source
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.storing.connection import Stored
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.sensors.models import Sensor, Status
from tests.conftest import Cast
from tests.ingest.conftest import at

pytestmark = pytest.mark.django_db(transaction=True)
SHIPPED_FILE = SHIPPED / "nyc-airports-weather-2013.csv.gz"
MAP = ("--map", "temp=temperature:°F")
HEADER = "observed_at,temp"
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write two good lines, and one of every kind of bad line."""
    path = tmp_path / "station.csv"
    lines = (
        HEADER,
        "2026-11-20T06:00:00Z,50",
        "2026-11-20T07:00:00Z,NA",
        "2026-11-20T08:00:00Z",
        "",
        "yesterday,50",
        "2026-11-20T09:00:00,50",
        "2026-11-20T10:00:00Z,5000",
        "2026-11-20T11:00:00Z,59",
    )
    path.write_text("\n".join(lines))
    return path


def run(*arguments: object) -> tuple[int, str]:
    """Return the exit status and the output."""
    said = StringIO()
    try:
        call_command("import_readings", *map(str, arguments), now=lambda: NOW, stdout=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    except CommandError as error:
        return error.returncode, said.getvalue() + str(error)
    raise AssertionError("the command says how it went by its exit status")


def part(path: Path, *, rows: int) -> Path:
    """Write the head of the shipped file."""
    with gzip.open(SHIPPED_FILE, "rt") as whole:
        path.write_text("".join(line for line, _ in zip(whole, range(rows + 1), strict=False)))
    return path


def documented(file: object, cast: Cast) -> list[str]:
    """Return the command that --help shows, for another file and operator."""
    command = EPILOG[EPILOG.index("  sensorfusion import_readings") :].replace("\\\n", " ")
    arguments = shlex.split(command)[3:]
    return [str(file), *(cast.owner.email if each == "you@example.org" else each for each in arguments)]


def test_good_lines_are_stored_and_the_others_named(cast: Cast, file: Path) -> None:
    status, said = run(file, "--sensor", cast.sensor.uuid, *MAP, "--na", "NA")

    assert status == 0
    assert list(Reading.objects.order_by("seq").values_list("seq", "observed_at", "values")) == [
        (1, at(6), {"temperature": 10.0}),
        (2, at(11), {"temperature": 15.0}),
    ]
    assert "7 rows in" in said
    assert "2 accepted, 0 duplicates, 5 rejected" in said
    for reason in (
        "empty: 1\n    line 3:",
        "unreadable: 1\n    line 4: the line has 1 columns where the header has 2",
        "bad_time: 1\n    line 6:",
        "no_time_zone: 1\n    line 7:",
        "out_of_range: 1\n    line 8: temperature:",
    ):
        assert reason in said


def test_the_same_file_again_is_all_duplicates(cast: Cast, tmp_path: Path) -> None:
    arguments = documented(part(tmp_path / "part.csv", rows=1200), cast)

    first, again = run(*arguments), run(*arguments)

    assert (first[0], again[0]) == (0, 0)
    assert "1,200 accepted, 0 duplicates, 0 rejected" in first[1]
    assert "0 accepted, 1,200 duplicates, 0 rejected" in again[1]
    assert Reading.objects.count() == 1200
    assert SensorState.objects.get().seq == 1200


def test_the_documented_command_makes_the_sensors_and_refuses_the_absurd_wind(cast: Cast, tmp_path: Path) -> None:
    status, said = run(*documented(part(tmp_path / "part.csv", rows=1200), cast), "--batch", "500")

    made = Sensor.objects.get(site=cast.site, name="EWR")
    assert status == 0
    assert "Created sensors: EWR" in said
    assert "out_of_range: 1\n    line 1011: wind_speed: 468.659 m/s (sent as 1048.36058 mph)" in said
    assert made.status == Status.ACTIVE
    assert list(Reading.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 1201))
    assert "wind_speed" not in Reading.objects.get(seq=1010).values


def test_a_dry_run_checks_everything_and_stores_nothing(cast: Cast, tmp_path: Path) -> None:
    status, said = run(*documented(part(tmp_path / "part.csv", rows=1200), cast), "--dry-run")

    assert status == 0
    assert "Would create sensors: EWR" in said
    assert "1,200 usable" in said
    assert "line 1011" in said
    assert not Reading.objects.exists()
    assert not Sensor.objects.filter(name="EWR").exists()


def test_a_shipped_file_is_found_by_its_name_alone() -> None:
    with Table("nyc-airports-weather-2013.csv.gz") as table:
        assert table.header[0] == "origin"
        assert sum(1 for _ in table) == 26_115


def test_an_unknown_column_is_answered_with_the_columns_there_are(cast: Cast, file: Path) -> None:
    status, said = run(file, "--sensor", cast.sensor.uuid, "--map", "tmp=temperature")

    assert status == 2
    assert "'tmp' is not in the file. The columns are: observed_at, temp" in said


def test_nothing_usable_is_a_failure(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f"{HEADER}\nyesterday,50\n")

    assert run(tmp_path / "bad.csv", "--sensor", cast.sensor.uuid, *MAP)[0] == 1


def test_standard_input_may_be_packed(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "anything"
    packed.write_bytes(gzip.compress(f"\ufeff{HEADER}\n2026-11-20T06:00:00Z,50\n".encode()))
    with packed.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        status, said = run("-", "--sensor", cast.sensor.uuid, *MAP)

    assert status == 0
    assert "1 accepted" in said


def test_semicolons_and_tabs_separate_where_told(cast: Cast, tmp_path: Path) -> None:
    for separator, name in ((";", ";"), ("\t", "tab")):
        (tmp_path / "other.csv").write_text(f"{HEADER}\n2026-11-20T06:00:00Z,50\n".replace(",", separator))
        assert run(tmp_path / "other.csv", "--sensor", cast.sensor.uuid, *MAP, "--delimiter", name)[0] == 0


def test_a_file_that_ends_too_early_is_stored_up_to_there_and_said(cast: Cast, tmp_path: Path) -> None:
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(SHIPPED_FILE.read_bytes()[:20_000])

    status, said = run(*documented(cut, cast))

    assert status == 1
    assert "the file cannot be read any further" in said
    assert Reading.objects.count() > 500


def test_bytes_that_are_no_utf_8_and_endless_quotes_spoil_their_own_line_only(cast: Cast, tmp_path: Path) -> None:
    rows = (
        b"2026-11-20T06:00:00Z,50",
        b"2026-11-20T07:00:00Z,\xff",
        b"2026-11-20T08:00:00Z," + b"9" * 5000,
        b"2026-11-20T09:00:00Z,59",
    )
    (tmp_path / "odd.csv").write_bytes(b"\n".join((HEADER.encode(), *rows)))

    status, said = run(tmp_path / "odd.csv", "--sensor", cast.sensor.uuid, *MAP)

    assert status == 0
    assert "2 accepted, 0 duplicates, 2 rejected" in said
    assert "unreadable: 1\n    line 4: field larger" in said


# Targets


def test_rows_of_unknown_and_paused_sensors_are_rejected_by_name(cast: Cast, tmp_path: Path) -> None:
    Sensor.objects.create(site=cast.site, name="Attic", status=Status.PAUSED)
    rows = "".join(f"2026-11-20T06:00:00Z,50,{name}\n" for name in ("Orchard station", "Attic", "Cellar", ""))
    (tmp_path / "named.csv").write_text(f"{HEADER},who\n{rows}")

    status, said = run(tmp_path / "named.csv", "--sensor-column", "who", "--operator", "OWNER@example.org", *MAP)

    assert status == 0
    assert Reading.objects.get().sensor_id == cast.sensor.pk
    assert "unknown_sensor: 3" in said
    assert "'Cellar'" in said


def test_an_outsider_and_a_viewer_cannot_import_to_the_site(cast: Cast, file: Path) -> None:
    for who in (cast.outsider, cast.member):
        status, said = run(file, "--sensor-column", "temp", "--operator", who.email, "--site", cast.site.name, *MAP)

        assert status == 2
        assert "has no site 'Orchard'" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sensor", "not-a-uuid"), "There is no sensor not-a-uuid"),
        (("--sensor-column", "temp"), "needs --operator"),
        (("--sensor-column", "temp", "--operator", "nobody@example.org"), "There is no account with the address"),
    ],
)
def test_targets_that_are_not_there_are_refused_in_words(
    cast: Cast, file: Path, arguments: Sequence[str], said: str
) -> None:
    status, told = run(file, *arguments, *MAP)

    assert status == 2
    assert said in told


def test_a_wrong_sensor_column_does_not_make_a_sensor_of_every_row(cast: Cast, tmp_path: Path) -> None:
    arguments = documented(part(tmp_path / "part.csv", rows=300), cast)
    arguments[arguments.index("origin")] = "time_hour"

    status, said = run(*arguments)

    assert status == 1
    assert "is '2013-01-01T06:00:00Z' really the name of one?" in said
    assert not Sensor.objects.filter(name__startswith="2013").exists()


def test_missing_files_and_empty_ones_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    for name, said in (("nowhere.csv", "cannot be opened: No such file"), (tmp_path / "empty.csv", "is empty")):
        with pytest.raises(BadTable, match=said):
            Table(str(name))


# Loading


class Anywhere:
    """All rows belong to one sensor."""

    def expect(self, names: AbstractSet[str]) -> None:
        pass

    def of(self, name: str) -> Source | None:
        return Source(1, "")

    def problem(self, name: str) -> str:
        return ""


class FlakyDatabase:
    """A store that fails on the first attempts, as if the database were down."""

    def __init__(self, away: int) -> None:
        self._away = away
        self.stored: list[list[Draft]] = []

    def __call__(self, write_requests: Sequence[WriteRequest]) -> Stored:
        self._away -= 1
        if self._away >= 0:
            return Stored([RequestRefused("database_away") for _ in write_requests], [])
        self.stored += [write_request.drafts for write_request in write_requests]
        return Stored([Outcome(len(write_request.drafts), 0, 1) for write_request in write_requests], [])


def loader(store: FlakyDatabase) -> Loader:
    return Loader(targets=Anywhere(), store=store, now=lambda: at(12), waits_s=(0, 0))


LINES = [Line(2, "", Sent({"temperature": 1}, "2026-11-20T06:00:00Z"))]


def test_a_database_that_is_away_for_a_moment_is_waited_for() -> None:
    database = FlakyDatabase(away=2)
    with loader(database) as loads:
        loads.load(LINES)
        loads.finish()

        assert loads.report.accepted == 1
    assert len(database.stored) == 1


def test_a_database_that_stays_away_ends_the_import_with_the_line() -> None:
    with loader(FlakyDatabase(away=3)) as loads:
        loads.load(LINES)
        with pytest.raises(Interrupted, match="from line 2 on nothing is stored"):
            loads.finish()
