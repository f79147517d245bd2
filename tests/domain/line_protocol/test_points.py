"""Line protocol is parsed as its specification says."""

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.domain.line_protocol import BadLine, Point, parse
from sensorfusion.domain.repeated import Repeated


def one(text: str) -> Point:
    (point,) = parse(text)
    assert isinstance(point, Point), point
    return point


def test_a_point_has_tags_fields_and_a_timestamp() -> None:
    point = one('weather,station=roof,model=WS80 temperature=21.4,humidity=60i,ok=true,note="fine" 1795327200000000000')

    assert point.measurement == "weather"
    assert point.tags == {"station": "roof", "model": "WS80"}
    assert point.fields == {"temperature": 21.4, "humidity": 60, "ok": True, "note": "fine"}
    assert point.timestamp == 1795327200000000000


def test_escapes_of_names_tags_and_text_are_undone() -> None:
    point = one(r'my\ wx,station=ws\ 1\,roof\=x,path=C:\dir a\,b="a \"q\" \\ b, c = d",n=-1e3 -5')

    assert point.measurement == "my wx"
    assert point.tags == {"station": "ws 1,roof=x", "path": r"C:\dir"}
    assert point.fields == {"a,b": r'a "q" \ b, c = d', "n": -1000.0}
    assert point.timestamp == -5


def test_text_may_hold_the_end_of_a_line() -> None:
    first, second = parse('a note="two\nlines"\nb v=1\n')

    assert isinstance(first, Point)
    assert first.fields == {"note": "two\nlines"}
    assert second.line == 3


def test_a_timestamp_may_be_missing_and_lines_may_end_in_any_way() -> None:
    assert [each.line for each in parse("a v=1\r\n\n# comment, of course\nb v=2  \nc v=3")] == [1, 4, 5]


@pytest.mark.parametrize(
    "text",
    [
        "weather",
        "weather temperature",
        "weather temperature=1,humidity",
        "weather temperature=1,",
        "weather,station temperature=1",
        "weather,a=1,a=2 temperature=1",
        'weather note="open',
        "weather temperature=1 yesterday",
        "weather =1",
        " temperature=1",
    ],
)
def test_a_bad_line_is_named_and_takes_no_other_with_it(text: str) -> None:
    good, bad, *after = parse(f"a v=1\n{text}\nb v=2") if '"' not in text else parse(f"a v=1\n{text}")

    assert all(isinstance(each, Point) for each in [good, *after])
    assert isinstance(bad, BadLine)
    assert bad.line == 2
    assert bad.detail


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("t", True),
        ("F", False),
        ("TRUE", True),
        ("5i", 5),
        ("-5i", -5),
        ("5u", 5),
        (".5", 0.5),
        ("1.", 1.0),
        ("+1e2", 100),
    ],
)
def test_every_kind_of_value_is_read(text: str, value: object) -> None:
    assert one(f"a v={text}").fields == {"v": value}


@settings(max_examples=200)
@given(st.text(alphabet='ab ,=\\"\n#1it.é\0\r', max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= each.line <= lines for each in parse(text))


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("nan", None),
        ("-NaN", None),
        ("", None),
        ("null", None),
        ("inf", inf),
        ("-Infinity", -inf),
        ("warm", "warm"),
        ("1_0", "1_0"),
        ("21.5°C", "21.5°C"),
        ("1e999", inf),
    ],
)
def test_value_that_the_protocol_does_not_know_does_not_cost_the_line(value: str, meant: object) -> None:
    [point] = parse(f"weather a=1,b={value},c=2 5")

    assert isinstance(point, Point)
    assert point.fields == {"a": 1.0, "b": meant, "c": 2.0}


def test_field_with_two_values_has_both() -> None:
    [point] = parse("weather a=1,a=2,b=3,b=3i")

    assert isinstance(point, Point)
    assert point.fields == {"a": Repeated(1.0, 2.0), "b": 3.0}
