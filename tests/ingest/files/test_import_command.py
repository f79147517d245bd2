"""The import command with every kind of file: remembered mappings, previews, refused lines, interruptions."""

import csv
import gzip
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from sensorfusion.ingest.files import run as running
from sensorfusion.ingest.files.loading import Interrupted
from sensorfusion.ingest.files.rows import Line
from sensorfusion.ingest.models import FileImport, ImportState, Mapping
from sensorfusion.ingest.storing.connection import Stored, WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.models import Reading
from tests.conftest import Cast
from tests.ingest.conftest import at

pytestmark = pytest.mark.django_db(transaction=True)
MAP = ("--map", "Temp=temperature:°F", "--time-column", "When", "--time-zone", "Europe/Warsaw")
ROWS = ("2026-11-20 07:00;50;NA", "2026-11-20 08:00;59;--")
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def run(*arguments: object) -> tuple[int, str]:
    """Return the exit status and the output."""
    said = StringIO()
    try:
        call_command("import_readings", *map(str, arguments), now=lambda: NOW, stdout=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    except CommandError as error:
        return error.returncode, said.getvalue() + str(error)
    return 0, said.getvalue()


def written(path: Path, *rows: str, header: str = "When;Temp;Humid") -> Path:
    path.write_text("\n".join((header, *rows)))
    return path


def stored() -> list[tuple[Any, Any]]:
    return list(Reading.objects.order_by("observed_at").values_list("observed_at", "values"))


# Mappings


def test_the_second_file_of_a_kind_needs_no_options(cast: Cast, tmp_path: Path) -> None:
    first, second = written(tmp_path / "1.csv", ROWS[0]), written(tmp_path / "2.csv", ROWS[1])
    told = run(first, "--sensor", cast.sensor.uuid, *MAP, "--mapping", "console")

    again = run(second, "--sensor", cast.sensor.uuid)

    assert (told[0], again[0]) == (0, 0)
    assert "Using the mapping remembered for these columns (console)." in again[1]
    assert "Columns not imported: Humid" in again[1]
    assert stored() == [(at(6), {"temperature": 10.0}), (at(7), {"temperature": 15.0})]


def test_a_mapping_belongs_to_its_site(cast: Cast, tmp_path: Path) -> None:
    run(written(tmp_path / "1.csv", ROWS[0]), "--sensor", cast.sensor.uuid, *MAP, "--mapping", "console")

    assert run(tmp_path / "1.csv", "--sensor", cast.other_sensor.uuid, "--mapping", "console")[0] == 2
    status, said = run(tmp_path / "1.csv", "--sensor", cast.other_sensor.uuid)
    assert status == 0
    assert "Using the mapping" not in said
    assert Reading.objects.get(sensor=cast.other_sensor).values == {"temperature": 50.0}  # no unit is written


def test_a_mapping_is_used_for_other_columns_by_its_name(cast: Cast, tmp_path: Path) -> None:
    run(written(tmp_path / "1.csv", ROWS[0]), "--sensor", cast.sensor.uuid, *MAP, "--mapping", "console")
    longer = written(tmp_path / "2.csv", f"{ROWS[1]};7", header="When;Temp;Humid;New")

    status, said = run(longer, "--sensor", cast.sensor.uuid, "--mapping", "console")

    assert status == 0
    assert "Columns not imported: Humid, New" in said
    assert len(stored()) == 2


def test_what_is_told_goes_before_what_is_remembered_and_takes_its_place(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", ROWS[0])
    run(path, "--sensor", cast.sensor.uuid, *MAP)

    run(path, "--sensor", cast.sensor.uuid, *MAP[2:], "--map", "Temp=soil_temperature:°F")

    assert stored() == [(at(6), {"temperature": 10.0, "soil_temperature": 10.0})]
    assert [mapping.plan["columns"] for mapping in Mapping.objects.all()] == [[["Temp", "soil_temperature", "°F"]]]


def test_nothing_is_remembered_of_a_rehearsal(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", ROWS[0])
    run(path, "--sensor", cast.sensor.uuid, *MAP, "--dry-run")
    run(path, "--sensor", cast.sensor.uuid, *MAP, "--preview")

    assert not Mapping.objects.exists()
    assert not FileImport.objects.exists()


def test_an_unknown_mapping_is_answered_with_those_there_are(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", ROWS[0])
    run(path, "--sensor", cast.sensor.uuid, *MAP, "--mapping", "console")

    status, said = run(path, "--sensor", cast.sensor.uuid, "--mapping", "konsole")

    assert status == 2
    assert "Orchard has no mapping 'konsole'. There are: 'console'." in said


def test_a_named_mapping_of_many_sensors_remembers_the_column_of_their_names(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", f"{ROWS[0]};Orchard station", header="When;Temp;Humid;Who")
    whose = ("--operator", cast.owner.email)
    run(path, *whose, "--sensor-column", "Who", *MAP)

    assert run(path, *whose)[0] == 0


# Preview


def test_a_preview_shows_units_times_and_the_first_errors_and_stores_nothing(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", *ROWS, "2026-11-20 09:00;5000;", "soon;50;")

    status, said = run(path, "--sensor", cast.sensor.uuid, *MAP, "--preview")

    assert status == 0
    assert re.search(r"Temp → temperature from °F to °C", said)
    assert "Not imported: Humid" in said
    assert "line 2: 2026-11-20T06:00:00Z (20 Nov 2026 07:00 CET)\n    temperature 10.0 °C" in said
    assert "Refused of the first 4 rows: 2" in said
    assert "line 4: out_of_range: temperature:" in said
    assert "line 5: bad_time:" in said
    assert not stored()


def test_the_hour_that_clocks_repeat_is_reported(cast: Cast, tmp_path: Path) -> None:
    rows = [f"2026-10-25 {clock};50;" for clock in ("01:30", "02:00", "02:30", "02:00", "02:30", "03:00")]
    path = written(tmp_path / "1.csv", *rows)

    for option in ("--preview", "--from-start"):
        said = run(path, "--sensor", cast.sensor.uuid, *MAP, option)[1]
        assert "4 rows are within an hour that Europe/Warsaw repeats" in said
    assert [f"{instant:%H:%M}" for instant, _ in stored()] == ["23:30", "00:00", "00:30", "01:00", "01:30", "02:00"]


# Refused lines


def test_refused_lines_are_written_to_a_file_beside(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", "soon;50;", *ROWS, "2026-11-20 09:00;5000;", "never;1;")

    status, said = run(path, "--sensor", cast.sensor.uuid, *MAP, "--batch", "2")

    beside = tmp_path / "1.csv.refused.csv"
    assert status == 0
    assert str(beside) in said
    with beside.open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["line", "reason", "detail"]
    assert [row[:2] for row in rows] == [["2", "bad_time"], ["5", "out_of_range"], ["6", "bad_time"]]


def test_there_is_no_such_file_where_nothing_is_refused(cast: Cast, tmp_path: Path) -> None:
    run(written(tmp_path / "1.csv", *ROWS), "--sensor", cast.sensor.uuid, *MAP)

    assert [path.name for path in tmp_path.iterdir()] == ["1.csv"]


def test_a_place_that_cannot_be_written_to_does_not_stop_the_import(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", "soon;50;", *ROWS)

    status, _ = run(path, "--sensor", cast.sensor.uuid, *MAP, "--refused", tmp_path / "nowhere" / "refused.csv")

    assert status == 0
    assert len(stored()) == 2


# Interruption


class Failing(WriterConnection):
    """A database that goes down for good after some batches."""

    left = 0

    def store(self, write_requests: Sequence[WriteRequest]) -> Stored:
        Failing.left -= 1
        if Failing.left < 0:
            raise Interrupted("the database is away.")
        return super().store(write_requests)


def many(path: Path, count: int = 60) -> Path:
    """Write readings with local times around the end of summer time; every tenth is broken."""
    rows = []
    for minute in range(0, 5 * count, 5):
        hour = (minute - 60 if minute >= 180 else minute) // 60
        rows.append(f"2026-10-25 {hour:02}:{minute % 60:02};{50 if minute % 50 else 'x'};")
    return written(path, *rows)


def test_an_interrupted_import_goes_on_where_it_stopped(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = many(tmp_path / "whole.csv"), many(tmp_path / "cut.csv")
    run(whole, "--sensor", cast.other_sensor.uuid, *MAP, "--batch", "13")
    Failing.left = 2
    with monkeypatch.context() as patch:
        patch.setattr("sensorfusion.ingest.management.commands.import_readings.WriterConnection", Failing)
        first = run(cut, "--sensor", cast.sensor.uuid, *MAP, "--batch", "13")
    kept = FileImport.objects.get(state=ImportState.STOPPED)

    second = run(cut, "--sensor", cast.sensor.uuid, *MAP, "--batch", "13")

    assert (first[0], second[0]) == (1, 0)
    assert kept.line == 27
    assert "Continuing after line 27" in second[1]
    assert "34 rows in" in second[1]
    assert " 0 duplicates" in second[1]
    readings = [
        list(Reading.objects.filter(sensor=sensor).order_by("seq").values_list("observed_at", "values"))
        for sensor in (cast.sensor, cast.other_sensor)
    ]
    assert readings[0] == readings[1]
    assert (tmp_path / "cut.csv.refused.csv").read_text() == (tmp_path / "whole.csv.refused.csv").read_text()


def test_from_start_begins_anew(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = many(tmp_path / "cut.csv")
    Failing.left = 2
    with monkeypatch.context() as patch:
        patch.setattr("sensorfusion.ingest.management.commands.import_readings.WriterConnection", Failing)
        run(path, "--sensor", cast.sensor.uuid, *MAP, "--batch", "13")

    status, said = run(path, "--sensor", cast.sensor.uuid, *MAP, "--from-start")

    assert status == 0
    assert "60 rows in" in said


def test_an_import_that_came_to_its_end_begins_at_the_first_line_again(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "1.csv", *ROWS)

    run(path, "--sensor", cast.sensor.uuid, *MAP)
    said = run(path, "--sensor", cast.sensor.uuid, *MAP)[1]

    assert "0 accepted, 2 duplicates" in said
    assert FileImport.objects.get().state == ImportState.DONE


# Other kinds of files


def test_json_lines_and_packed_ones_are_read(cast: Cast, tmp_path: Path) -> None:
    lines = [{"when": "2026-11-20T06:00:00Z", "air": {"t": 50}}, {"when": "2026-11-20T07:00:00Z", "air": {"t": 59}}]
    (tmp_path / "a").write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))

    status, _ = run(
        tmp_path / "a", "--sensor", cast.sensor.uuid, "--map", "air.t=temperature:°F", "--time-column", "when"
    )

    assert status == 0
    assert stored() == [(at(6), {"temperature": 10.0}), (at(7), {"temperature": 15.0})]


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress], ids=["plain", "packed"])
def test_parquet_is_read_with_its_own_types(cast: Cast, tmp_path: Path, pack: Any) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet")
    columns = {
        "t": pyarrow.array([at(6).replace(tzinfo=None), at(7).replace(tzinfo=None)], pyarrow.timestamp("ns")),
        "temp": pyarrow.array([50.0, float("nan")], pyarrow.float32()),
        "sky": pyarrow.array(["blue", "grey"]).dictionary_encode(),
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "whole")
    (tmp_path / "a").write_bytes(pack((tmp_path / "whole").read_bytes()))
    told = ("--map", "temp=temperature:°F", "--map", "sky=condition", "--time-column", "t", "--time-zone", "UTC")

    status, _ = run(tmp_path / "a", "--sensor", cast.sensor.uuid, *told)

    assert status == 0
    assert stored() == [(at(6), {"temperature": 10.0, "condition": "blue"}), (at(7), {"condition": "grey"})]


def test_parquet_without_pyarrow_says_how_to_install_it(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and so on")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)

    status, said = run(tmp_path / "a.parquet", "--sensor", cast.sensor.uuid)

    assert status == 2
    assert "pip install 'sensorfusion[files]'" in said


def test_damaged_parquet_is_refused_in_words(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and so on")

    status, said = run(tmp_path / "a.parquet", "--sensor", cast.sensor.uuid)

    assert status == 2
    assert "cannot be read as Parquet" in said


# Memory


def test_an_import_holds_two_batches_however_long_the_file_is(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check that lines of earlier batches are freed: the number of live objects does not grow with the file."""
    alive: list[int] = []
    batches = running.batches

    def watched(lines: Any, size: int) -> Any:
        import gc

        for batch in batches(lines, size):
            yield batch
            del batch
            gc.collect()
            alive.append(sum(type(each) is Line for each in gc.get_objects()))

    monkeypatch.setattr(running, "batches", watched)
    run(many(tmp_path / "many.csv", 140), "--sensor", cast.sensor.uuid, *MAP, "--batch", "10")

    assert len(alive) == 14
    assert max(alive) <= 20
