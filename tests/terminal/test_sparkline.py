"""Charts of one row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.terminal.sparkline import BLOCKS, sparkline

FINITE = st.floats(min_value=-1e9, max_value=1e9)


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([None, None], "  "),
        ([5.0, 5.0, None], "▄▄ "),
        ([0.0, 7.0], "▁█"),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇██"),
        ([-20.0, None, -18.0], "▁ █"),
    ],
)
def test_values_are_drawn_between_their_lowest_and_highest(values: list[float | None], drawn: str) -> None:
    assert sparkline(values) == drawn


@given(st.lists(st.none() | FINITE, max_size=50))
def test_a_higher_value_is_never_drawn_lower(values: list[float | None]) -> None:
    drawn = sparkline(values)

    assert len(drawn) == len(values)
    places = [(value, BLOCKS.index(block)) for value, block in zip(values, drawn, strict=True) if value is not None]
    for before, after in zip(sorted(places), sorted(places)[1:], strict=False):
        assert before[1] <= after[1]
    assert all(block == " " for value, block in zip(values, drawn, strict=True) if value is None)
