from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.gaps import gaps

MINUTE, HOUR = 60.0, 3600.0


def at_steps(*steps: float) -> list[float]:
    t = [0.0]
    for step in steps:
        t.append(t[-1] + step)
    return t


def test_an_outage_is_a_gap() -> None:
    assert gaps(at_steps(*[MINUTE] * 6, HOUR, *[MINUTE] * 6)) == [7]


def test_a_steady_rhythm_has_no_gap_however_slow() -> None:
    assert gaps(at_steps(*[HOUR] * 20)) == []


def test_a_rhythm_that_becomes_faster_is_no_gap() -> None:
    assert gaps(at_steps(*[HOUR] * 20, HOUR / 2, *[3.0] * 20)) == []


def test_a_rhythm_that_becomes_slower_is_no_gap() -> None:
    assert gaps(at_steps(*[3.0] * 20, *[HOUR] * 20)) == []


def test_an_outage_in_the_slow_part_is_a_gap_and_so_is_one_in_the_fast_part() -> None:
    t = at_steps(*[HOUR] * 8, 5 * HOUR, *[HOUR] * 8, *[3.0] * 8, MINUTE, *[3.0] * 8)

    assert gaps(t) == [9, 26]


def test_some_jitter_is_no_gap() -> None:
    assert gaps(at_steps(50, 70, 61, 120, 58, 60, 65, 130, 60)) == []


def test_a_step_no_longer_than_a_bucket_allows_is_no_gap() -> None:
    assert gaps(at_steps(1, 1, 1, 1, 10, 1, 1, 1), least_s=10) == []


def test_two_steps_have_no_rhythm() -> None:
    assert gaps(at_steps(1, 1000)) == []
    assert gaps([]) == []


@given(st.lists(st.integers(1, 10**6), max_size=60))
def test_the_unit_of_time_does_not_matter(steps: list[int]) -> None:
    assert gaps(at_steps(*(step * 1024.0 for step in steps))) == gaps(at_steps(*map(float, steps)))


def test_one_empty_bucket_is_a_gap_where_buckets_are_usually_filled() -> None:
    days = at_steps(*[24 * HOUR] * 4, 25 * HOUR, *[24 * HOUR] * 4, 48 * HOUR, 24 * HOUR)

    assert gaps(days, width_s=24 * HOUR) == [10]
    assert gaps(days) == []


def test_buckets_that_a_slow_sensor_leaves_empty_are_no_gaps() -> None:
    every_70_minutes = at_steps(*([HOUR] * 5 + [2 * HOUR]) * 3)

    assert gaps(every_70_minutes, width_s=HOUR, interval_s=70 * MINUTE) == []
    assert gaps(at_steps(*[6 * HOUR] * 8), width_s=HOUR) == []


def test_two_buckets_of_a_known_interval_show_what_is_missing_between() -> None:
    assert gaps([0.0, HOUR, 4 * HOUR], width_s=HOUR, interval_s=MINUTE) == [2]
