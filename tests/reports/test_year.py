import re
from datetime import UTC, date, datetime, timedelta

import time_machine
from django.test import Client

from sensorfusion.reports import queries
from sensorfusion.reports.charts.spans import live
from sensorfusion.reports.comparison import compared, comparison, same_time
from sensorfusion.reports.queries import Station
from sensorfusion.reports.report import report
from sensorfusion.reports.year import Year, wanted, year
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import days
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def station_of(sensor: Sensor) -> Station:
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=NOON)
    return station


def made(sensor: Sensor) -> Year | None:
    station = station_of(sensor)
    names = wanted(station, "temperature")
    return year(station, queries.all_days(station, names), names, system="metric")


def test_calendar_has_a_cell_for_every_day_of_a_year(cast: Cast) -> None:
    days(cast.sensor, until=NOON, count=40)

    found = made(cast.sensor)

    assert found is not None
    titles = re.findall(r"<title>(.*?)</title>", found.days)
    assert len(titles) == found.days.count("<rect ") == 365
    assert titles[-1].startswith("22 Nov 2026: ")
    assert titles[0] == "23 Nov 2025: no readings"
    coloured = re.findall(r'<a href="\?day=([\d-]+)" tabindex="-1"><rect [^>]*class="t(\d)">', found.days)
    assert len(coloured) in (40, 41)
    assert coloured[-1][0] == "2026-11-22"
    assert {colour for _, colour in coloured} <= set("012345678")


def test_records_name_value_and_day(cast: Cast) -> None:
    rows = [(at, {"temperature": 5.0, "wind_gust": 8.0, "rain": 0.0}) for at in every(21600, 160, until=NOON)]
    hot = datetime(2026, 11, 3, 12, tzinfo=UTC)
    store(cast.sensor, [*rows, (hot + timedelta(minutes=1), {"temperature": 31.5, "wind_gust": 22.7, "rain": 12.0})])

    found = made(cast.sensor)

    assert found is not None
    assert found.records.heads == ["November", "2026", "Ever"]
    assert [(row.label, [(each.text, each.when) for each in row.records if each]) for row in found.records.rows] == [
        ("Warmest", [("31.5\u00a0°C", "3 Nov")] * 3),
        ("Coldest", [("5.0\u00a0°C", "1 Nov"), ("5.0\u00a0°C", "13 Oct"), ("5.0\u00a0°C", "13 Oct")]),
        ("Windiest", [("22.7\u00a0m/s", "3 Nov")] * 3),
        ("Wettest day", [("12.0\u00a0mm", "3 Nov")] * 3),
    ]


def test_records_of_earlier_years_stand(cast: Cast) -> None:
    hot = datetime(2024, 7, 3, 12, tzinfo=UTC)
    rows = [(at, {"temperature": 5.0}) for at in every(21600, 160, until=NOON)]
    store(cast.sensor, [(hot, {"temperature": 35.0}), *rows])

    found = made(cast.sensor)

    assert found is not None
    assert found.records.heads == ["November", "2026", "Since 2024"]
    assert [each and each.when for each in found.records.rows[0].records] == ["1 Nov", "13 Oct", "3 Jul 2024"]


def test_wettest_day_is_one_that_a_counter_told_before_amounts_were_sent(cast: Cast) -> None:
    counted = [
        (at, {"temperature": 5.0, "rain_total": 100.0 if place < 80 else 120.0})
        for place, at in enumerate(every(21600, 120, until=NOON - timedelta(days=10)))
    ]
    sent = [(at, {"temperature": 5.0, "rain": 0.5}) for at in every(21600, 39, until=NOON)]
    store(cast.sensor, [*counted, *sent])

    found = made(cast.sensor)

    assert found is not None
    (wettest,) = [row for row in found.records.rows if row.label == "Wettest day"]
    assert wettest.records[-1] is not None
    assert wettest.records[-1].text.startswith("20.0")


def test_record_of_today_is_marked(cast: Cast) -> None:
    rows = [(at, {"temperature": 5.0}) for at in every(21600, 160, until=NOON - timedelta(hours=1))]
    store(cast.sensor, [*rows, (NOON, {"temperature": 31.5})])

    found = made(cast.sensor)

    assert found is not None
    warmest, coldest = found.records.rows[:2]
    assert all(each and each.is_new for each in warmest.records)
    assert not any(each and each.is_new for each in coldest.records)


def test_new_sensor_has_no_calendar(cast: Cast) -> None:
    days(cast.sensor, until=NOON, count=10)

    assert made(cast.sensor) is None


