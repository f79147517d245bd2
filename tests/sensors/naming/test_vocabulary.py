"""A device's own names, as text and as stored."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.naming.vocabulary import checked, from_text, to_text


def test_lines_become_quantities_with_the_codes_of_their_units() -> None:
    text = "field1 = temp °F\n\n decoded.soil=1 = soil_moisture\nraw = own_thing\nnoise = -\n"

    assert from_text(text) == {
        "field1": {"quantity": "temperature", "unit": "[degF]"},
        "decoded.soil=1": {"quantity": "soil_moisture"},
        "raw": {"quantity": "own_thing"},
        "noise": {"quantity": ""},
    }


def test_what_is_shown_reads_back_the_same() -> None:
    names = from_text("a = temperature °F\nb = pressure Pa\nc = -\nd = mine")

    assert to_text(names) == "a = temperature °F\nb = pressure Pa\nc = -\nd = mine"
    assert from_text(to_text(names)) == names


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("field1", "Line 1"),
        ("a = temperature\n= humidity", "Line 2"),
        ("a =", "Line 1"),
        ("a = temperature hPa", "temperature is kept in Cel"),
        ("a = temperature furlongs", "furlongs"),
        ("a = own_thing hPa", "no unit"),
        ("a = 1st", "not a name"),
        ("x" * 201 + " = temperature", "1 to 200"),
        ("\n".join(f"a{number} = temperature" for number in range(201)), "200"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        from_text(text)


@pytest.mark.parametrize(
    "raw",
    [None, [], {"a": 1}, {"a": {}}, {"a": {"quantity": 1}}, {"a": {"quantity": "x", "unit": 1}}, {"": {}}, {1: {}}],
)
def test_only_a_mapping_is_stored(raw: object) -> None:
    with pytest.raises(Refusal):
        checked(raw)


@settings(max_examples=100)
@given(st.text(alphabet="ab1 =-°F\n\0é", max_size=30))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    try:
        names = from_text(text)
    except Refusal:
        return
    assert checked(names) == names
