"""Comparison with the worked examples of FAO Irrigation and Drainage Paper 56."""

from datetime import UTC, datetime

import pytest

from sensorfusion.domain.weather.evaporation import clearness, daily, extraterrestrial, hourly, wind_at_2_m

SENEGAL = {"latitude": 16 + 13 / 60, "longitude": -(16 + 15 / 60), "elevation_m": 8.0}


def test_day_in_brussels_is_example_18() -> None:
    wind = wind_at_2_m(wind_speed=10 / 3.6, height_m=10)

    found = daily(
        day_of_year=187,
        low=12.3,
        high=21.5,
        humidity=(63, 84),
        wind_speed=wind,
        solar_energy=22.07,
        latitude=50.8,
        elevation_m=100,
    )

    assert wind == pytest.approx(2.078, abs=0.002)
    assert found == pytest.approx(3.88, abs=0.02)


@pytest.mark.parametrize(
    ("hour", "weather", "expected"),
    [
        (2, {"temperature": 28.0, "humidity": 90.0, "wind_speed": 1.9, "solar_radiation": 0.0, "clearness": 0.8}, 0.0),
        (14, {"temperature": 38.0, "humidity": 52.0, "wind_speed": 3.3, "solar_radiation": 2.450 / 0.0036}, 0.63),
    ],
)
def test_hours_in_senegal_are_example_19(hour: int, weather: dict[str, float], expected: float) -> None:
    at = datetime(2026, 10, 1, hour + 1, 30, tzinfo=UTC)  # local time there is an hour behind UTC in the example
    clear = weather.pop("clearness", None) or clearness(at=at, solar_radiation=weather["solar_radiation"], **SENEGAL)

    assert hourly(at=at, clearness=clear, **weather, **SENEGAL) == pytest.approx(expected, abs=0.006)


def test_share_of_the_clear_sky_is_that_of_example_19() -> None:
    at = datetime(2026, 10, 1, 15, 30, tzinfo=UTC)

    # The paper uses a declination of -4.3 degrees for this day; it is -3.2, so the sun is a little higher.
    assert clearness(at=at, solar_radiation=2.450 / 0.0036, **SENEGAL) == pytest.approx(0.922, abs=0.015)


def test_low_sun_tells_nothing_of_the_sky() -> None:
    assert clearness(at=datetime(2026, 10, 1, 3, tzinfo=UTC), solar_radiation=0, **SENEGAL) is None


@pytest.mark.parametrize(("day", "latitude", "expected"), [(246, -20, 32.2), (15, 70, 0.0), (187, 50.8, 41.09)])
def test_energy_outside_the_air_is_that_of_example_8(day: int, latitude: float, expected: float) -> None:
    assert extraterrestrial(day_of_year=day, latitude=latitude) == pytest.approx(expected, abs=0.06)
