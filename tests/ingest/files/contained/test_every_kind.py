"""Every kind of file is read by a child process with limits, and comes out as it would in this process."""

import dataclasses
import gzip
import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from pytest_django import Settings

from sensorfusion.domain.repeated import Repeated
from sensorfusion.ingest.files import csv_tables, json_tables, layouts, parquet, weewx
from sensorfusion.ingest.files.contained import table as contained
from sensorfusion.ingest.files.contained.table import ContainedTable
from sensorfusion.ingest.files.csv_tables import HeaderRows, Table, TextTable
from sensorfusion.ingest.files.json_tables import JsonTable
from sensorfusion.ingest.files.layouts import open_table
from sensorfusion.ingest.files.opening import BadTable, Kind, Opened

KINDS: tuple[Kind, ...] = get_args(Kind)
NAMES = ["dateTime", "usUnits", "text"]


def csv_file(path: Path, rows: list[list[Any]]) -> None:
    path.write_text("\n".join(",".join(map(str, cells)) for cells in [NAMES, *rows]))


def json_lines(path: Path, rows: list[list[Any]]) -> None:
    path.write_text("\n".join(json.dumps(dict(zip(NAMES, cells, strict=True))) for cells in rows))


def json_list(path: Path, rows: list[list[Any]]) -> None:
    path.write_text(json.dumps([dict(zip(NAMES, cells, strict=True)) for cells in rows]))


def sqlite_file(path: Path, rows: list[list[Any]]) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE archive({', '.join(NAMES)})")
        connection.executemany("INSERT INTO archive VALUES (?, ?, ?)", rows)
    connection.close()


def parquet_file(path: Path, rows: list[list[Any]]) -> None:
    arrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    columns = zip(*rows, strict=True)
    pyarrow.parquet.write_table(arrow.table(dict(zip(NAMES, map(list, columns), strict=True))), path)


WRITERS: dict[Kind, Callable[[Path, list[list[Any]]], None]] = {
    "csv": csv_file,
    "json lines": json_lines,
    "json list": json_list,
    "sqlite": sqlite_file,
    "parquet": parquet_file,
}


def written(path: Path, kind: Kind, rows: list[list[Any]]) -> str:
    WRITERS[kind](path, rows)
    return str(path)


def rows_of(count: int, text: str = "dry") -> list[list[Any]]:
    return [[1795327200 + number, 16, text] for number in range(count)]


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_decoded_in_this_process(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("decoded in the server's process")

    name = written(tmp_path / "file", kind, rows_of(1200))
    for module, reader in ((csv_tables, "csv.reader"), (json_tables, "decode_json"), (weewx, "WeewxDatabase")):
        monkeypatch.setattr(f"{module.__name__}.{reader}", refused)
    monkeypatch.setattr(parquet, "ParquetTable", refused)
    for reader in ("Table", "JsonTable"):
        monkeypatch.setattr(layouts, reader, refused)

    with open_table(name) as table:
        rows = list(table)

    assert isinstance(table, ContainedTable)
    assert table.kind == kind
    assert [[str(cell) for cell in cells] for _, cells, _ in rows] == [list(map(str, each)) for each in rows_of(1200)]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no limit of the address space")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_limit_of_memory(kind: Kind, tmp_path: Path, settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, import_memory_mb=1)
    name = written(tmp_path / "file", kind, rows_of(3000, "x" * 4000))

    with pytest.raises(BadTable, match="needs more than 1 MB of memory to be read"), open_table(name) as table:
        list(table)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_limit_of_time(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = written(tmp_path / "file", kind, rows_of(2))
    monkeypatch.setattr(contained, "_CHILD", "tests.ingest.files.contained.sleeper")
    monkeypatch.setattr(contained, "PORTION_WITHIN_S", 0.2)

    with pytest.raises(BadTable, match=r"takes longer than 0\.2 s"):
        open_table(name)


@pytest.mark.parametrize("packed", [False, True])
def test_text_table_is_known_as_in_this_process(packed: bool, tmp_path: Path) -> None:
    text = "Station;Hügel\n\nZeit;Temperatur\n2026-11-20;1,5\n2026-11-21;2,5\n".encode("cp1252")
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(text) if packed else text)
    at = HeaderRows(3, 1)

    with open_table(str(path), header_at=at) as there, Table(str(path), header_at=at) as here:
        assert isinstance(there, TextTable)
        assert (there.delimiter, there.encoding, there.header_at) == (here.delimiter, here.encoding, at)
        assert (list(there.header), list(there.first), list(there.sample)) == (here.header, here.first, here.sample)
        assert (list(there), there.position, there.size) == (list(here), here.position, here.size)


def test_columns_that_a_file_of_objects_has_later_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"dt": each, **({"rain": {"1h": 2}} if each == 900 else {})} for each in range(1000)]))

    with open_table(str(path)) as there, JsonTable(Opened(str(path))) as here:
        for table in (there, here):
            table.expect(["dt", "rain.1h"])
        rows = list(there)
        assert rows == list(here)
        assert rows[900] == (901, [900, 2], "")


def test_readings_come_with_their_nested_values(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    deep = '{"values":{"a":' + "[" * 100 + "]" * 100 + "}}"
    path.write_text('{"values":{"a":{"value":1,"unit":"°F"}}}\n{"values":{"a":1,"a":2}}\n' + deep)

    with open_table(str(path)) as table:
        first, second, third = table

    assert first[1][0]["values"] == {"a": {"value": 1, "unit": "°F"}}
    assert second[1][0]["values"] == {"a": Repeated(1, 2)}
    assert third[2] == "it is nested more than 30 deep"
