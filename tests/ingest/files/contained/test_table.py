"""Small files that stand for gigabytes cost little, and their owner is told why they are not read."""

import dataclasses
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from sensorfusion.ingest.files.contained import table as contained
from sensorfusion.ingest.files.contained.table import ContainedTable
from sensorfusion.ingest.files.layouts import open_table
from sensorfusion.ingest.files.opening import BadTable, Opened

ROW = (1795327200, 16, 21.5)


@pytest.fixture(autouse=True)
def little_memory(settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, import_memory_mb=128)


def database(path: Path, columns: str = "dateTime, usUnits, outTemp", rows: int = 1) -> str:
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE archive({columns})")
        connection.executemany(
            "INSERT INTO archive (dateTime, usUnits, outTemp) VALUES (?, ?, ?)",
            [(ROW[0] + number, *ROW[1:]) for number in range(rows)],
        )
    connection.close()
    return str(path)


def parquet(path: Path, *, value: str, rows: int) -> str:
    pytest.importorskip("pyarrow")
    import pyarrow
    import pyarrow.parquet

    column = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * rows, pyarrow.int32()), [value])
    pyarrow.parquet.write_table(pyarrow.table({"time": column}), path, compression="zstd")
    return str(path)


def read(name: str) -> list[Any]:
    with open_table(name) as table:
        return list(table)


def test_rows_come_as_they_are(tmp_path: Path) -> None:
    with open_table(database(tmp_path / "weewx.sdb", rows=1200)) as table:
        assert isinstance(table, ContainedTable)
        rows = list(table)

        assert (list(table.header), table.size) == (["dateTime", "usUnits", "outTemp"], 1200)
        assert rows[0] == (1, list(ROW), "")
        assert [number for number, _, _ in rows] == list(range(1, 1201))
        assert table.position == 1200


def test_generated_columns_are_left_out(tmp_path: Path) -> None:
    bomb = "text generated always as (hex(zeroblob(100000000)))"
    columns = f"dateTime, usUnits, outTemp, barometer {bomb} virtual, inTemp {bomb} virtual"

    with open_table(database(tmp_path / "weewx.sdb", columns)) as table:
        assert list(table.header) == ["dateTime", "usUnits", "outTemp"]
        assert list(table) == [(1, list(ROW), "")]


def test_generated_time_is_no_time(tmp_path: Path) -> None:
    path = tmp_path / "weewx.sdb"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE archive(usUnits, outTemp, dateTime generated always as (hex(zeroblob(9))) virtual)"
        )
    connection.close()

    with pytest.raises(BadTable, match="has no column dateTime"):
        open_table(str(path))


def test_large_stored_values_are_refused_by_row(tmp_path: Path) -> None:
    path = tmp_path / "weewx.sdb"
    database(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE archive SET outTemp = hex(zeroblob(100000))")
    connection.close()

    assert read(str(path)) == [(1, [], "a value has more than 4,096 characters")]


def test_parquet_whose_rows_share_one_large_value_needs_too_much_memory(tmp_path: Path) -> None:
    name = parquet(tmp_path / "bomb.parquet", value="x" * 2_000_000, rows=8192)

    with pytest.raises(BadTable, match="needs more than 128 MB of memory to be read"):
        read(name)

    assert Path(name).stat().st_size < 10_000


def test_parquet_within_the_limit_is_read_and_its_long_values_are_refused(tmp_path: Path) -> None:
    assert read(parquet(tmp_path / "small.parquet", value="2026-11-20T00:00:00Z", rows=3000))[2999][1] == [
        "2026-11-20T00:00:00Z"
    ]
    assert {problem for _, _, problem in read(parquet(tmp_path / "long.parquet", value="x" * 5000, rows=10))} == {
        "a value has more than 4,096 characters"
    }


def test_child_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = database(tmp_path / "weewx.sdb")
    monkeypatch.setattr(contained, "_CHILD", "tests.ingest.files.contained.sleeper")

    with pytest.raises(BadTable, match=r"weewx\.sdb takes longer than 0\.2 s"):
        ContainedTable(Opened(name), portion_within_s=0.2)


def test_damaged_files_are_named_as_the_owner_named_them(tmp_path: Path) -> None:
    path = tmp_path / "upload.sdb"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)

    with pytest.raises(BadTable, match=r"upload\.sdb is an SQLite database, but not WeeWX's"):
        open_table(str(path))


def test_child_ends_with_the_table(tmp_path: Path) -> None:
    with open_table(database(tmp_path / "weewx.sdb", rows=100_000)) as table:
        assert isinstance(table, ContainedTable)
        next(iter(table))
        child = table._child

    assert child.returncode is not None


def test_child_gets_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "s3cret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:s3cret@host/database")
    given: list[dict[str, str]] = []
    begin = subprocess.Popen

    def noted(*arguments: Any, **more: Any) -> Any:
        given.append(more["env"])
        return begin(*arguments, **more)

    monkeypatch.setattr(subprocess, "Popen", noted)
    read(database(tmp_path / "weewx.sdb"))

    assert "s3cret" not in str(given)
    assert sys.executable
