from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from sensorfusion.reports import queries
from sensorfusion.reports.charts.cards import Card, amount_words, bounds_words, cards, specs
from sensorfusion.reports.charts.resolution import resolution_words
from sensorfusion.reports.charts.spans import IN_WORDS, RangeName, live, translated
from sensorfusion.reports.queries import Station
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.values.display import display
from tests.conftest import Cast
from tests.reports.weather import SKY, observe
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
LAST = NOON - timedelta(minutes=10)


def station_of(sensor: Sensor) -> Station:
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=NOON)
    return station


def drawn(
    sensor: Sensor, hero: str = "temperature", span: RangeName = "24h", system: str = "metric"
) -> dict[str, Card]:
    station = station_of(sensor)
    return {card.spec.id: card for card in cards(station, specs(station, hero), live(station, span), system=system)}


def test_sensor_has_cards_only_for_what_it_measures(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values={"temperature": 1.0, "humidity": 60, "power": 12.0})

    assert list(drawn(cast.sensor)) == ["chart-temperature", "chart-humidity", "chart-power"]


def test_yesterday_is_drawn_behind_today_up_to_a_day(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, hours=60)

    assert [each.label for each in drawn(cast.sensor)["chart-temperature"].drawings] == [
        "Temperature",
        "Dew point",
        "Yesterday",
    ]
    assert "Yesterday" not in [each.label for each in drawn(cast.sensor, span="7d")["chart-temperature"].drawings]


def test_sentence_names_extremes_and_now(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, hours=60)

    assert (
        drawn(cast.sensor)["chart-temperature"].sentence
        == "Between 0.0 and 23.0\u00a0°C in the last 24 hours; now 12.0\u00a0°C."
    )
    assert drawn(cast.sensor, system="us")["chart-temperature"].sentence.startswith("Between 32 and 73\u00a0°F")


def test_silence_splits_the_line_and_the_end_is_marked(cast: Cast) -> None:
    before, after = every(60, 300, until=NOON - timedelta(hours=8)), every(60, 60, until=NOON - timedelta(hours=3))
    store(cast.sensor, [(at, {"temperature": 5.0}) for at in before + after])

    card = drawn(cast.sensor)["chart-temperature"]

    assert card.drawings[0].path.count("M") == 2
    assert card.silence == ("87.50%", "12.50%")
    assert card.sentence == "Always 5.0\u00a0°C in the last 24 hours."


def test_quantity_that_some_readings_lack_has_no_gap(cast: Cast) -> None:
    instants = every(3600, 24, until=LAST)
    store(
        cast.sensor,
        [(at, {"temperature": 5.0, **({"humidity": 60} if n % 2 else {})}) for n, at in enumerate(instants)],
    )

    assert drawn(cast.sensor)["chart-humidity"].drawings[0].path.count("M") == 1


def test_range_without_readings_says_so(cast: Cast) -> None:
    observe(cast.sensor, until=NOON - timedelta(days=3))

    card = drawn(cast.sensor)["chart-temperature"]

    assert (card.sentence, card.y_ticks, card.table.rows) == ("No readings in the last 24 hours.", [], [])


def test_rain_is_added_up_in_bars(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0, "rain": 0.1}) for at in every(600, 144, until=LAST)])

    card = drawn(cast.sensor)["chart-rain"]

    assert card.drawings[0].path.count("Z") in (24, 25)
    assert card.sentence == "14.4\u00a0mm in the last 24 hours."
    assert card.table.rows[1][1] == "0.6"


def test_bars_of_a_counter_that_was_silent_over_its_restart_hold_all_that_fell(cast: Cast) -> None:
    evening, morning = NOON - timedelta(hours=18), NOON - timedelta(hours=4)
    store(
        cast.sensor,
        [(evening, {"rain_day": 0.0}), (evening + timedelta(hours=1), {"rain_day": 2.0}), (morning, {"rain_day": 4.0})],
    )

    card = drawn(cast.sensor)["chart-rain"]

    assert card.sentence == "6.0\u00a0mm in the last 24 hours."


