"""JSON files: lines, and lists of any length; nested names; damaged files."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.ingest.files.json_tables import JsonTable, _Splitter, flattened
from sensorfusion.ingest.files.layouts import open_table
from sensorfusion.ingest.files.opening import BadTable, Opened

leaves = st.none() | st.booleans() | st.integers() | st.text()
objects = st.dictionaries(st.text(), leaves | st.lists(leaves | st.dictionaries(st.text(), leaves)), max_size=5)


def table(path: Path, text: str) -> JsonTable:
    path.write_text(text)
    return JsonTable(Opened(str(path)))


@given(st.lists(objects, max_size=10), st.integers(1, 40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_list_is_cut_into_its_objects_wherever_it_is_cut(listed: list[Any], size: int, is_ascii: bool) -> None:
    text = json.dumps(listed, ensure_ascii=is_ascii).encode(errors="surrogatepass")
    splitter = _Splitter()

    found = [each for start in range(0, len(text), size) for each in splitter.objects(text[start : start + size])]

    assert [json.loads(each.decode(errors="surrogatepass")) for each in found] == listed
    assert splitter.waiting == 0


def test_objects_inside_objects_give_names_with_dots() -> None:
    each = {"dt": 1, "main": {"temp": 281, "deep": {"er": {"still": {"more": 1}}}}, "weather": [{"id": 5}, {"id": 6}]}

    assert flattened(each) == {"dt": 1, "main.temp": 281, "weather.0.id": 5}


def test_columns_are_the_names_of_the_first_objects_and_those_that_are_expected(tmp_path: Path) -> None:
    with table(tmp_path / "a.json", '[{"a":1},\n{"b":{"c":2}},{"later":3}]') as read:
        read.expect(["rain.1h"])
        rows = list(read)

    assert read.header == ["a", "b.c", "later", "rain.1h"]
    assert rows == [(1, [1, None, None, None], ""), (2, [None, 2, None, None], ""), (3, [None, None, 3, None], "")]


def test_a_line_that_is_no_object_is_a_problem_of_its_own(tmp_path: Path) -> None:
    with table(tmp_path / "a.ndjson", '{"a":1}\n{"a":\n\n7\n{"a":2}\n') as read:
        rows = list(read)

    assert [(number, bool(problem)) for number, _, problem in rows] == [(1, False), (2, True), (4, True), (5, False)]


def test_a_list_that_ends_inside_an_object_is_read_up_to_there(tmp_path: Path) -> None:
    rows = "".join(f'{{"a":{number}}},' for number in range(300))
    with table(tmp_path / "a.json", f'[{rows}{{"a":') as read, pytest.raises(BadTable, match="after object 300"):
        list(read)


def test_what_holds_no_objects_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[1, 2, 3]")

    with pytest.raises(BadTable, match="no JSON objects"):
        open_table(str(tmp_path / "a.json"))


def test_readings_are_told_by_their_values(tmp_path: Path) -> None:
    with table(tmp_path / "a.ndjson", '{"observed_at":1,"values":{"temperature":2}}\n') as read:
        assert read.has_readings
        assert list(read) == [(1, ({"observed_at": 1, "values": {"temperature": 2}},), "")]
