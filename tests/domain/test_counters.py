from dataclasses import dataclass
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.counters import Number, bridged, growth, hourly_rate, increase
from sensorfusion.domain.restarts import Restarts
from sensorfusion.domain.rollup import Sample, roll_up


@dataclass
class Totals:
    value: list[Number]
    low: list[Number]
    high: list[Number]


def singles(*values: Number) -> Totals:
    return Totals(list(values), list(values), list(values))


def test_counter_of_single_readings_grows_by_its_steps() -> None:
    assert growth(singles(3, 3.2, 3.2, 4)) == pytest.approx([0, 0.2, 0, 0.8])


def test_after_a_restart_all_counts_as_new() -> None:
    assert growth(singles(7, 0.4, 0.6)) == pytest.approx([0, 0.4, 0.2])


def test_restart_within_a_bucket_keeps_what_was_reached_before_it() -> None:
    # 5 at the end of the previous bucket; then 6, 0, 2.
    assert growth(Totals([5, 2], [4, 0], [5, 6])) == pytest.approx([1, 3])


def test_bucket_without_a_value_is_passed_over() -> None:
    assert growth(singles(1, None, 3)) == [0, None, 2]


@given(st.lists(st.floats(0, 5), min_size=2, max_size=60), st.integers(2, 59))
def test_buckets_grow_by_as_much_as_the_readings_in_them(amounts: list[float], restart: int) -> None:
    total, values = 0.0, []
    for place, amount in enumerate(amounts):
        total = amount if place == restart else total + amount
        values.append(total)
    buckets = roll_up([Sample(place, value) for place, value in enumerate(values)], width_s=10).values()
    totals = Totals([b.last for b in buckets], [b.minimum for b in buckets], [b.maximum for b in buckets])

    found = growth(totals)

    # Exact except for a restart that rises above its old maximum within the bucket, which looks like no restart.
    assert sum(each or 0 for each in found) <= sum(amounts[1:]) + 1e-6
    if restart >= len(amounts) or restart % 10 == 0:
        assert sum(each or 0 for each in found) == pytest.approx(sum(amounts[1:]), abs=1e-6)


@dataclass
class Increases:
    growth: list[Number]
    first: list[Number]
    last: list[Number]
    first_at: list[Number]
    last_at: list[Number]


def test_growth_within_buckets_is_bridged_from_one_to_the_next() -> None:
    at: list[Number] = [0, None, 2, 3]
    column = Increases([1, None, 4, 0], [5, None, 7, 0.5], [6, None, 2, 0.5], at, at)

    assert bridged(column, None) == [1, None, 5, 0.5]


def test_a_counter_of_the_day_that_was_silent_over_its_restart_counts_whole() -> None:
    daily = Restarts("day", UTC)
    evening, morning = 20 * 3600.0, 32 * 3600.0

    assert increase((2, evening), (4, morning), daily) == 4
    assert increase((2, evening), (4, morning), None) == 2
    assert increase((2, evening), (4, evening + 60), daily) == 2


def test_rate_is_an_amount_by_its_hours() -> None:
    assert hourly_rate([0.5, None, 1, 2], [0.25, 1, None, 0]) == [2, None, None, None]
