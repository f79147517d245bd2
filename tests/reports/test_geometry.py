import re

import pytest

from sensorfusion.reports.geometry import Box, Point, arc, bars, moon, number, polar, polyline, split, ticks, wedge

BOX = Box(left=0, right=10, low=0, high=100, width=100, height=50)


def test_coordinates_are_short_and_never_minus_zero() -> None:
    assert [number(value) for value in (1.0, 1.26, -0.04, -3.5)] == ["1", "1.3", "0", "-3.5"]
    assert number(12.7, 0) == "13"


def test_box_turns_upwards_into_downwards() -> None:
    assert (BOX.x(5), BOX.y(100), BOX.y(0)) == (50, 0, 50)


def test_box_without_extent_divides_by_nothing() -> None:
    flat = Box(left=3, right=3, low=7, high=7, width=100, height=50)

    assert (flat.x(3), flat.y(7)) == (0, 50)


def test_line_is_broken_at_a_gap() -> None:
    drawn = polyline([Point(0, 0), Point(5, 100), Point(6, None), Point(8, 50), Point(10, 50)], BOX)

    assert drawn.line == "M0 50L50 0M80 25L100 25"
    assert drawn.area == "M0 50L0 50L50 0V50ZM80 50L80 25L100 25V50Z"


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_path_writes_each_coordinate_as_it_is_written_alone(decimals: int) -> None:
    values = [-10, -0.5, -0.04, -0.004, -0.0, 0.0, 0.04, 0.5, 1, 9.96, 10.0, 33.333, 99.95, 100]
    box = Box(left=0, right=100, low=0, high=100, width=100, height=100, decimals=decimals)
    points = [(x, 100 - y) for x in values for y in values]

    drawn = box.path(points)

    assert drawn.split("L") == [f"{number(box.x(x), decimals)} {number(box.y(y), decimals)}" for x, y in points]


def test_reading_between_two_gaps_is_a_dot() -> None:
    assert polyline([Point(1, None), Point(5, 50), Point(6, None)], BOX).line == "M50 25h0"


def test_line_of_nothing_is_empty() -> None:
    assert polyline([], BOX) == ("", "")


def test_points_far_apart_are_split() -> None:
    points = [(0, 1.0), (1, 2.0), (2, 2.0), (6, 3.0), (7, 3.0)]

    assert split(points) == [*points[:3], (4.0, None), *points[3:]]
    assert split(points, least=5) == points
    assert split([]) == []


def test_bars_stand_on_the_bottom_and_zero_has_none() -> None:
    assert bars([Point(0, 50), Point(2, 0), Point(4, None)], BOX, width=1) == "M0 50V25H10V50Z"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 100, [0, 25, 50, 75, 100]),
        (9.3, 19.0, [7.5, 10, 12.5, 15, 17.5, 20]),
        (1009.6, 1010.2, [1009.6, 1009.8, 1010, 1010.2]),
    ],
)
def test_ticks_are_round_and_enclose(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high, count=4) == expected


def test_ticks_of_a_single_value_enclose_it() -> None:
    assert ticks(5, 5, count=4)[0] <= 5 <= ticks(5, 5, count=4)[-1]


def test_north_is_up_and_east_is_right() -> None:
    assert (polar(0, 10), polar(90, 10)) == ("0 -10", "10 0")


def test_arc_of_more_than_half_a_circle_takes_the_long_way() -> None:
    assert arc(0, 90, 10) == "M0 -10A10 10 0 0 1 10 0"
    assert " 1 1 " in arc(0, 270, 10)


def test_wedge_is_closed() -> None:
    assert wedge(-11, 11, 14, 92).startswith("M")
    assert wedge(-11, 11, 14, 92).endswith("Z")


@pytest.mark.parametrize(("elongation", "limb", "terminator"), [(45, 1, 0), (135, 1, 1), (225, 0, 0), (315, 0, 1)])
def test_moon_is_lit_on_the_right_while_it_waxes(elongation: float, limb: int, terminator: int) -> None:
    flags = re.findall(r"A[\d.]+ 22 0 0 ([01])", moon(elongation, 22))

    assert flags == [str(limb), str(terminator)]


def test_half_moon_has_a_straight_edge() -> None:
    assert "A0 22" in moon(90, 22)
