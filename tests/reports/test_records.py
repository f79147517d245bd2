from datetime import date, timedelta
from typing import Any

import pytest

from sensorfusion.domain.weather.climate import Cut, Days
from sensorfusion.reports.records import ribbons

TODAY = date(2026, 11, 22)


def days_until(last: date, highs: dict[date, float], count: int = 400) -> Days:
    """Days of 5 to 15 °C, with other highs on some; the lows are 10 below."""
    dates = [last - timedelta(days=back) for back in range(count - 1, -1, -1)]
    high = [highs.get(day, 15.0) for day in dates]
    low = [each - 10 for each in high]
    return Days(dates, {"temperature": Cut([each - 5 for each in high], low, high)})


def shown(whole: Days, **extremes: float) -> dict[str, list[str]]:
    found = ribbons(whole, "temperature", today=TODAY, **extremes)
    return {fact: [each.words for each in of_one if each.is_shown] for fact, of_one in found.items()}


@pytest.mark.parametrize(
    ("high", "words"),
    [
        (25.1, ["Record high since 2025"]),
        (25.0, ["Record high of 2026"]),  # as high as last year's is no record
        (20.5, ["Record high of 2026"]),
        (20.0, ["Record high of November"]),
        (15.1, ["Record high of November"]),
        (15.0, []),
    ],
)
def test_the_ribbon_names_the_longest_span_whose_record_is_broken(high: float, words: list[str]) -> None:
    whole = days_until(TODAY, {date(2025, 12, 1): 25.0, date(2026, 7, 1): 20.0, TODAY: high})

    assert shown(whole, high=high, low=5.0) == {"high": words, "low": []}


def test_a_low_breaks_records_downwards() -> None:
    whole = days_until(TODAY, {date(2026, 7, 1): 2.0})

    assert shown(whole, high=10.0, low=-9.0) == {"high": [], "low": ["Record low since 2025"]}
    assert shown(whole, high=10.0, low=-8.0) == {"high": [], "low": ["Record low of November"]}


@pytest.mark.parametrize(("count", "words"), [(22, ["Record high"]), (1, [])])
def test_a_sensor_of_this_year_has_records_of_its_own_days(count: int, words: list[str]) -> None:
    assert shown(days_until(TODAY, {}, count), high=99.0, low=5.0)["high"] == words


def test_what_today_has_reached_is_no_record_to_break() -> None:
    whole = days_until(TODAY, {TODAY: 30.0})
    bounds: list[Any] = [each.beyond for each in ribbons(whole, "temperature", high=30.0, low=5.0, today=TODAY)["high"]]

    assert bounds == ["15", "15", "15"]


def test_the_first_of_a_month_has_no_record_of_the_month_to_break() -> None:
    first = date(2026, 12, 1)
    found = ribbons(days_until(first, {}), "temperature", high=16.0, low=5.0, today=first)

    assert [each.words for each in found["high"]] == ["Record high since 2025", "Record high of 2026"]
