import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.weather.wind import (
    WindSample,
    compass_point,
    direction_of,
    direction_spread,
    heading,
    mean_direction,
    rose,
    sector,
)

DIRECTIONS = st.floats(0, 360)
SAMPLES = st.lists(st.builds(WindSample, st.none() | DIRECTIONS, st.none() | st.floats(0, 60)), max_size=30)


def test_mean_of_350_and_10_is_north_not_south() -> None:
    mean = mean_direction([WindSample(350, 3), WindSample(10, 3)])

    assert mean is not None
    assert min(mean, 360 - mean) == pytest.approx(0, abs=1e-9)


def test_stronger_wind_weighs_more() -> None:
    mean = mean_direction([WindSample(0, 1), WindSample(90, 9)])

    assert mean == pytest.approx(math.degrees(math.atan2(9, 1)))


def test_without_speeds_directions_weigh_the_same() -> None:
    assert mean_direction([WindSample(0, None), WindSample(90, None)]) == pytest.approx(45)


def test_calm_has_no_direction() -> None:
    assert mean_direction([WindSample(90, 0.4), WindSample(180, 2), WindSample(None, 5)]) == pytest.approx(180)
    assert mean_direction([WindSample(90, 0)]) is None
    assert mean_direction([]) is None


def test_opposite_winds_cancel_out() -> None:
    assert mean_direction([WindSample(0, 2), WindSample(180, 2)]) is None


@given(SAMPLES)
def test_mean_is_a_direction_or_nothing(samples: list[WindSample]) -> None:
    mean = mean_direction(samples)

    assert mean is None or 0 <= mean < 360


@given(direction=DIRECTIONS, speed=st.floats(0.5, 60))
def test_mean_of_one_wind_is_its_direction(direction: float, speed: float) -> None:
    mean = mean_direction([WindSample(direction, speed)])

    assert mean is not None
    assert math.cos(math.radians(mean - direction)) == pytest.approx(1)


def test_heading_just_west_of_north_is_below_360() -> None:
    assert heading(east=-1e-18, north=1) == 0


def test_steady_wind_has_no_spread() -> None:
    assert direction_spread([WindSample(200, 3)] * 5) == pytest.approx(0, abs=1e-3)


def test_spread_of_normal_directions_is_their_standard_deviation() -> None:
    chance = random.Random(7)
    turns = [chance.gauss(0, 20) for _ in range(5000)]

    spread = direction_spread([WindSample((350 + turn) % 360, 5) for turn in turns])

    assert spread == pytest.approx(statistics.pstdev(turns), rel=0.02)


def test_spread_of_all_around_is_that_of_a_uniform_circle() -> None:
    spread = direction_spread([WindSample(direction, 5) for direction in range(360)])

    assert spread == pytest.approx(360 / math.sqrt(12), rel=0.001)


def test_spread_without_wind_is_none() -> None:
    assert direction_spread([WindSample(10, 0.1), WindSample(None, 8)]) is None


@pytest.mark.parametrize(
    ("direction", "point"),
    [(0, "N"), (360, "N"), (349, "N"), (348.7, "NNW"), (11.25, "NNE"), (90, "E"), (200, "SSW"), (337.5, "NNW")],
)
def test_compass_point(direction: float, point: str) -> None:
    assert compass_point(direction) == point


@given(direction=DIRECTIONS, count=st.integers(4, 72))
def test_sector_centre_is_within_half_a_sector(direction: float, count: int) -> None:
    centre = sector(direction, count=count) * 360 / count

    away = abs((direction - centre + 180) % 360 - 180)
    assert away <= 180 / count + 1e-9


def test_rose_counts_sectors_classes_and_calms() -> None:
    samples = [
        WindSample(0, 1.0),
        WindSample(359, 3.0),
        WindSample(180, 20.0),
        WindSample(90, 0.0),
        WindSample(None, 0.2),  # calm: needs no direction
        WindSample(None, 5.0),  # wind without a direction: excluded
        WindSample(10, None),  # no speed: excluded
    ]

    result = rose(samples)

    assert result.count == 5
    assert result.calm_share == pytest.approx(0.4)
    assert result.shares[0] == (0.2, 0.2, 0, 0, 0, 0)
    assert result.shares[8][5] == pytest.approx(0.2)


def test_rose_of_nothing_is_empty() -> None:
    result = rose([], sectors=8, classes=(0.5, 5.0))

    assert (result.count, result.calm_share) == (0, 0)
    assert result.shares == ((0, 0),) * 8


@given(SAMPLES)
def test_shares_of_a_rose_add_up(samples: list[WindSample]) -> None:
    result = rose(samples)

    whole = result.calm_share + sum(map(sum, result.shares))
    assert whole == pytest.approx(1 if result.count else 0)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [("N", 0), ("nne", 22.5), ("WSW", 247.5), (" NNW ", 337.5), ("north-northeast", 22.5), ("South West", 225)],
)
def test_a_compass_point_is_degrees(text: str, degrees: float) -> None:
    assert direction_of(text) == degrees


@pytest.mark.parametrize("text", ["calm", "VRB"])
def test_a_wind_without_a_direction_has_none(text: str) -> None:
    assert direction_of(text) is None


@pytest.mark.parametrize("text", ["", "O", "NO", "up", "NN"])
def test_what_is_no_point_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="not in"):
        direction_of(text)
