"""What owners say of quantities is read strictly, and written so that it is read again."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.quantities.settings import USUAL, QuantitySettings, in_order, read, stored, write
from sensorfusion.domain.refusals import Refusal

WHOLE = {
    "label": "Top shelf",
    "unit": "Cel",
    "decimals": 2,
    "place": 3,
    "colour": "s4",
    "hidden": True,
    "low": -24,
    "high": -15.5,
}


def test_settings_are_written_as_they_are_read() -> None:
    found = read({"freezer_temperature": WHOLE, "other": {}})

    assert write(found) == {"freezer_temperature": WHOLE}
    assert stored(write(found)) == found


def test_units_are_kept_by_their_code_and_others_as_they_are_written() -> None:
    found = read({"temperature": {"unit": "°F"}, "flow": {"unit": " L/min "}})

    assert (found["temperature"].unit, found["flow"].unit) == ("[degF]", "L/min")


@pytest.mark.parametrize(
    "wrong",
    [
        *([], "x", {"a b": {}}, {"x": 3}, {"x": {"size": 3}}, {"x": {"decimals": 1, "digits": 3}}),
        *({"x": {"decimals": -1}}, {"x": {"decimals": True}}, {"x": {"digits": 0}}, {"x": {"place": "first"}}),
        *({"x": {"colour": "red"}}, {"x": {"hidden": 1}}, {"x": {"low": "a"}}, {"x": {"low": float("nan")}}),
        *(
            {"x": {"low": 3, "high": 3}},
            {"x": {"label": "a\nb"}},
            {"x": {"label": "x" * 61}},
            {"x": {"unit": "u" * 17}},
        ),
        *({"temperature": {"unit": "hPa"}}, {"temperature": {"unit": "furlongs"}}, {"condition": {"unit": "m"}}),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(wrong: object) -> None:
    with pytest.raises(Refusal) as refused:
        read(wrong)

    assert refused.value.code == "bad_quantities"


@given(st.dictionaries(st.text(), st.dictionaries(st.text(), st.none() | st.booleans() | st.floats() | st.text())))
def test_anything_is_read_or_refused(given: dict[str, object]) -> None:
    with suppress(Refusal):
        read(given)


def test_places_come_first_and_the_others_keep_their_order() -> None:
    settings = {"c": QuantitySettings(place=1), "a": QuantitySettings(place=2), "d": USUAL}

    assert in_order(["a", "b", "c", "d"], settings) == ["c", "a", "b", "d"]


def test_a_band_includes_its_ends() -> None:
    band = QuantitySettings(low=-24, high=-15)

    assert [band.allows(value) for value in (-24.1, -24, -15, -14.9)] == [False, True, True, False]
    assert QuantitySettings(high=5).allows(-1000)
