"""The sky behind the sign-in: its light and the position of the sun's glow."""

from datetime import UTC, datetime

import pytest

from sensorfusion.web.sky import sky_over

WARSAW = {"latitude": 52.24, "longitude": 21.01}


def _at(hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, 22, hour, minute, tzinfo=UTC)


def test_at_noon_the_sun_stands_in_the_middle() -> None:
    sky = sky_over(now=_at(10, 37), **WARSAW)

    assert (sky.light, sky.x, sky.facing) == ("day", "0.50", "S")
    assert float(sky.y) < 0.3


@pytest.mark.parametrize(("hour", "x"), [(4, "0.00"), (18, "1.00")])
def test_a_summer_sun_behind_the_looker_glows_at_the_nearer_end(hour: int, x: str) -> None:
    assert sky_over(now=_at(hour), **WARSAW).x == x


def test_in_the_south_the_east_is_on_the_left_too() -> None:
    morning = sky_over(now=_at(22, month=12), latitude=-33.9, longitude=151.2)  # nine in Sydney

    assert morning.facing == "N"
    assert float(morning.x) < 0.5


def test_at_night_there_is_no_sun() -> None:
    sky = sky_over(now=_at(23, month=12), **WARSAW)

    assert (sky.light, sky.y) == ("night", "1.00")


def test_without_a_place_it_is_the_sky_of_greenwich() -> None:
    assert sky_over(now=_at(12), latitude=None, longitude=21.0) == sky_over(now=_at(12), latitude=51.5, longitude=0.0)
