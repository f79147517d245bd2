"""What the child process sends of a file."""

import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sensorfusion.ingest.files.contained import child
from sensorfusion.ingest.files.contained.frames import BadFrame, receive
from sensorfusion.ingest.files.opening import Kind


def sent(path: Path, kind: Kind = "sqlite") -> list[tuple[Any, ...]]:
    pipe = io.BytesIO()
    child.read(kind, str(path), pipe, {})
    pipe.seek(0)
    messages = []
    while True:
        try:
            messages.append(receive(pipe))
        except BadFrame:
            return messages


def database(path: Path, columns: str, rows: list[tuple[Any, ...]]) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE archive({columns})")
        connection.executemany(f"INSERT INTO archive VALUES ({', '.join('?' * len(rows[0]))})", rows)
    connection.close()
    return path


def test_rows_come_in_portions_and_then_the_end(tmp_path: Path) -> None:
    rows = [(number, 16, 1.0) for number in range(1100)]
    messages = sent(database(tmp_path / "a.sdb", "dateTime, usUnits, outTemp", rows))

    assert messages[0] == ("head", ["dateTime", "usUnits", "outTemp"], 1100, {})
    assert [len(message[1]) for message in messages[1:-1]] == [500, 500, 100]
    assert messages[-1] == ("end",)


def test_wide_rows_make_smaller_portions(tmp_path: Path) -> None:
    names = ", ".join(f"c{number}" for number in range(300))
    rows = [(number, *["x" * 4000] * 300) for number in range(4)]
    messages = sent(database(tmp_path / "a.sdb", f"dateTime, {names}", rows))

    assert [len(message[1]) for message in messages[1:-1]] == [1, 1, 1, 1, 0]


def test_too_many_columns_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST_COLUMNS", 2)

    (message,) = sent(database(tmp_path / "a.sdb", "dateTime, usUnits, outTemp", [(1, 16, 1.0)]))

    assert message[0] == "bad"
    assert "more than 2 columns" in message[1]


@pytest.mark.parametrize(
    "made",
    ["CREATE VIEW archive AS SELECT 1 AS dateTime", "CREATE VIRTUAL TABLE archive USING fts5(dateTime)"],
)
def test_only_a_plain_table_is_read(tmp_path: Path, made: str) -> None:
    path = tmp_path / "a.sdb"
    with sqlite3.connect(path) as connection:
        connection.execute(made)
    connection.close()

    (message,) = sent(path)

    assert message[0] == "bad"
    assert "has no table archive" in message[1]
