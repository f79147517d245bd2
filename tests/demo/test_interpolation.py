"""Interpolation between two hourly observations."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from sensorfusion.demo.interpolation import Observation, Track, turn

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Still(Random):
    """A random generator that produces no noise."""

    def uniform(self, a: float, b: float) -> float:
        return 0.0


def track(*hours: dict[str, float]) -> Track:
    return Track(Observation(START + HOUR * hour, values) for hour, values in enumerate(hours))


def at(found: Track, hours: float, *, since: float | None = None, random: Random | None = None) -> dict[str, float]:
    begin = hours if since is None else since
    return found.values(since=START + HOUR * begin, until=START + HOUR * hours, random=random or Still())


def test_plain_values_change_evenly() -> None:
    found = track({"temperature": 10.0}, {"temperature": 14.0})

    assert [at(found, hours)["temperature"] for hours in (0, 0.25, 0.5, 1)] == [10.0, 11.0, 12.0, 14.0]


def test_a_value_that_an_hour_lacks_is_passed_over() -> None:
    found = track(
        {"temperature": 10.0, "humidity": 50.0}, {"temperature": 11.0}, {"temperature": 12.0, "humidity": 60.0}
    )

    assert at(found, 1)["humidity"] == 55.0


def test_outside_what_was_observed_nothing_is_said() -> None:
    found = track({"temperature": 10.0}, {"temperature": 14.0})

    assert at(found, -0.5) == at(found, 1.5) == {}


@pytest.mark.parametrize(
    ("earlier", "later", "share", "direction"),
    [
        (350, 10, 0.5, 0),
        (10, 350, 0.25, 5),
        (350, 10, 0.75, 5),
        (90, 180, 0.5, 135),
        (360, 20, 0.5, 10),
        (200, 200, 0.3, 200),
    ],
)
def test_directions_turn_the_short_way_round(earlier: float, later: float, share: float, direction: float) -> None:
    assert turn(earlier, later, share) == pytest.approx(direction)


def test_north_is_360_and_never_0() -> None:
    found = track({"wind_direction": 350.0, "wind_speed": 3.0}, {"wind_direction": 10.0, "wind_speed": 3.0})

    assert at(found, 0.5)["wind_direction"] == 360.0


def test_the_direction_of_a_calm_is_none() -> None:
    wind = {"wind_direction": 90.0, "wind_speed": 3.0}
    found = track(wind, {"wind_direction": 0.0, "wind_speed": 0.0}, wind)

    assert at(found, 1)["wind_direction"] == 90.0


def test_a_gust_is_there_only_near_an_hour_that_had_one() -> None:
    found = track({"wind_speed": 3.0}, {"wind_speed": 3.0, "wind_gust": 9.0}, {"wind_speed": 3.0})

    assert ["wind_gust" in at(found, hours) for hours in (0.4, 0.6, 1.4, 1.6)] == [False, True, True, False]
    assert at(found, 0.6)["wind_gust"] == 9.0


def test_the_rain_of_an_hour_falls_evenly_in_it() -> None:
    found = track({"rain": 0.0}, {"rain": 3.6}, {"rain": 1.2})

    said = at(found, 0.5 + 3 / 3600, since=0.5)

    assert said == {"rain": pytest.approx(0.003), "rain_rate": 3.6}


def test_all_rain_is_told_once_however_it_is_asked_for() -> None:
    found = track({"rain": 0.0}, {"rain": 3.6}, {"rain": 0.0}, {"rain": 1.2})
    steps = [step / 70 for step in range(211)]

    told = sum(at(found, until, since=since)["rain"] for since, until in pairwise(steps))

    assert told == pytest.approx(4.8, abs=1e-3)


def test_an_hour_without_a_rain_gauge_says_nothing_of_rain() -> None:
    found = track({"temperature": 1.0}, {"temperature": 1.0})

    assert at(found, 0.5) == {"temperature": 1.0}


def test_noise_stays_within_the_instruments_resolution_and_is_seen() -> None:
    found = track(*[{"temperature": 10.0, "dew_point": 10.0, "humidity": 100.0, "wind_speed": 0.0}] * 2)
    random = Random(7)

    said = [at(found, share / 100, random=random) for share in range(101)]

    temperatures = [each["temperature"] for each in said]
    assert len(set(temperatures)) > 5
    assert all(abs(value - 10) <= 0.0501 for value in temperatures)
    assert all(each["dew_point"] <= each["temperature"] for each in said)
    assert all(each["humidity"] <= 100 and each["wind_speed"] >= 0 for each in said)
