"""Names of quantities: which are allowed, and how other texts are folded to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.quantities import base_and_which, quantity
from sensorfusion.domain.quantities.names import LONGEST, LONGEST_WHICH, fold, fold_apart, fold_which, is_allowed


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("temperature", "temperature"),
        ("Room temperature", "Room_temperature"),
        ("Außentemperatur °C", "Aussentemperatur_degC"),
        ("Кухня", "Kukhnya"),
        ("a/b", "a_b"),
        ("1st floor", "x_1st_floor"),
        ("", "x"),
    ],
)
def test_a_folded_name_reads_like_the_text(text: str, name: str) -> None:
    assert fold(text) == name


@given(st.text())
def test_every_text_is_folded_to_an_allowed_name(text: str) -> None:
    for name in (fold(text), fold_apart(text)):
        assert is_allowed(name)
        assert len(name) <= LONGEST


@given(st.text(), st.text())
def test_names_that_are_folded_apart_differ_if_the_texts_do(one: str, other: str) -> None:
    assert (fold_apart(one) == fold_apart(other)) == (one == other)


@given(st.text())
def test_what_distinguishes_a_source_fits_behind_a_colon(text: str) -> None:
    which = fold_which(text)

    assert len(which) <= LONGEST_WHICH
    assert is_allowed(f"temperature:{which}" if which else "temperature")


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("temperature:a2", ("temperature", "a2")),
        ("power_3", ("power", "3")),
        ("pressure_0", ("pressure", "0")),
        ("humidity:4098", ("humidity", "4098")),
        ("humidity_4098", ("humidity_4098", "")),
        ("pm2_5", ("pm2_5", "")),
        ("power_03", ("power_03", "")),
        ("leaf_colour:a", ("leaf_colour:a", "")),
        ("distance:;", ("distance:;", "")),
    ],
)
def test_the_name_of_a_further_source_is_its_quantity_and_what_distinguishes_it(
    name: str, split: tuple[str, str]
) -> None:
    assert base_and_which(name) == split
    if split[1]:
        assert (quantity(name).unit, quantity(name).name) == (quantity(split[0]).unit, name)
