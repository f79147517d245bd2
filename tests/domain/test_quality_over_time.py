"""Spikes, steps and flat lines: what is flagged, and above all what is not."""

from itertools import pairwise
from math import sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quality_over_time import (
    COARSEST,
    DEFAULTS,
    FLAT_COVERED,
    FLAT_LEAST,
    Checks,
    Flat,
    Limits,
    Observed,
    judge,
    longest_flat_s,
)

MINUTE = 60.0


def line(*values: float | None, name: str = "temperature", every_s: float = MINUTE, **others: float) -> list[Observed]:
    return [
        Observed(place * every_s, {**({} if value is None else {name: value}), **others})
        for place, value in enumerate(values)
    ]


def flags_of(readings: list[Observed], name: str = "temperature") -> list[int]:
    return [int(flags.get(name, Flag.GOOD)) for flags in judge(readings, DEFAULTS)]


def test_spike_is_flagged_and_its_neighbours_are_not() -> None:
    assert flags_of(line(10.0, 10.2, 14.0, 10.3, 10.2)) == [1, 1, 3, 1, 1]
    assert flags_of(line(10.0, 10.2, 30.0, 10.3, 10.2)) == [1, 1, 4, 1, 1]
    assert flags_of(line(10.0, 10.2, -14.0, 10.3, 10.2)) == [1, 1, 4, 1, 1]


def test_step_is_flagged_once_where_it_happens() -> None:
    assert flags_of(line(10.0, 10.0, 14.0, 14.0, 14.0)) == [1, 1, 3, 1, 1]
    assert flags_of(line(10.0, 10.0, 24.0, 24.0, 24.0)) == [1, 1, 4, 1, 1]


def test_newest_value_is_judged_by_its_step_until_its_neighbour_comes() -> None:
    assert flags_of(line(10.0, 10.0, 14.0)) == [1, 1, 3]


def test_change_over_an_hour_is_no_step() -> None:
    assert flags_of(line(-5.0, 5.0, 15.0, 5.0, every_s=3600)) == [1, 1, 1, 1]


def test_readings_within_a_minute_may_differ_by_what_a_minute_may() -> None:
    assert flags_of(line(10.0, 12.0, 10.0, every_s=1)) == [1, 1, 1]


