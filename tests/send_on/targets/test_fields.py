"""Values are converted exactly, rounded once, and read back as they were within half of the last place."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.units import UNITS
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.send_on.targets.fields import kept_in, query, written
from sensorfusion.send_on.targets.target import Column, decimal
from tests.send_on.conftest import sample

COLUMNS = sorted({column for target in TARGETS.values() for column in target.columns}, key=str)


@given(value=st.floats(-150, 2_000), column=st.sampled_from(COLUMNS))
def test_every_column_is_converted_exactly(value: float, column: Column) -> None:
    text = column.text(value, kept_in=kept_in(column.quantity))

    ours, theirs = UNITS[kept_in(column.quantity)], UNITS[column.unit]
    exact = (Fraction(value) * ours.factor + ours.offset - theirs.offset) / theirs.factor
    assert abs(Fraction(text) - exact) <= Fraction(1, 2) / 10**column.decimals + abs(exact) / 10**14
    assert "e" not in text
    assert text == "0" or not (text.startswith("-") and Fraction(text) == 0)


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(-0.04, 1, "0.0"), (1e20, 0, "100000000000000000000"), (-3.25, 1, "-3.2")]
)
def test_numbers_have_no_exponent_and_no_negative_zero(value: float, decimals: int, text: str) -> None:
    assert decimal(value, decimals) == text


def test_blanks_and_secrets_are_written_so_that_they_can_be_read() -> None:
    assert query("https://example.org/up", [("a", "1 2"), ("key", "x&y=+%")]) == (
        "https://example.org/up?a=1%202&key=x%26y%3D%2B%25"
    )


def test_texts_and_flags_are_no_numbers() -> None:
    columns = [Column("temperature", "t", "Cel", 1), Column("humidity", "h", "%", 0)]

    assert list(written(sample(temperature="warm", humidity=True), columns)) == []
