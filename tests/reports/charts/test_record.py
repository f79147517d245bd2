import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from sensorfusion.domain.weather.climate import Days
from sensorfusion.reports import queries
from sensorfusion.reports.charts.record import POINTS_MOST, Record, record
from sensorfusion.reports.charts.spans import RangeName, live
from sensorfusion.reports.queries import Station
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.test_pages import address, page
from tests.reports.weather import days
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def station_of(sensor: Sensor) -> Station:
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=NOON)
    return station


def made(sensor: Sensor, name: str = "temperature", span: RangeName = "24h") -> Record | None:
    station = station_of(sensor)
    return record(station, name, queries.all_days(station, [name]), live(station, span))


def drawn(sensor: Sensor, values: dict[date, float]) -> Record:
    """Draw days that need not be stored."""
    station, column = station_of(sensor), list(values.values())
    whole = Days(list(values), {"temperature": type("Column", (), {"value": column, "low": column, "high": column})()})
    found = record(station, "temperature", whole, live(station, "24h"))
    assert found is not None
    return found


def test_strip_has_each_day_and_honest_gaps(cast: Cast) -> None:
    days(cast.sensor, until=NOON - 12 * DAY, count=20)

    found = made(cast.sensor)

    assert found is not None
    assert found.words == "The whole record since 21 Oct 2026: daily mean; 12 days have no readings."
    assert found.path.count("M") == 1
    # The last days are part of the strip, and empty.
    assert float(re.findall(r"[ML](\d+)", found.path)[-1]) < 640


def test_missing_day_breaks_the_line(cast: Cast) -> None:
    given = {date(2026, 11, day): float(day) for day in (*range(1, 9), *range(10, 23))}

    found = drawn(cast.sensor, given)

    assert found.path.count("M") == 2
    assert len(re.findall("[ML]", found.path)) == 21
    assert found.words.endswith("daily mean; 1 day has no readings.")


def test_ten_years_are_means_of_more_days(cast: Cast) -> None:
    given = {date(2016, 11, 23) + number * DAY: float(number % 7) for number in range(3652)}

    found = drawn(cast.sensor, given)

    assert "10-day mean" in found.words
    assert len(re.findall("[ML]", found.path)) <= POINTS_MOST
    assert [part.label for part in found.parts] == ["2016", "2018", "2020", "2022", "2024", "2026"]


def test_every_day_of_the_record_is_in_one_link(cast: Cast) -> None:
    for first in (date(2026, 11, 1), date(2026, 3, 17), date(2025, 1, 31), date(2019, 6, 5)):
        found = drawn(cast.sensor, {first: 1.0, date(2026, 11, 20): 2.0})

        assert found.parts[0].first == first
        assert found.parts[-1].last == date(2026, 11, 22)
        for part, following in zip(found.parts, found.parts[1:], strict=False):
            assert part.last + DAY == following.first
        assert len(found.parts) <= 8


def test_window_is_the_span_of_the_charts(cast: Cast) -> None:
    days(cast.sensor, until=NOON, count=20)

    day, year = made(cast.sensor), made(cast.sensor, span="1y")

    assert day is not None
    assert year is not None
    left, width = (float(each.rstrip("%")) for each in day.window)
    length_s = day.end - day.start
    assert width == pytest.approx(86_400 / length_s * 100, abs=0.01)
    assert left + width == pytest.approx((NOON.timestamp() - day.start) / length_s * 100, abs=0.01)
    assert year.window[0] == "0.000%"


@pytest.mark.parametrize("name", ["wind_direction", "temperature"])
def test_new_sensor_or_a_vane_has_no_strip(cast: Cast, name: str) -> None:
    values: dict[str, Any] = {name: 20.0}
    store(cast.sensor, [(at, values) for at in every(3600, 24, until=NOON)])

    assert 'class="record"' not in page(cast.owner, address(cast.sensor))


def test_counter_has_a_strip_of_its_last_values(cast: Cast) -> None:
    store(cast.sensor, [(at, {"energy": float(n)}) for n, at in enumerate(every(86_400, 9, until=NOON))])

    html = page(cast.member, address(cast.sensor))

    assert "The whole record since 14 Nov 2026: daily last value." in html


def test_links_work_without_scripts(cast: Cast) -> None:
    days(cast.sensor, until=NOON, count=60)

    html = page(cast.member, address(cast.sensor))

    assert 'href="?day=2026-10-01&amp;through=2026-10-31" aria-label="1 Oct 2026 to 31 Oct 2026"' in html
