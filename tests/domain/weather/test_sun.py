"""Sun and moon compared with almanacs: published times of rise and set, and an independent ephemeris for positions."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.weather.sun import clear_sky_radiation, is_overcast, moon, position, sky, sun_day

LONDON = (51.4769, 0.0, "Europe/London")
NEW_YORK = (40.7128, -74.0060, "America/New_York")
SYDNEY = (-33.8688, 151.2093, "Australia/Sydney")
REYKJAVIK = (64.1466, -21.9426, "Atlantic/Reykjavik")
WARSAW = (52.24, 21.01, "Europe/Warsaw")
TROMSO = (69.65, 18.96, "Europe/Oslo")
Place = tuple[float, float, str]


def assert_near(found: datetime | None, day: date, clock: str) -> None:
    assert found is not None
    hour, minute = map(int, clock.split(":"))
    wall = datetime(day.year, day.month, day.day, tzinfo=found.tzinfo) + timedelta(hours=hour, minutes=minute)
    assert abs(found - wall) <= timedelta(minutes=2), f"{found} is not {wall}"


@pytest.mark.parametrize(
    ("place", "day", "rise", "noon", "fall"),
    [
        (LONDON, date(2024, 6, 20), "4:43", "13:02", "21:21"),
        (LONDON, date(2024, 12, 21), "8:03", "11:58", "15:53"),
        (NEW_YORK, date(2024, 3, 20), "6:58", "13:03", "19:09"),
        (NEW_YORK, date(2024, 11, 22), "6:52", "11:42", "16:33"),
        (SYDNEY, date(2024, 12, 21), "5:41", "12:53", "20:06"),
        (REYKJAVIK, date(2024, 6, 21), "2:55", "13:30", "24:04"),  # sets after midnight
        (WARSAW, date(2026, 11, 22), "7:08", "11:22", "15:35"),
    ],
)
def test_rise_noon_and_set_agree_with_the_almanac(place: Place, day: date, rise: str, noon: str, fall: str) -> None:
    latitude, longitude, zone = place

    result = sun_day(day, latitude=latitude, longitude=longitude, zone=ZoneInfo(zone))

    assert_near(result.sunrise, day, rise)
    assert_near(result.noon, day, noon)
    assert_near(result.sunset, day, fall)


def test_twilights_agree_with_the_almanac() -> None:
    day = date(2026, 11, 22)

    result = sun_day(day, latitude=52.24, longitude=21.01, zone=ZoneInfo("Europe/Warsaw"))

    assert_near(result.civil_dawn, day, "6:30")
    assert_near(result.civil_dusk, day, "16:14")
    assert_near(result.nautical_dawn, day, "5:48")
    assert_near(result.nautical_dusk, day, "16:56")
    assert_near(result.astronomical_dawn, day, "5:07")
    assert_near(result.astronomical_dusk, day, "17:36")


def test_london_has_no_astronomical_night_in_june() -> None:
    result = sun_day(date(2024, 6, 20), latitude=51.4769, longitude=0, zone=UTC)

    assert result.nautical_dusk is not None
    assert result.astronomical_dusk is None


@pytest.mark.parametrize(("day", "length_s"), [(date(2024, 6, 21), 86400), (date(2024, 12, 21), 0)])
def test_polar_day_and_polar_night_have_no_sunrise(day: date, length_s: float) -> None:
    latitude, longitude, zone = TROMSO

    result = sun_day(day, latitude=latitude, longitude=longitude, zone=ZoneInfo(zone))

    assert (result.sunrise, result.sunset, result.day_length_s) == (None, None, length_s)


def test_day_length_counts_real_seconds_where_clocks_change() -> None:
    """On this day in a zone east of its solar time, the clocks change between sunrise and sunset."""
    far_east = ZoneInfo("Antarctica/Troll")  # moves by two hours at 01:00 UTC

    result = sun_day(date(2024, 3, 31), latitude=0, longitude=100, zone=far_east)
    same = sun_day(date(2024, 3, 31), latitude=0, longitude=100, zone=UTC)

    assert result.day_length_s == pytest.approx(12.1 * 3600, abs=120)
    assert result.day_length_s == pytest.approx(same.day_length_s, abs=1)


@pytest.mark.parametrize(
    ("at", "place", "altitude", "azimuth"),
    [
        (datetime(2024, 6, 20, 12, tzinfo=UTC), LONDON, 61.958, 179.168),
        (datetime(2024, 6, 20, 12, tzinfo=UTC), NEW_YORK, 26.491, 80.943),
        (datetime(2024, 6, 20, 12, tzinfo=UTC), SYDNEY, -62.444, 255.478),
        (datetime(2024, 12, 21, 9, 30, tzinfo=UTC), LONDON, 8.324, 146.026),
        (datetime(2026, 11, 22, 6, 0, tzinfo=UTC), SYDNEY, 31.670, 265.809),
    ],
)
def test_position_agrees_with_an_ephemeris(at: datetime, place: Place, altitude: float, azimuth: float) -> None:
    latitude, longitude, zone = place

    found = position(at.astimezone(ZoneInfo(zone)), latitude=latitude, longitude=longitude)

    assert found == pytest.approx((altitude, azimuth), abs=0.02)


@given(
    day=st.dates(date(1970, 1, 1), date(2100, 1, 1)),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
)
def test_every_day_everywhere_is_in_order(day: date, latitude: float, longitude: float) -> None:
    result = sun_day(day, latitude=latitude, longitude=longitude, zone=UTC)

    assert abs(result.noon - datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) <= timedelta(hours=12, minutes=1)
    assert 0 <= result.day_length_s <= 86400
    if result.sunrise and result.sunset and result.civil_dawn and result.civil_dusk:
        assert result.civil_dawn < result.sunrise < result.noon < result.sunset < result.civil_dusk


@pytest.mark.parametrize(
    ("altitude", "word"),
    [
        (60, "day"),
        (6.1, "day"),
        (6, "golden"),
        (-0.8, "golden"),
        (-0.9, "twilight"),
        (-12, "twilight"),
        (-12.1, "night"),
        (-90, "night"),
    ],
)
def test_word_of_the_sky(altitude: float, word: str) -> None:
    assert sky(altitude) == word


def test_clear_sky_radiation() -> None:
    assert clear_sky_radiation(90) == pytest.approx(1037, abs=1)
    assert clear_sky_radiation(0) == 0
    assert clear_sky_radiation(-10) == 0


def test_overcast_is_much_less_sun_than_a_clear_sky_has() -> None:
    assert is_overcast(altitude=40, solar_radiation=100)
    assert not is_overcast(altitude=40, solar_radiation=500)
    assert not is_overcast(altitude=9, solar_radiation=0)
    assert not is_overcast(altitude=40, solar_radiation=None)


@pytest.mark.parametrize(
    ("at", "fraction", "name"),
    [
        (datetime(2024, 1, 11, 11, 57, tzinfo=UTC), 0.0, "new moon"),
        (datetime(2024, 1, 11, 4, tzinfo=UTC), 0.0, "new moon"),
        (datetime(2024, 1, 18, 3, 53, tzinfo=UTC), 0.5, "first quarter"),
        (datetime(2026, 11, 24, 14, 53, tzinfo=UTC), 1.0, "full moon"),
        (datetime(2024, 1, 4, 3, 30, tzinfo=UTC), 0.5, "last quarter"),
        (datetime(2024, 1, 5, tzinfo=UTC), 0.419, "waning crescent"),
        (datetime(2024, 4, 10, tzinfo=UTC), 0.023, "waxing crescent"),
        (datetime(2026, 11, 22, tzinfo=UTC), 0.905, "waxing gibbous"),
        (datetime(2026, 11, 27, tzinfo=UTC), 0.917, "waning gibbous"),
    ],
)
def test_phase_of_the_moon(at: datetime, fraction: float, name: str) -> None:
    found = moon(at)

    assert found.fraction == pytest.approx(fraction, abs=0.01)
    assert found.name == name