def test_now_is_compared_with_yesterday_and_the_month(cast: Cast) -> None:
    days(cast.sensor, until=NOON, count=40)
    station = station_of(cast.sensor)
    names = compared(station, "temperature")

    found = comparison(
        station,
        names,
        yesterday=same_time(station, queries.day_before(station, names)),
        month=queries.month(station, names),
        system="metric",
    )

    assert found is not None
    assert (found.when, found.month) == ("Now", "November so far")
    assert [row.label for row in found.rows] == [
        "Temperature",
        "Dew point",
        "Humidity",
        "Sea-level pressure",
        "Wind speed",
        "Solar radiation",
    ]
    assert found.rows[0].yesterday.text == "12.0\u00a0°C"
    assert found.rows[0].month is not None
    assert found.rows[0].month.difference.startswith("+")
    assert abs(float(found.rows[0].month.value) - float(found.rows[0].month.text.split()[0])) < 0.05


def test_now_is_compared_with_the_same_date_last_year(cast: Cast) -> None:
    then = NOON.replace(year=NOON.year - 1)
    rows = [(then + timedelta(hours=each), {"temperature": 8.0 + each}) for each in (0, 1, 2)]
    before, now = (then - timedelta(days=1), {"temperature": 30.0}), (NOON, {"temperature": 12.0, "humidity": 50.0})
    store(cast.sensor, [before, *rows, now])

    found = report(station_of(cast.sensor), live(station_of(cast.sensor), "24h"), system="metric").comparison

    assert found is not None
    assert found.year_before == f"{then.day} {then:%b %Y}"
    against = {row.quantity: row.year_before for row in found.rows}
    assert against["temperature"] is not None
    assert (against["temperature"].text, against["temperature"].difference) == ("9.0\u00a0°C", "+3.0")
    assert against["humidity"] is not None
    assert against["humidity"].text == "–"


def test_a_sensor_younger_than_a_year_is_not_compared_with_last_year(cast: Cast) -> None:
    days(cast.sensor, until=NOON, count=40)

    found = report(station_of(cast.sensor), live(station_of(cast.sensor), "24h"), system="metric").comparison

    assert found is not None
    assert found.year_before == ""
    assert all(row.year_before is None for row in found.rows)


def test_the_day_a_year_before_a_leap_day_is_28_february() -> None:
    assert queries.day_last_year(date(2028, 2, 29)) == date(2027, 2, 28)
    assert queries.day_last_year(date(2029, 2, 28)) == date(2028, 2, 28)


def test_values_of_a_sensor_that_stopped_are_not_of_now(cast: Cast) -> None:
    days(cast.sensor, until=NOON - timedelta(days=2), count=30)
    station = station_of(cast.sensor)
    names = ["temperature"]

    found = comparison(
        station,
        names,
        yesterday=same_time(station, queries.day_before(station, names)),
        month=None,
        system="metric",
    )

    assert found is not None
    assert found.when == "20 Nov, 13:00"
    assert found.rows[0].yesterday.text == "12.0\u00a0°C"


def test_an_old_value_is_not_compared_as_if_it_were_of_now(cast: Cast) -> None:
    store(cast.sensor, [(NOON - timedelta(hours=9), {"humidity": 50}), (NOON, {"temperature": 5.0})])

    found = comparison(
        station_of(cast.sensor),
        ["temperature", "humidity"],
        yesterday={"temperature": 4.0, "humidity": 60.0},
        month=None,
        system="metric",
    )

    assert found is not None
    assert [(row.now, row.yesterday.text) for row in found.rows] == [("5.0\u00a0°C", "4.0\u00a0°C"), ("–", "–")]


def test_nothing_to_compare_with_is_no_table(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 5.0})])
    station = station_of(cast.sensor)

    assert comparison(station, ["temperature"], yesterday={}, month=None, system="metric") is None


def test_days_months_and_records_lead_to_their_day(cast: Cast) -> None:
    days(cast.sensor, until=NOON, count=40)
    client = Client()
    client.force_login(cast.owner)

    with time_machine.travel(NOON, tick=False):
        html = client.get(f"/sensors/{cast.sensor.uuid}/?day=2026-11-03").content.decode()

    assert 'href="?day=2026-11-20"' in html
    assert 'href="?day=2026-11-01&amp;through=2026-11-30"' in html
    assert "3 Nov 2026, 00:00 – 4 Nov 2026, 00:00" in html
    assert "in this span." in html
