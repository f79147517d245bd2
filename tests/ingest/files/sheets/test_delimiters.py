"""Delimiters, from the first lines of a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.files.sheets.delimiters import BLANKS, DELIMITERS, delimiter_of, told


@given(
    st.sampled_from(DELIMITERS),
    st.integers(2, 12),
    st.lists(st.floats(-99, 99).map(lambda number: f"{number:.1f}"), min_size=3, max_size=20),
    st.booleans(),
)
def test_the_delimiter_of_a_table_is_found(delimiter: str, width: int, texts: list[str], has_commas: bool) -> None:
    mark = "," if has_commas and delimiter != "," else "."
    rows = [delimiter.join([text.replace(".", mark)] * width) for text in texts]

    assert delimiter_of([delimiter.join(["name"] * width), *rows]) == delimiter


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["day month year hour minute temperature", " 2  8 2026 15 30   28.9"], BLANKS),
        (['"STATION","TMP"', '"1","+0289,5"'], ","),
        (["My station; 2026", "Time,Temp,Hum", "2026-08-02,1,2", "2026-08-03,1,2", "2026-08-04,1,2"], ","),
        (["temperature", "28.9"], ","),
        ([], ","),
    ],
)
def test_tables_of_other_shapes(lines: list[str], delimiter: str) -> None:
    assert delimiter_of(lines) == delimiter


@pytest.mark.parametrize(
    ("line", "delimiter"), [("sep=;\r\n", ";"), ("SEP=\t\n", "\t"), ('"sep=|"\n', "|"), ("a;b\n", "")]
)
def test_a_first_line_may_tell_the_delimiter(line: str, delimiter: str) -> None:
    assert told(line) == delimiter
