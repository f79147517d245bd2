from datetime import datetime
from zoneinfo import ZoneInfo

from sensorfusion.reports.sunarc import almanac, nights, sun_arc

WARSAW = ZoneInfo("Europe/Warsaw")
PLACE = (52.24, 21.01)


def test_sun_stands_highest_at_noon() -> None:
    morning, noon = (sun_arc(datetime(2026, 11, 22, hour, 20, tzinfo=WARSAW), *PLACE) for hour in (9, 11))

    assert noon.is_up
    assert float(noon.y) < float(morning.y) < 140
    assert abs(float(noon.x) - 210) < 3
    assert (noon.rise, noon.set) == ("07:08", "15:35")


def test_moon_takes_the_place_of_the_sun_at_night() -> None:
    night = sun_arc(datetime(2026, 11, 22, 23, 0, tzinfo=WARSAW), *PLACE)

    assert not night.is_up
    assert night.passed == ""
    assert "lit" in night.moon_words


def test_polar_day_and_night_have_no_sunrise() -> None:
    summer, winter = (sun_arc(datetime(2026, month, 21, 12, tzinfo=WARSAW), 78.2, 15.6) for month in (6, 12))

    assert (summer.rise, winter.rise) == ("", "")
    assert summer.words == "The sun is up all day."
    assert winter.words == "The sun stays under the horizon all day."


def test_almanac_compares_with_yesterday() -> None:
    found = dict(almanac(datetime(2026, 11, 22, 12, tzinfo=WARSAW), *PLACE).sun)

    assert found["Sunrise"] == "07:08"
    assert found["Change since yesterday"].startswith("−2\u00a0min")


def test_nights_are_where_the_sun_is_down() -> None:
    end = datetime(2026, 11, 22, 12, tzinfo=WARSAW)

    ((left, width),) = nights(datetime(2026, 11, 21, 12, tzinfo=WARSAW), end, *PLACE)

    assert 14 < float(left.rstrip("%")) < 16
    assert 64 < float(width.rstrip("%")) < 66
