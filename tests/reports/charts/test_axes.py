from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.reports.charts.axes import Tick, time_ticks, value_scale
from sensorfusion.web.values.clock import Habits, read_by
from sensorfusion.web.values.display import display

WARSAW = ZoneInfo("Europe/Warsaw")


def test_a_date_that_a_zone_skipped_has_no_marks() -> None:
    apia = ZoneInfo("Pacific/Apia")
    start, end = (datetime(2011, 12, day, 14, tzinfo=apia) for day in (29, 31))

    marks = time_ticks(start, end, "24h")

    assert [mark.label for mark in marks] == ["15:00", "18:00", "21:00", "31 Dec", "03:00", "06:00", "09:00", "12:00"]


def test_marks_are_round_in_the_unit_shown() -> None:
    scale = value_scale(-3.0, 6.0, display("temperature", "us"), from_zero=False)

    assert [mark.label for mark in scale.marks] == ["25°", "30°", "35°", "40°"]
    assert scale.low < -3.0 < 6.0 < scale.high


def test_bars_stand_on_zero() -> None:
    scale = value_scale(0.4, 4.0, display("rain", "metric"), from_zero=True)

    assert scale.low == 0
    assert scale.marks[0].label == "0"
    assert scale.marks[0].place == "100.00%"


def test_strip_below_zero_has_no_marks() -> None:
    scale = value_scale(0, 10, display("wind_speed", "metric"), from_zero=True, strip=0.2)

    assert scale.low < 0
    assert all(not mark.label.startswith("−") for mark in scale.marks)


def test_noise_of_the_last_digit_is_no_mountain_range() -> None:
    scale = value_scale(20.0, 20.1, display("temperature", "metric"), from_zero=False)

    assert scale.high - scale.low >= 2


def test_hours_are_those_of_the_site() -> None:
    end = datetime(2026, 11, 22, 10, 5, tzinfo=WARSAW)

    marks = time_ticks(end - timedelta(days=1), end, "24h")

    assert [mark.label for mark in marks] == ["12:00", "15:00", "18:00", "21:00", "22 Nov", "03:00", "06:00", "09:00"]
    assert [mark.is_strong for mark in marks].count(True) == 1


def test_day_of_a_clock_change_keeps_round_hours() -> None:
    end = datetime(2026, 10, 25, 12, 0, tzinfo=WARSAW)

    marks = time_ticks(end - timedelta(hours=12), end, "24h")

    assert [mark.label for mark in marks] == ["25 Oct", "03:00", "06:00", "09:00", "12:00"]


@pytest.mark.parametrize(
    ("week", "first"), [("monday", "2 Nov"), ("sunday", "1 Nov"), ("saturday", "31 Oct")]
)  # fmt: skip
def test_marks_of_weeks_are_at_the_first_day_of_the_readers_weeks(week: str, first: str) -> None:
    end = datetime(2026, 11, 27, 12, tzinfo=WARSAW)

    with read_by(lambda: Habits(week=week)):
        marks = time_ticks(end - timedelta(days=30), end, "30d")
        quarter = time_ticks(end - timedelta(days=80), end, "1y")

    assert marks[0].label == first
    assert len(marks) == 4
    assert len(quarter) in (11, 12)


def test_year_has_a_mark_for_every_month() -> None:
    end = datetime(2026, 11, 22, tzinfo=WARSAW)

    marks = time_ticks(end - timedelta(days=365), end, "1y")

    assert [mark.label for mark in marks][:3] == ["Dec", "2026", "Feb"]
    assert len(marks) == 12


@pytest.mark.parametrize("high", [0.0, 3.0, 12.0, 40.0])
def test_an_axis_in_beaufort_is_linear_and_marks_where_forces_begin(high: float) -> None:
    shown = display("wind_speed", "metric-bft")
    scale = value_scale(0.0, high, shown, from_zero=True)

    for mark in scale.marks:
        speed = scale.high - float(mark.place.rstrip("%")) / 100 * (scale.high - scale.low)
        assert shown.number(speed + 0.01) == mark.label
    places = [float(mark.place.rstrip("%")) for mark in scale.marks]
    assert all(below - above >= 9.9 for below, above in pairwise(places))
    assert scale.high == value_scale(0.0, high, display("wind_speed", "metric"), from_zero=True).high


@pytest.mark.parametrize(
    ("place", "is_near_end"), [("0.00%", False), ("95.00%", False), ("98.80%", True), ("100%", True)]
)
def test_a_label_at_the_end_of_a_chart_moves_into_it(place: str, is_near_end: bool) -> None:
    assert Tick(place, "1 Dec").is_near_end is is_near_end