def test_wind_has_arrows_that_fly_with_it(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values=SKY)

    card = drawn(cast.sensor)["chart-wind"]

    assert {angle for _, angle in card.arrows} == {"427"}
    assert len(card.arrows) <= 24


def test_a_calm_has_no_arrow(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values={"wind_speed": 0.2, "wind_direction": 0.0})

    assert drawn(cast.sensor)["chart-wind"].arrows == []


def test_table_has_the_newest_first_and_is_short(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": float(at.minute)}) for at in every(60, 1440, until=LAST)])

    table = drawn(cast.sensor)["chart-temperature"].table

    assert table.heads == ["Time", "Temperature, °C"]
    assert len(table.rows) <= 100
    assert table.rows[0][0].startswith("13:0")


def test_nights_are_shaded_where_there_is_a_place(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)
    observe(cast.other_sensor, until=LAST)

    assert len(drawn(cast.sensor)["chart-temperature"].nights) == 1
    assert drawn(cast.other_sensor)["chart-temperature"].nights == []


@pytest.mark.parametrize(("span", "step_s", "first", "last"), [("1y", 21600, 100, 4), ("30d", 1800, 200, 2)])
def test_one_empty_bucket_is_a_gap_in_the_year_and_in_the_month(
    cast: Cast, span: RangeName, step_s: int, first: int, last: int
) -> None:
    width = 86400 if span == "1y" else 3600
    begin = (NOON - timedelta(seconds=first * width)).timestamp() // width * width
    rows = every(step_s, int(290 * 86400 / step_s) if span == "1y" else 1400, until=LAST)
    kept = [at for at in rows if not begin <= at.timestamp() < begin + width]
    store(cast.sensor, [(at, {"temperature": 5.0 + at.hour + at.minute / 60}) for at in kept])

    card = drawn(cast.sensor, span=span)["chart-temperature"]

    assert [each.path.count("M") for each in card.drawings] == [2, 2]
    assert [each.style for each in card.drawings] == ["line", "band"]


def test_subtitle_names_the_unit_and_what_is_drawn(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, hours=24 * 40, step_s=900)

    assert drawn(cast.sensor, span="6h")["chart-temperature"].subtitle == "°C · every reading"
    monthly = drawn(cast.sensor, span="30d")
    assert monthly["chart-temperature"].subtitle == "°C · hourly mean, band = lowest to highest"
    assert monthly["chart-rain"].subtitle == "mm per day"
    assert drawn(cast.sensor, system="us")["chart-rain"].subtitle == "in per hour"


def test_the_end_of_a_total_is_the_amount_of_its_sentence(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0, "rain": 0.1}) for at in every(600, 144, until=LAST)])

    bars, total = drawn(cast.sensor)["chart-rain"].drawings

    assert (bars.style, total.style, total.end_words) == ("bars", "total", "14.4\u00a0mm")


def test_directions_alone_are_dots_and_have_no_extremes(cast: Cast) -> None:
    store(cast.sensor, [(at, {"wind_direction": float(at.minute * 6)}) for at in every(600, 60, until=LAST)])

    card = drawn(cast.sensor, hero="wind_direction")["chart-wind-direction"]

    assert card.drawings[0].style == "dots"
    assert card.sentence == "Directions in the last 24 hours; now N 0°."


def test_sentences_in_german_take_the_case_after_in() -> None:
    degrees, rain = display("temperature", "metric"), display("rain", "metric")

    with translation.override("de"):
        day, hour = translated(IN_WORDS["24h"]), translated(IN_WORDS["1h"])

        assert bounds_words((-8.4, 12.3), day, degrees, now=3.25) == (
            "Zwischen −8,4 und 12,3\u00a0°C in den letzten 24 Stunden; jetzt 3,3\u00a0°C."
        )
        assert bounds_words(None, hour, degrees, now=None) == "Keine Messungen in der letzten Stunde."
        assert amount_words([0.0], hour, rain) == "Kein Regen in der letzten Stunde."
        assert resolution_words("1h", 1, "mean") == "Mittel je Stunde, Band = niedrigster bis höchster Wert"
        assert resolution_words("1d", 3, "sum") == "Summe je 3 Tage"
