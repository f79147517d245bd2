"""Synthetic weather."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

from sensorfusion.demo.synthetic_weather import FORMATS, Sample, Station, days, in_order
from sensorfusion.domain.normalise import check_values

JULY = datetime(2026, 7, 1, tzinfo=UTC)


@cache
def year(seed: int = 1, number: int = 0, every_s: int = 900) -> list[Sample]:
    return make_year(seed, number, every_s)


def make_year(seed: int, number: int, every_s: int) -> list[Sample]:
    station = Station(seed=seed, number=number, every_s=every_s, quantities=len(FORMATS))
    return [sample for day in range(365) for sample in station.day(JULY + timedelta(days=day))]


def test_same_seed_is_the_same_weather_and_another_is_another() -> None:
    assert year() == make_year(seed=1, number=0, every_s=900)
    assert year() != year(seed=2)
    assert year() != year(number=1)


def test_every_value_is_one_that_a_door_would_take() -> None:
    for sample in year()[::97]:
        values, flags, refusals = check_values(json.loads(sample.values))
        assert (len(values), flags, refusals) == (len(FORMATS), None, None)


def test_summer_is_warmer_than_winter_and_the_afternoon_than_the_night() -> None:
    values = {sample.observed_s: json.loads(sample.values)["temperature"] for sample in year()}

    def mean(month: int, hour: int) -> float:
        found = [
            value
            for second, value in values.items()
            if (at := datetime.fromtimestamp(second, UTC)).month == month and at.hour == hour
        ]
        return float(sum(found)) / len(found)

    assert mean(7, 15) > mean(7, 4) + 2
    assert mean(7, 15) > mean(1, 15) + 8


def test_rain_counter_grows_and_sometimes_begins_again() -> None:
    counted = [json.loads(sample.values)["rain_total"] for sample in sorted(year())]
    steps = [after - before for before, after in pairwise(counted)]

    assert any(step > 0 for step in steps)
    assert {after for before, after in pairwise(counted) if after < before} == {0.0}


def test_some_readings_are_missing_and_some_come_late() -> None:
    samples = year()
    late = [sample for sample in samples if sample.received_s - sample.observed_s > 300]

    assert 0.95 < len(samples) / (365 * 96) < 1
    assert late
    assert [sample.received_s for sample in samples] == sorted(sample.received_s for sample in samples)


def test_stations_of_a_day_are_mixed_by_the_time_of_receipt() -> None:
    one, other = [Sample(10, 11, "a"), Sample(30, 31, "b")], [Sample(5, 25, "c"), Sample(20, 25, "d")]

    assert list(in_order([one, other])) == [(0, one[0]), (1, other[0]), (1, other[1]), (0, one[1])]


def test_days_are_those_of_utc_that_a_span_touches() -> None:
    assert list(days(JULY + timedelta(hours=5), JULY + timedelta(days=1, hours=1))) == [JULY, JULY + timedelta(days=1)]
