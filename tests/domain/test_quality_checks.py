"""A sensor's own checks as written by people."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.quality_checks import effective, read, write
from sensorfusion.domain.quality_over_time import DEFAULTS, Checks, Flat, Limits
from sensorfusion.domain.refusals import Refusal


def test_what_is_written_is_read_back() -> None:
    own = {"temperature": Checks(Limits(1, 2), None, Flat(0.1, 600)), "humidity": None}

    assert read(write(own)) == own


def test_own_checks_take_the_place_of_ours_and_null_takes_them_away() -> None:
    found = effective(read({"temperature": {"step": {"suspect": 1, "bad": 2}}, "humidity": None}))

    assert found["temperature"] == Checks(step=Limits(1, 2))
    assert "humidity" not in found
    assert found["pressure"] == DEFAULTS["pressure"]


@pytest.mark.parametrize(
    ("given", "about"),
    [
        ([], "object"),
        ({"temperature": 3}, "temperature: give step"),
        ({"temperature": {"jump": None}}, "jump is not a check"),
        ({"temperature": {"step": 3}}, "give suspect and bad"),
        ({"temperature": {"step": {"suspect": 3}}}, "give suspect and bad"),
        ({"temperature": {"step": {"suspect": 3, "bad": "5"}}}, "numbers above 0"),
        ({"temperature": {"step": {"suspect": True, "bad": 5}}}, "numbers above 0"),
        ({"temperature": {"spike": {"suspect": 0, "bad": 5}}}, "numbers above 0"),
        ({"temperature": {"spike": {"suspect": 6, "bad": 5}}}, "bad cannot be less than suspect"),
        ({"temperature": {"flat": {"change": 0.1, "within_s": 1e9}}}, "a week"),
        ({"temperature": {"flat": {"change": float("inf"), "within_s": 60}}}, "numbers above 0"),
        ({str(number): None for number in range(501)}, "at most 500"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(given: object, about: str) -> None:
    with pytest.raises(Refusal, match=about) as refused:
        read(given)

    assert refused.value.code == "bad_checks"


_JSON: Any = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.dictionaries(st.sampled_from(["temperature", "x"]), st.dictionaries(st.sampled_from(["step", "flat"]), _JSON))
)
def test_nothing_but_a_refusal_is_raised(given: object) -> None:
    with contextlib.suppress(Refusal):
        assert read(write(read(given))) == read(given)