def test_step_as_small_as_the_sensor_can_show_is_no_doubt() -> None:
    whole = line(*[float(1013 - place // 10 % 2) for place in range(120)], name="pressure")
    mercury = line(*[round((760 - place // 10 % 2) * 1.33322, 1) for place in range(120)], name="sea_level_pressure")

    assert set(flags_of(whole, "pressure")) == {1}
    assert set(flags_of(mercury, "sea_level_pressure")) == {1}


def test_pressure_in_whole_hpa_is_good_for_a_month() -> None:
    tide = [float(round(1013 + 8 * sin(place / 700) + 0.4 * sin(place / 3))) for place in range(43_200)]

    assert sum(before != after for before, after in pairwise(tide)) > 798
    assert set(flags_of(line(*tide, name="pressure"), "pressure")) == {1}


def test_coarse_sensor_is_still_flagged_for_more_than_its_resolution_explains() -> None:
    whole = [1013.0] * 20 + [1012.0] * 20

    assert flags_of(line(*whole, 1010.0, 1010.0, name="pressure"), "pressure")[40:] == [3, 1]
    assert flags_of(line(*whole, 1002.0, 1002.0, name="pressure"), "pressure")[40:] == [4, 1]


def test_fine_sensor_has_the_limits_of_a_fine_one() -> None:
    tenths = [1013.0 + place % 3 / 10 for place in range(40)]

    assert flags_of(line(*tenths, 1014.0, 1014.0, name="pressure"), "pressure")[40:] == [3, 1]


def test_few_values_say_nothing_about_the_resolution() -> None:
    assert flags_of(line(1013.0, 1014.0, name="pressure"), "pressure") == [1, 3]


def test_resolution_of_a_still_sensor_is_no_coarser_than_sensors_are() -> None:
    assert flags_of(line(*[1013.0] * 40, 1016.0, 1016.0, name="pressure"), "pressure")[40:] == [3, 1]
    assert set(COARSEST) <= set(DEFAULTS)


def test_slope_is_no_spike() -> None:
    assert flags_of(line(10.0, 12.0, 14.0, 16.0, 18.0)) == [1, 1, 1, 1, 1]


def test_distant_neighbours_say_nothing_about_a_spike() -> None:
    assert flags_of(line(10.0, 25.0, 10.0, every_s=1200)) == [1, 1, 1]


def test_stuck_sensor_is_suspect_once_it_was_stuck_long_enough() -> None:
    flags = flags_of(line(*[10.0] * 80, every_s=600))

    assert flags[:57] == [1] * 57
    assert set(flags[60:]) == {3}


def test_slow_honest_change_is_no_flat_line() -> None:
    assert set(flags_of(line(*[10 + 0.01 * place for place in range(90)], every_s=600))) == {1}


def test_few_values_are_no_flat_line() -> None:
    assert set(flags_of(line(*[10.0] * 8, every_s=10800))) == {1}


def test_fog_keeps_humidity_up_without_blame() -> None:
    assert set(flags_of(line(*[98.0] * 90, name="humidity", every_s=600), "humidity")) == {1}
    assert 3 in flags_of(line(*[60.0] * 90, name="humidity", every_s=600), "humidity")


def test_vane_is_still_in_a_calm_and_stuck_in_a_wind() -> None:
    calm = line(*[200.0] * 90, name="wind_direction", every_s=600, wind_speed=0.2)
    windy = line(*[200.0] * 90, name="wind_direction", every_s=600, wind_speed=4.0)

    assert set(flags_of(calm, "wind_direction")) == {1}
    assert 3 in flags_of(windy, "wind_direction")


def test_calm_is_no_flat_line_of_the_wind() -> None:
    assert set(flags_of(line(*[0.0] * 90, name="wind_speed", every_s=600), "wind_speed")) == {1}


def test_readings_without_the_quantity_are_passed_over() -> None:
    assert flags_of(line(10.0, None, 30.0, None, 10.0)) == [1, 1, 4, 1, 1]


def test_text_and_booleans_are_not_tested() -> None:
    readings = [Observed(60.0 * place, {"temperature": value}) for place, value in enumerate([10.0, "x", True, 10.1])]

    assert judge(readings, DEFAULTS) == [{}, {}, {}, {}]


def test_own_limits_take_the_place_of_ours() -> None:
    readings = line(10.0, 14.0, 10.0)

    assert judge(readings, {"temperature": Checks(spike=Limits(20.0, 30.0))}) == [{}, {}, {}]
    assert judge(readings, {"temperature": Checks(spike=Limits(1.0, 2.0))}) == [{}, {"temperature": Flag.BAD}, {}]
    assert judge(readings, {}) == [{}, {}, {}]
    assert longest_flat_s({"temperature": Checks(flat=Flat(0.1, 900.0)), "humidity": Checks()}) == 900.0


@given(
    values=st.lists(st.none() | st.floats(-50, 50), max_size=30),
    first=st.integers(0, 30),
    length=st.integers(0, 30),
)
def test_part_of_a_line_is_judged_as_in_the_whole(values: list[float | None], first: int, length: int) -> None:
    readings = line(*values, every_s=300)
    first, end = min(first, len(readings)), min(first + length, len(readings))

    assert judge(readings, DEFAULTS, first=first, end=end) == judge(readings, DEFAULTS)[first:end]


def is_stuck(values: list[float | None], place: int, *, many: int, change: float) -> bool:
    """Return whether the values up to an index differ by less than a change, compared one by one."""
    last = [value for value in values[max(place - many + 1, 0) : place + 1] if value is not None]
    covered = [at for at in range(max(place - many + 1, 0), place + 1) if values[at] is not None]
    is_long = bool(covered) and (place - covered[0]) >= FLAT_COVERED * (many - 1) and len(last) >= FLAT_LEAST
    return is_long and max(last) - min(last) < change


@given(runs=st.lists(st.tuples(st.sampled_from([None, 20.0, 20.05, 20.1, 20.2]), st.integers(1, 15)), max_size=12))
def test_flat_line_is_what_moved_less_than_it_may_in_its_time(runs: list[tuple[float | None, int]]) -> None:
    values = [value for value, times in runs for _ in range(times)]
    tests = {"temperature": Checks(flat=Flat(0.1, 19 * MINUTE))}

    found = [bool(flags) for flags in judge(line(*values), tests)]

    assert found == [
        value is not None and is_stuck(values, place, many=20, change=0.1) for place, value in enumerate(values)
    ]


@given(values=st.lists(st.floats(-50, 50), min_size=1, max_size=30), shift=st.floats(-20, 20))
def test_a_constant_offset_changes_no_verdict(values: list[float], shift: float) -> None:
    tests = {"temperature": Checks(Limits(1.0, 2.0), Limits(1.0, 2.0))}
    rounded = [float(round(value)) for value in values]
    moved = [value + float(round(shift)) for value in rounded]

    assert judge(line(*rounded), tests) == judge(line(*moved), tests)


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_default_tests_something_and_grows_stricter(name: str) -> None:
    tests = DEFAULTS[name]

    assert tests.step or tests.spike or tests.flat
    assert all(limits.bad > limits.suspect > 0 for limits in (tests.step, tests.spike) if limits)
