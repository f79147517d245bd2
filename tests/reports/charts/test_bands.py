import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from sensorfusion.reports import queries
from sensorfusion.reports.charts.bands import Bands, bands
from sensorfusion.reports.charts.cards import Card, cards, specs
from sensorfusion.reports.charts.spans import RangeName, days, live
from sensorfusion.reports.queries import Station
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.test_pages import address, get, page, words
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST = date(2024, 11, 1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def novembers(sensor: Sensor, **more: float) -> None:
    """Store three Novembers, whose temperatures are 0 to 10 °C in 2024, 10 to 20 °C in 2025, and 12 °C this year."""
    rows: list[tuple[datetime, dict[str, Any]]] = []
    for year, start in ((2024, 0.0), (2025, 10.0)):
        until = datetime(year, 11, 30, 23, tzinfo=UTC)
        rows += [(at, {"temperature": start + n % 11}) for n, at in enumerate(every(3600, 720, until=until))]
    rows += [(at, {"temperature": 12.0, **more}) for at in every(3600, 72, until=NOON - timedelta(minutes=10))]
    store(sensor, rows)


def station_of(sensor: Sensor) -> Station:
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=NOON)
    return station


def found(sensor: Sensor, span: RangeName = "24h", *, first_day: date | None = FIRST, system: str = "metric") -> Bands:
    station = station_of(sensor)
    made = bands(station, "temperature", live(station, span), system=system, first_day=first_day)
    assert made is not None
    return made


def drawn(sensor: Sensor, span: RangeName = "24h") -> Card:
    station = station_of(sensor)
    behind = {"temperature": found(sensor, span)}
    return cards(station, specs(station, "temperature")[:1], live(station, span), system="metric", bands=behind)[0]


def allow(sensor: Sensor, **band: float) -> None:
    Sensor.objects.filter(id=sensor.id).update(quantities={"temperature": band})


def test_sentence_legend_and_table_tell_what_is_usual(cast: Cast) -> None:
    novembers(cast.sensor)

    card = drawn(cast.sensor)

    assert card.sentence.endswith("; now 12.0\u00a0°C. Usual for this week: 2.0 to 18.0\u00a0°C.")
    assert card.bands is not None
    assert [key.words for key in card.bands.keys] == [
        "Usual for this week: 2.0 to 18.0\u00a0°C, 10 to 90\u00a0% of its hours in 2024–2025"
    ]
    assert card.table.heads[-1] == "Usual, °C"
    assert {row[-1] for row in card.table.rows} == {"2.0 to 18.0"}
    assert found(cast.sensor, system="us").sentence == "Usual for this week: 36 to 64\u00a0°F."


def test_the_range_is_drawn_to_scale_behind_the_line(cast: Cast) -> None:
    novembers(cast.sensor)

    card = drawn(cast.sensor, "7d")

    usual = card.drawings[-1]
    assert usual.style == "usual"
    # 12 °C all week: the axis is narrow, and the band reaches over all of it. Of two weeks each has its own.
    assert len(re.findall("M", usual.path)) == 2
    assert re.findall(r"[VH ](\d+)", usual.path)[0] == "0"


def test_weeks_of_a_month_each_have_their_range(cast: Cast) -> None:
    novembers(cast.sensor)

    month = found(cast.sensor, "30d")

    assert [key.words for key in month.keys] == [
        "Usual, week by week: 10 to 90\u00a0% of the hours of the same weeks in 2024–2025"
    ]
    assert month.sentence == "Usual for this week: 2.0 to 18.0\u00a0°C."
    assert len(month.weeks) == 4


def test_no_range_of_a_year(cast: Cast) -> None:
    novembers(cast.sensor)

    year = found(cast.sensor, "1y")

    assert (year.weeks, year.keys, year.sentence, year.can_ask) == ([], [], "", True)


def test_week_of_a_past_span_is_that_week(cast: Cast) -> None:
    novembers(cast.sensor)
    station = station_of(cast.sensor)

    past = bands(
        station,
        "temperature",
        days(station, date(2025, 11, 20), date(2025, 11, 21)),
        system="metric",
        first_day=FIRST,
    )

    assert past is not None
    assert past.sentence == "Usual for that week: 1.0 to 9.0\u00a0°C."
    assert past.covered == tuple(station.calendar.begin(date(2025, 11, day)).timestamp() for day in (19, 26))


