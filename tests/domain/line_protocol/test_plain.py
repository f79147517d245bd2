"""The fast parser of usual lines gives what the strict parser gives, and leaves everything else to it."""

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sensorfusion.domain.line_protocol import parse
from sensorfusion.domain.line_protocol.plain import plain_line

WORDS = ["weather", "my\\ wx", "°C", "#a", " a", "\ta", "", "a\x0bb", "1m", "x" * 300]
TAGS = ["station=roof", "a=b=c", "a=", "=b", "a", "a=1", r"a=x\,y", 'a="q"', "é=ü"]
NUMBERS = ["1", "-1.5", ".5", "5.", "-", "+1", "--1", "1.2.3", "1e5", "1E999", "1_000", "0x1", "nan", "٣", "1" * 70]
INTEGERS = ["5i", "-5u", "1.5i", "i", "9" * 20 + "i"]
VALUES = [*NUMBERS, *INTEGERS, "t", "False", "Truth", "word", '"text, a=b"', "", "1\r", " 1", "a=b", "-inf"]
STAMPS = ["", " ", " 5", " -5", " 1795327200000000000", " 5\r", " 5 ", "  5", " x", " 5 5", " ²", " " + "9" * 20, "\t"]


@st.composite
def lines(draw: st.DrawFn) -> str:
    key = ",".join([draw(st.sampled_from(WORDS)), *draw(st.lists(st.sampled_from(TAGS), max_size=3))])
    names = st.sampled_from(["temperature", "t", "a b", "é", "", r"a\=b", "value"])
    fields = st.lists(st.tuples(names, st.sampled_from(VALUES) | st.floats().map(repr)), min_size=1, max_size=4)
    written = ",".join(f"{name}={value}" for name, value in draw(fields))
    return f"{key} {written}{draw(st.sampled_from(STAMPS))}"


def parsed(text: str) -> list[tuple[Any, str]]:
    """Return the points, each also with its fields as they are written: 1, 1.0 and true are equal."""
    return [(each, repr(getattr(each, "fields", ""))) for each in parse(text)]


def strictly(text: str) -> list[tuple[Any, str]]:
    with patch("sensorfusion.domain.line_protocol.points.plain_line", lambda line: None):
        return parsed(text)


@given(st.lists(lines() | st.sampled_from(["", " ", "# a comment", "\r"]), max_size=5).map("\n".join))
@example("a v=1\n")
@example('a v="1\nb v=2 5"\nc v=3')
def test_the_fast_parser_agrees_with_the_strict_one(text: str) -> None:
    assert parsed(text) == strictly(text)


@given(st.text(alphabet='ab=, ."\\\n\r\t1-ie#', max_size=40))
def test_the_parsers_agree_on_any_text(text: str) -> None:
    assert parsed(text) == strictly(text)


@pytest.mark.parametrize(
    "line", ["weather,station=roof temperature=21.4,humidity=60i,ok=t 1795327200000000000", "cpu usage_idle=97.5"]
)
def test_usual_lines_are_parsed_fast(line: str) -> None:
    assert plain_line(line)


@pytest.mark.parametrize("line", ['a v="text"', r"a\ b v=1", "a v=1,v=2", "#a v=1", "a v=nan", "a v=1 5 5"])
def test_unusual_lines_are_left_to_the_strict_parser(line: str) -> None:
    assert plain_line(line) is None


def test_the_tags_of_a_remembered_series_cannot_be_changed() -> None:
    point: Any = next(parse("weather,station=roof temperature=21.4"))

    with pytest.raises(TypeError):
        point.tags["station"] = "cellar"
