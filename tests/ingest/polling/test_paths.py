"""Paths into an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.polling.paths import BadPath, Nothing, find, parse

ANSWER = {
    "main": {"temp": 298.48, "odd name": 1, "0": "zero", "nothing": None},
    "weather": [{"id": 501}, {"id": 502}],
    "temperature:0": {"tC": 21.5},
    "rows": [{"type": 3, "bar": 30.0}, {"type": 1, "temp": 62.7}, {"type": "a b", "temp": 1}],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("main.temp", 298.48),
        ("$.main.temp", 298.48),
        (".main.temp", 298.48),
        ("main.0", "zero"),
        ('main["odd name"]', 1),
        ("weather[0].id", 501),
        ("weather[-1].id", 502),
        ('["temperature:0"].tC', 21.5),
        ("temperature:0.tC", 21.5),
        ("rows[type=1].temp", 62.7),
        ('rows[type="a b"].temp', 1),
        ("main.nothing", None),
        ("main.rain", Nothing),
        ("main.temp.deeper", Nothing),
        ("weather[7].id", Nothing),
        ("weather.id", Nothing),
        ("main[0]", Nothing),
        ("rows[type=9].temp", Nothing),
        ("$", ANSWER),
    ],
)
def test_path_leads_to_what_stands_there(path: str, found: object) -> None:
    assert find(ANSWER, parse(path)) == found


@pytest.mark.parametrize(
    "path", ["main.", "main..temp", "list[", "list[x", "a b", "[1", "a[1]b", "x" + ".x" * 20, '[""]']
)
def test_what_is_no_path_is_refused_with_a_reason(path: str) -> None:
    with pytest.raises(BadPath, match=r"goes wrong|steps"):
        parse(path)


@given(
    st.text(max_size=40),
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    ),
)
def test_no_text_and_no_answer_raise_anything_else(text: str, answer: object) -> None:
    try:
        path = parse(text)
    except BadPath:
        return
    find(answer, path)