@pytest.mark.parametrize("first_day", [None, date(2025, 11, 26)])
def test_young_sensor_without_a_band_has_nothing_to_draw(cast: Cast, first_day: date | None) -> None:
    novembers(cast.sensor)
    station = station_of(cast.sensor)

    assert bands(station, "temperature", live(station, "24h"), system="metric", first_day=first_day) is None


@pytest.mark.parametrize(
    ("band", "told"),
    [
        ({"low": 8.0, "high": 13.0}, "Allowed: 8.0 to 13.0\u00a0°C"),
        ({"high": 13.0}, "Allowed: up to 13.0\u00a0°C"),
        ({"low": 8.0}, "Allowed: from 8.0\u00a0°C"),
    ],
)
def test_allowed_band_is_drawn_and_told(cast: Cast, band: dict[str, float], told: str) -> None:
    store(cast.sensor, [(at, {"temperature": 9.0 + at.hour % 3}) for at in every(3600, 48, until=NOON)])
    allow(cast.sensor, **band)

    card = drawn(cast.sensor)

    assert card.bands is not None
    assert [key.words for key in card.bands.keys] == [told]
    styles = [each.style for each in card.drawings]
    assert styles[-2:] == ["limit", "allowed"]
    assert card.drawings[-2].path.count("M") == len(band)
    data = json.loads(card.bands.data)
    assert (data["low"], data["high"]) == (band.get("low"), band.get("high"))


def test_axis_follows_limits_that_are_near_and_keeps_the_readings_large(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 9.0 + at.hour % 3}) for at in every(3600, 48, until=NOON)])
    plain = drawn_without(cast.sensor)

    allow(cast.sensor, low=8.0, high=13.0)
    near = drawn(cast.sensor)
    allow(cast.sensor, low=-40.0, high=100.0)
    far = drawn(cast.sensor)

    assert [tick.label for tick in plain.y_ticks] == ["9.0°", "9.5°", "10.0°", "10.5°", "11.0°"]
    assert [tick.label for tick in near.y_ticks] == ["8°", "10°", "12°"]
    assert far.y_ticks == plain.y_ticks
    assert [each.style for each in far.drawings][-1] == "allowed"
    assert far.drawings[-1].path == "M0 0H1000V1000H0Z"


def drawn_without(sensor: Sensor) -> Card:
    station = station_of(sensor)
    return cards(station, specs(station, "temperature")[:1], live(station, "24h"), system="metric")[0]


@pytest.mark.parametrize("who", ["owner", "member"])
def test_page_shows_the_bands_to_members(cast: Cast, who: str) -> None:
    novembers(cast.sensor)
    allow(cast.sensor, low=5.0, high=15.0)

    html = page(getattr(cast, who), address(cast.sensor))

    assert "Usual for this week: 2.0 to 18.0 °C. </figcaption>".replace(" </", "</") in html
    assert "Allowed: 5.0 to 15.0 °C" in words(html)
    assert "css/record.css" in html


def test_what_is_usual_on_the_page_is_what_the_api_tells(cast: Cast) -> None:
    novembers(cast.sensor)
    span = {"from": (NOON - DAY).isoformat(), "to": NOON.isoformat()}
    query = "&".join(f"{key}={value.replace('+', '%2B')}" for key, value in span.items())
    path = f"/api/v1/sensors/{cast.sensor.uuid}/usual/?quantity=temperature&{query}"

    told = get(cast.member, path).json()

    made = found(cast.sensor)
    assert [(each["low"], each["high"], each["years"]) for each in told["weeks"]] == [(2.0, 18.0, [2024, 2025])]
    assert made.covered == tuple(datetime.fromisoformat(told[end]).timestamp() for end in ("from", "to"))
    assert get(cast.outsider, path).status_code == 404
    assert get(cast.owner, path.replace("temperature", "wind_direction")).status_code == 400
    assert get(cast.owner, path.replace("from=2026-11", "from=2025-11")).status_code == 400
