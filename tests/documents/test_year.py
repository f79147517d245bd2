"""A year: its months against the oracle, its text in the columns of WeeWX 5.5, its page."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from sensorfusion.documents.accumulation import accumulation
from sensorfusion.documents.climate_diagram import climate_diagram, scaled
from sensorfusion.documents.figures import Figures, Hours, figures
from sensorfusion.documents.noaa import METRIC, Place, Units, units_of
from sensorfusion.documents.noaa_year import year_text
from sensorfusion.documents.periods import year_of
from sensorfusion.documents.year_figures import Part, parts
from sensorfusion.documents.year_report import year_figures_of
from sensorfusion.domain.weather.climate import Cut, Days
from sensorfusion.reports.queries import stations
from sensorfusion.web.values.display import display
from tests.conftest import Cast
from tests.documents.oracle import Site, expected, weather
from tests.storing import store

PLACE = Place("Orchard, test", 52.25, -21.01, 110)


def days(first: date, last: date, *, rain: float = 2.0) -> Days:
    """Make up days: the mean is the number of the month, lows are 10 below and highs 10 above it."""
    dates = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    means = [float(day.month) for day in dates]
    fell = [rain if day.day == 1 else 0.0 for day in dates]
    columns = {"temperature": Cut(means, [mean - 10 for mean in means], [mean + 10 for mean in means])}
    columns["rain"] = Cut(fell, fell, fell)
    return Days(dates, columns, rain=fell)


def made(whole: Days, year: int = 2026) -> tuple[list[Part], Part]:
    period = year_of(year)
    assert period
    hours = {day: Hours(24, 24) for day in period.days}
    found: Figures = figures(whole, period, main="temperature", hours=hours, at={})
    return parts(whole, found, until=date(year, 12, 31))


def text(units: Units = METRIC) -> list[str]:
    months, year = made(days(date(2026, 9, 1), date(2026, 11, 30)))
    return year_text(months, year, PLACE, units).splitlines()


def test_the_text_has_the_form_s_three_tables() -> None:
    found = text()

    assert found[0] == "                     CLIMATOLOGICAL SUMMARY for year 2026"
    assert found[7:13] == [
        "                                       TEMPERATURE (C)",
        "",
        "                              HEAT    COOL                              MAX    MAX    MIN    MIN",
        "          MEAN   MEAN         DEG     DEG                                >=     <=     <=     <=",
        " YR  MO   MAX    MIN    MEAN  DAYS    DAYS      HI  DAY     LOW  DAY     30      0      0    -20",
        "-" * 96,
    ]
    assert found[13] == "2026 01"
    assert found[21] == (
        "2026 09   19.0   -1.0    9.0  280.0    0.0    19.0   01    -1.0   01      0      0     30      0"
    )
    assert found[26] == (
        "          20.0    0.0   10.0  758.3    0.0    21.0  Nov    -1.0  Sep      0      0     61      0"
    )
    assert found[29:35] == [
        "                  PRECIPITATION (mm)",
        "",
        "                  MAX         ---DAYS OF RAIN---",
        "                  OBS.               OVER",
        " YR  MO  TOTAL    DAY  DATE   0.30   3.00  30.00",
        "-" * 48,
    ]
    assert found[43] == "2026 09    2.0    2.0    01      1      0      0"
    assert found[48] == "           6.0    2.0   Sep      3      0      0"
    assert found[51] == "           WIND SPEED (m/s)"
    assert found[64] == "2026 09    N/A    N/A    N/A    N/A"


def test_the_text_s_thresholds_are_those_of_its_units() -> None:
    found = text(units_of("us"))

    assert found[11].endswith("     90     32     32      0")
    assert found[33] == " YR  MO  TOTAL    DAY  DATE   0.01   0.10   1.00"


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "Australia/Sydney"])
def test_months_equal_the_oracle_s(cast: Cast, zone: str) -> None:
    site = Site(zone)
    cast.site.time_zone = zone
    cast.site.save()
    rows = weather(site, date(2026, 9, 20), date(2026, 11, 10), seed=5, step_s=3600)
    store(cast.sensor, rows)
    (station,) = stations([cast.sensor], now=datetime(2027, 1, 5, tzinfo=UTC))
    period = year_of(2026)
    assert period
    whole, found = year_figures_of(station, period)
    months, year = parts(whole, found, until=date(2026, 12, 31))

    told = expected(site, rows)
    for part in months[8:11]:
        there = [each for day, each in told.items() if day.month == part.period.first.month]
        assert part.days == len(there)
        assert part.is_partial is (len(there) < part.expected)
        assert part.mean == pytest.approx(sum(each.mean for each in there) / len(there), abs=0.002)
        assert part.mean_high == pytest.approx(sum(each.high for each in there) / len(there))
        assert part.mean_low == pytest.approx(sum(each.low for each in there) / len(there))
        assert part.rain == pytest.approx(sum(each.rain for each in there), abs=0.01)
        assert part.wettest
        assert part.wettest.value == pytest.approx(max(each.rain for each in there))
        assert part.wind == pytest.approx(sum(each.wind for each in there) / len(there), abs=0.002)
    assert [part.has_readings for part in months] == [False] * 8 + [True] * 3 + [False]
    assert year.high
    assert year.high.value == max(each.high for each in told.values())


def test_the_climate_diagram_stands_ten_degrees_against_twenty_millimetres() -> None:
    assert [scaled(rain) for rain in (0, 20, 100, 200, 300)] == [0, 10, 50, 55, 60]


def test_months_with_less_rain_than_twice_their_mean_are_arid() -> None:
    months, _ = made(days(date(2026, 1, 1), date(2026, 12, 31), rain=12))
    drawn = climate_diagram(months, is_southern=False)

    assert drawn
    assert drawn.sentence.startswith("6 of 12 months were arid")  # 12 mm are less than twice 7 to 12 °C
    assert drawn.arid
    assert drawn.humid
    assert [label.text for label in drawn.months] == list("JFMAMJJASOND")
    assert [frost for _, frost in drawn.frost] == ["sure"] * 9


def test_the_year_begins_in_july_in_the_south() -> None:
    months, _ = made(days(date(2026, 1, 1), date(2026, 12, 31)))
    drawn = climate_diagram(months, is_southern=True)

    assert drawn
    assert [label.text for label in drawn.months] == list("JASONDJFMAMJ")


def test_a_diagram_needs_all_months() -> None:
    months, _ = made(days(date(2026, 2, 1), date(2026, 12, 31)))

    assert climate_diagram(months, is_southern=False) is None


def test_rain_is_added_up_beside_earlier_years() -> None:
    whole = days(date(2024, 1, 1), date(2026, 11, 20))
    drawn = accumulation(whole, 2026, display("rain", "metric"))

    assert drawn
    assert [(line.year, line.total, line.is_current) for line in drawn.lines] == [
        (2024, "24.0", False),
        (2025, "24.0", False),
        (2026, "22.0", True),
    ]
    assert accumulation(days(date(2026, 1, 1), date(2026, 2, 1), rain=0), 2026, display("rain", "metric")) is None


@pytest.fixture
def orchard(cast: Cast) -> Cast:
    store(cast.sensor, weather(Site("Europe/Warsaw"), date(2025, 10, 1), date(2026, 11, 20), seed=8, step_s=21600))
    return cast


def get(cast: Cast, who: str, address: str) -> Any:
    client = Client()
    client.force_login(getattr(cast, who))
    return client.get(f"/sensors/{cast.sensor.uuid}/reports/{address}")


def test_a_year_is_read_by_members_and_by_no_one_else(orchard: Cast) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        for address in ("2026/", "2026.csv", "2026.txt"):
            assert get(orchard, "member", address).status_code == 200
            assert get(orchard, "outsider", address).status_code == 404
        html = get(orchard, "owner", "2026/").content.decode()
        assert get(orchard, "owner", "2027/").status_code == 404
        assert get(orchard, "owner", "2026.csv").content.decode().count("\r\n") == 1 + 326

    assert "through 22 Nov" in html
    assert len(re.findall(r'href="[^"]*/reports/2026/\d\d/"', html)) == 11
    assert html.count('class="earlier"') == 1
    assert "than usual" not in html  # of the year before there are only three months
