"""The columns are those of the files of WeeWX 5.5, measured on files that it made from an archive of our own."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sensorfusion.documents.figures import Day, Ends, Figures, Hours, figures
from sensorfusion.documents.noaa import METRIC, UK, US, Place, month_text, units_of
from sensorfusion.documents.periods import month_of
from sensorfusion.domain.weather.climate import Cut, Days

WARSAW = ZoneInfo("Europe/Warsaw")
PLACE = Place("Orchard, test", 52.25, -21.01, 110)
HEAD = """\
                   MONTHLY CLIMATOLOGICAL SUMMARY for Oct 2026


NAME: Orchard, test__________________
ELEV: 110 meters    LAT: 52-15.00 N    LONG: 021-00.60 W


                   TEMPERATURE (C), RAIN (mm), WIND SPEED (m/s)

                                         HEAT   COOL         AVG
      MEAN                               DEG    DEG          WIND                   DOM
DAY   TEMP   HIGH   TIME    LOW   TIME   DAYS   DAYS   RAIN  SPEED   HIGH   TIME    DIR
---------------------------------------------------------------------------------------
"""


def october(*, has_wind: bool = True) -> Figures:
    """Two days of October 2026, the second without rain, and nothing after them."""
    period = month_of(2026, 10)
    assert period
    first, second = period.first, period.first + timedelta(days=1)
    columns = {"temperature": Cut([8.74, -0.04], [1.6, -2.3], [14.7, 15.1]), "rain": Cut([4.8, None], [0, 0], [2, 2])}
    vectors = {}
    if has_wind:
        columns |= {"wind_speed": Cut([4.06, 4.2], [0, 0], [7, 8]), "wind_gust": Cut([9, 9], [0, 0], [12.6, 15.2])}
        columns["wind_direction"] = Cut([252, 0], [252, 0], [252, 0])
        vectors = {"wind_direction": [(-0.951, -0.309), (-0.001, 0.999)]}
    at = {
        Ends("temperature", first, True): datetime(2026, 10, 1, 13, 0, tzinfo=WARSAW),
        Ends("temperature", first, False): datetime(2026, 10, 1, 3, 30, tzinfo=WARSAW),
    }
    if has_wind:
        at[Ends("wind_gust", first, True)] = datetime(2026, 10, 1, 13, 30, tzinfo=WARSAW)
    whole = Days([first, second], columns, vectors=vectors)
    return figures(whole, period, main="temperature", hours={first: Hours(24, 24)}, at=at)


def lines(found: Figures, units_name: str = "metric") -> list[str]:
    return month_text(found, PLACE, units_of(units_name)).splitlines()


def test_the_head_is_as_the_form_has_it() -> None:
    assert month_text(october(), PLACE, METRIC).startswith(HEAD.replace("_", " "))


def test_a_day_stands_in_the_form_s_columns() -> None:
    assert lines(october())[13] == (
        " 01    8.7   14.7  13:00    1.6  03:30    9.6    0.0    4.8    4.1   12.6  13:30    252"
    )


def test_what_is_not_known_is_not_zero() -> None:
    assert lines(october())[14] == (
        " 02    0.0   15.1    N/A   -2.3    N/A   18.4    0.0    N/A    4.2   15.2    N/A      0"
    )
    assert lines(october(has_wind=False))[13].endswith("   4.8    N/A    N/A    N/A    N/A")


def test_a_day_without_readings_has_only_its_number() -> None:
    assert lines(october())[15:17] == [" 03", " 04"]
    assert len(lines(october())) == 13 + 31 + 2


def test_the_last_line_has_the_days_of_the_extremes() -> None:
    assert lines(october())[-1] == (
        "       4.4   15.1     02   -2.3     02   28.0    0.0    4.8    4.1   15.2     02    306"
    )


def test_units_are_the_reader_s() -> None:
    us = lines(october(), "us")

    assert us[4] == "ELEV: 361 feet    LAT: 52-15.00 N    LONG: 021-00.60 W"
    assert us[7] == "                   TEMPERATURE (F), RAIN (in), WIND SPEED (mph)"
    assert us[13] == " 01   47.7   58.5  13:00   34.9  03:30   17.3    0.0   0.19    9.1   28.2  13:30    252"
    assert units_of("uk") is UK
    assert units_of("scientific") is METRIC
    assert US.wet == (0.01, 0.1, 1.0)


def test_a_station_without_a_place_says_so() -> None:
    text = month_text(october(), Place("Shed", None, None, None), METRIC)

    assert "ELEV: N/A    LAT: N/A    LONG: N/A" in text


def test_angles_round_up_to_whole_degrees() -> None:
    text = month_text(october(), Place("Shed", -33.999999, 179.99999, 4), METRIC)

    assert "LAT: 34-00.00 S    LONG: 180-00.00 E" in text


def test_every_line_of_days_is_as_wide_as_the_rule() -> None:
    found = lines(october())

    assert {len(line) for line in (found[12], found[13], found[14], found[-1])} == {87}
    assert Day(date(2026, 10, 1), Hours(0, 0)).has_readings is False
