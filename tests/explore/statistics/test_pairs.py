from statistics import correlation, linear_regression

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.explore.selection import Operation
from sensorfusion.explore.statistics.pairs import PAIRS_LEAST, Pair, Part, computed, fit, paired, rolling_means

NUMBERS = st.integers(-4000, 4000).map(lambda number: number / 100)
Rows = list[tuple[float, float | None]]
ROWS = st.dictionaries(st.integers(0, 60), st.none() | NUMBERS).map(lambda rows: sorted(rows.items()))


@given(ROWS, ROWS)
def test_only_instants_with_both_values_are_compared(a: Rows, b: Rows) -> None:
    mine, other = ({t: value for t, value in each if value is not None} for each in (a, b))

    found = dict(computed(paired(a, b), Operation.DIFFERENCE))

    assert found == {t: mine[t] - other[t] for t in mine.keys() & other.keys()}


def test_there_is_no_ratio_to_zero() -> None:
    assert computed([Pair(1, 3, 2), Pair(2, 3, 0)], Operation.RATIO) == [(1, 1.5)]


@pytest.mark.parametrize(("a", "b", "by"), [(10, 350, 20), (350, 10, -20), (180, 0, -180), (90, 45, 45)])
def test_directions_differ_by_the_shorter_turn(a: float, b: float, by: float) -> None:
    assert computed([Pair(1, a, b)], Operation.DIFFERENCE, are_directions=True) == [(1, by)]


@given(
    st.lists(st.tuples(st.integers(1, 50), NUMBERS, st.integers(1, 9)), min_size=1, max_size=60), st.integers(1, 200)
)
def test_rolling_mean_is_the_mean_of_all_readings_of_the_time_before(
    steps: list[tuple[int, float, int]], length_s: int
) -> None:
    t, parts = 0, []
    for step, mean, count in steps:
        t += step
        parts.append(Part(t, mean, count))
    start = parts[len(parts) // 2].t

    found = rolling_means(parts, length_s=length_s, start=start)

    assert [at for at, _ in found] == [part.t for part in parts if part.t >= start]
    for at, mean in found:
        readings = [each.mean for each in parts if at - length_s < each.t <= at for _ in range(int(each.count))]
        assert mean == pytest.approx(sum(readings) / len(readings), abs=1e-9)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=PAIRS_LEAST, max_size=80))
def test_fit_is_that_of_the_standard_library(values: list[tuple[float, float]]) -> None:
    found = fit([Pair(place, *each) for place, each in enumerate(values)])
    a, b = zip(*values, strict=True)
    if len(set(a)) == 1 or len(set(b)) == 1:
        assert found is None
        return
    line = linear_regression(a, b)

    assert found is not None
    assert found.slope == pytest.approx(line.slope, rel=1e-6, abs=1e-9)
    assert found.intercept == pytest.approx(line.intercept, rel=1e-6, abs=1e-6)
    assert found.r2 == pytest.approx(correlation(a, b) ** 2, abs=1e-6)


def test_few_pairs_have_no_fit() -> None:
    assert fit([Pair(place, place, place) for place in range(PAIRS_LEAST - 1)]) is None
