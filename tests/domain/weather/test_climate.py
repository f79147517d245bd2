from datetime import date, timedelta

import pytest

from sensorfusion.domain.counters import Number
from sensorfusion.domain.weather.climate import Cut, Days, Normal, normals, percentile, rain_of, records, summarise

TODAY = date(2026, 11, 22)


def dates(count: int, *, until: date = TODAY) -> list[date]:
    return [until - timedelta(days=back) for back in range(count - 1, -1, -1)]


def column(*values: Number, spread: float = 0) -> Cut:
    return Cut(
        values,
        [None if value is None else value - spread for value in values],
        [None if value is None else value + spread for value in values],
    )


def test_records_are_those_of_the_month_of_the_year_and_of_all_days() -> None:
    days = [date(2025, 7, 1), date(2026, 8, 2), date(2026, 11, 3), date(2026, 11, 20)]

    found = records(days, column(35, 31, 12, 5, spread=1), today=TODAY)

    assert [found[span].high.day for span in ("all", "year", "month")] == days[:3]  # type: ignore[union-attr]  # all found
    assert [found[span].low.value for span in ("all", "year", "month")] == [4, 4, 4]  # type: ignore[union-attr]
    assert not any(each.high.is_new for each in found.values() if each.high)


def test_record_broken_today_is_new() -> None:
    found = records(dates(3), column(10, 12, 13), today=TODAY)["all"]

    assert found.high is not None
    assert found.low is not None
    assert found.high.is_new
    assert not found.low.is_new


def test_first_day_breaks_no_record_and_a_tie_is_none() -> None:
    first = records([TODAY], column(10), today=TODAY)["all"].high
    tie = records(dates(2), column(10, 10), today=TODAY)["all"].high

    assert first is not None
    assert tie is not None
    assert not first.is_new
    assert tie.day == TODAY - timedelta(days=1)


def test_span_without_a_value_has_no_record() -> None:
    assert records([date(2025, 1, 1)], column(None), today=TODAY)["all"].high is None
    assert records([date(2025, 1, 1)], column(1), today=TODAY)["year"].low is None


def test_normals_pool_the_years() -> None:
    days = [date(year, 6, 1) for year in range(2016, 2026)] + [date(2024, 2, 29), date(2025, 2, 28)]

    found = normals(days, [*range(10, 20), 4.0, 6.0], per="day")

    assert [each.place for each in found] == [59, 152]
    assert [found[0].low, found[0].high] == pytest.approx([4.2, 5.8])
    assert found[1] == Normal(152, 14.5, 10.9, 18.1, 10)


def test_there_are_52_weeks() -> None:
    found = normals(dates(731), [1.0] * 731, per="week")

    assert [each.place for each in found] == list(range(1, 53))


@pytest.mark.parametrize(("share", "expected"), [(0, 1), (0.5, 2.5), (1, 4), (0.1, 1.3)])
def test_percentile_lies_between_its_neighbours(share: float, expected: float) -> None:
    assert percentile([1, 2, 3, 4], share) == pytest.approx(expected)


def test_summary_has_means_extremes_and_their_days() -> None:
    days = Days(dates(3), {"temperature": column(1, 5, None, spread=3), "humidity": column(80, 70, 60)})

    found = summarise(days)

    assert found.days == 3
    assert found.means == {"temperature": 3, "humidity": 70}
    assert (found.highs["temperature"].value, found.highs["temperature"].day) == (8, days.dates[1])
    assert (found.lows["temperature"].value, found.lows["temperature"].day) == (-2, days.dates[0])


def test_days_are_counted_by_their_extremes() -> None:
    lows, highs = [-5, -1, 0, 21, 19], [-1, 3, 24.9, 31, 25]
    temperature = Cut([(low + high) / 2 for low, high in zip(lows, highs, strict=True)], lows, highs)

    found = summarise(Days(dates(5), {"temperature": temperature, "rain": column(0, 0.2, 1, 10, 25)}))

    assert found.counted == {
        **{"frost": 2, "ice": 1, "summer": 2, "hot": 1, "tropical_night": 1},
        **{"rain_0_2": 4, "rain_1": 3, "rain_10": 2, "rain_25": 1},
    }
    assert found.sums == {"rain": 36.2}


def test_what_is_not_measured_is_not_counted() -> None:
    found = summarise(Days(dates(2), {"co2": column(600, 700)}))

    assert (found.counted, found.degree_days, found.sums, found.direction) == ({}, {}, {}, None)


def test_degree_days_add_up() -> None:
    found = summarise(Days(dates(2), {"temperature": column(8 + 1 / 3, 20 + 1 / 3, spread=4)})).degree_days

    assert [found["heating"], found["cooling"]] == pytest.approx([10, 2])
    assert found["growing"] == pytest.approx(1 + 1 / 6 + 10 + 1 / 3)


def test_dominant_direction_is_where_most_of_the_wind_came_from() -> None:
    days = Days(dates(3), {}, vectors={"wind_direction": [(-6.0, 0.0), (2.0, 0.0), None]})

    assert summarise(days).direction == pytest.approx(270)


def test_rain_of_a_counter_that_restarts_at_midnight_is_what_it_reached() -> None:
    # On the third day the first reading still showed the rain of the second.
    days = Days(dates(4), {"rain_day": Cut([5, 12, 3, 4], [0, 0, 0, 0], [5, 12, 12, 4])})

    assert rain_of(days) == [5, 12, 3, 4]


def test_which_quantity_tells_the_rain_is_chosen_for_each_day() -> None:
    days = Days(dates(4), {"rain": column(8, None, None, None), "rain_total": column(None, 100, 121, None)})

    assert rain_of(days) == [8, 0, 21, None]  # the last day has no data, which is not 0 mm
    assert summarise(days).sums["rain"] == 29


def test_rain_of_a_running_total_is_its_growth() -> None:
    assert rain_of(Days(dates(3), {"rain_total": column(100, 104, 1)})) == [0, 4, 1]
    assert rain_of(Days(dates(1), {"humidity": column(1)})) is None


def test_a_tenth_of_a_counter_is_not_lost_in_floats() -> None:
    days = Days(dates(2), {"rain_total": column(431.8, 432.0)})

    assert rain_of(days) == [0, 0.2]  # the difference is 0.19999999999998863
    assert summarise(days).counted["rain_0_2"] == 1


def test_a_sum_of_days_without_a_value_is_no_data() -> None:
    days = Days(dates(2), {"rain": column(None, None), "temperature": column(1, 2)})

    assert summarise(days).sums == {}


def test_cut_has_the_days_it_was_asked_for() -> None:
    days = Days(dates(10), {"temperature": column(*range(10))})

    found = days.between(TODAY - timedelta(days=3), TODAY - timedelta(days=1))

    assert list(found.columns["temperature"].value) == [6, 7, 8]
    assert list(days.between(date(2020, 1, 1), date(2020, 1, 2)).dates) == []
