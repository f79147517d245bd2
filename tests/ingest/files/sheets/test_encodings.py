"""Encodings: a table comes back from each, and one wrong byte costs one cell."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.files.csv_tables import BadTable, Table
from sensorfusion.ingest.files.sheets import encodings

NAMES = st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=12)
LATIN = st.text("abcdefgäöüßéèçÄÖÜñ", min_size=1, max_size=12)


def table_of(path: Path, content: bytes, *, encoding: str = "") -> Table:
    path.write_bytes(content)
    return Table(str(path), encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@given(name=NAMES)
def test_names_in_any_script_come_back(tmp_path_factory: pytest.TempPathFactory, encoding: str, name: str) -> None:
    text = f"Time,{name},Humidity (%)\n2026-08-02 15:30,28.9,43\n2026-08-02 15:45,28.7,42\n"

    with table_of(tmp_path_factory.mktemp("t") / "a.csv", text.encode(encoding)) as table:
        assert list(table.header)[1] == name
        assert len(list(table)) == 2


@given(name=LATIN)
def test_the_letters_of_cp1252_come_back_where_utf_8_is_expected(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    text = f"Time,{name} (°F)\n2026-08-02 15:30,28.9\n"

    with table_of(tmp_path_factory.mktemp("t") / "a.csv", text.encode("cp1252")) as table:
        assert table.header[1] == f"{name} (°F)"


def test_an_encoding_can_be_told(tmp_path: Path) -> None:
    text = "Время,Температура\n2026-08-02 15:30,28.9\n"

    with table_of(tmp_path / "a.csv", text.encode("cp1251"), encoding="cp1251") as table:
        assert list(table.header) == ["Время", "Температура"]


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13"])
def test_an_encoding_that_is_none_is_refused_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadTable, match=f"no encoding '{name}'"):
        table_of(tmp_path / "a.csv", b"a,b\n1,2\n", encoding=name)


def test_bytes_that_no_encoding_has_are_letters_too() -> None:
    assert b"a\x81\xb0b".decode("utf-8", encodings.MIXED) == "a\x81°b"
