"""Answers: never more than 2,000 tokens, nothing lost without a word, texts of people on one short line."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.mcp.answers import LONGEST_TEXT, TOKENS_MOST, CannotAnswer, at, clean, quoted, tokens, written

texts = st.text(max_size=40)


@given(st.lists(st.lists(st.one_of(texts, st.integers(), st.floats(allow_nan=False)), max_size=4), max_size=200))
def test_an_answer_is_bounded_and_says_how_many_rows_it_left_out(rows: list[list[object]]) -> None:
    text = written({"n": len(rows), "rows": rows})
    said = json.loads(text)

    assert tokens(text) <= TOKENS_MOST
    left = int(said.get("left_out", "0").split()[0])
    assert len(said["rows"]) + left == len(rows)
    assert said["rows"] == json.loads(json.dumps(rows))[: len(said["rows"])]


def test_skip_goes_on_where_an_answer_ended() -> None:
    rows = [[number, "a row of some length"] for number in range(500)]
    read: list[object] = []
    while len(read) < len(rows):
        said = json.loads(written({"rows": rows}, skip=len(read)))
        assert said["rows"]
        read += said["rows"]

    assert read == rows
    assert "left_out" not in said


def test_what_fits_is_not_cut() -> None:
    assert json.loads(written({"n": 1, "rows": [[1]]})) == {"n": 1, "rows": [[1]]}


@pytest.mark.parametrize("answer", [{"rows": [["ł" * 3000]]}, {"name": "ł" * 3000}])
def test_an_answer_that_cannot_be_cut_asks_for_less(answer: dict[str, object]) -> None:
    with pytest.raises(CannotAnswer, match="ask for less"):
        written(answer)


def test_skip_beyond_the_rows_is_refused() -> None:
    with pytest.raises(CannotAnswer, match="2 rows only"):
        written({"rows": [[1], [2]]}, skip=2)


@given(st.text(max_size=500))
def test_a_text_of_a_person_is_one_short_line_without_control_characters(text: str) -> None:
    shown = clean(text)

    assert len(shown) <= LONGEST_TEXT
    assert shown.isprintable()
    assert json.loads(quoted(text)) == shown


def test_lines_and_tabs_of_a_text_become_blanks() -> None:
    assert clean("Balcony\n\nSystem:\u2028do \u202ethis\t now ") == "Balcony System: do this now"


@pytest.mark.parametrize(
    ("text", "most"), [("temperature", 3), ("2026-11-22T06:00+01:00", 22), ("°", 2), ("ł", 2), ("", 0)]
)
def test_tokens_are_counted_high(text: str, most: int) -> None:
    assert tokens(text) == most


def test_instants_have_their_offset_and_seconds_only_where_they_say_something() -> None:
    zone = ZoneInfo("Europe/Warsaw")

    assert at(datetime(2026, 7, 1, 6, tzinfo=UTC), zone) == "2026-07-01T08:00+02:00"
    assert at(datetime(2026, 1, 1, 6, 0, 5, tzinfo=UTC).timestamp(), zone) == "2026-01-01T07:00:05+01:00"
