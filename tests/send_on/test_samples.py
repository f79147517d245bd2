"""What of a reading is sent: never bad or excluded values, nothing that is derived from them, and sums of good rain."""

from datetime import timedelta
from typing import Any

import pytest

from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.derived import altimeter_setting, dew_point, sea_level_pressure
from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.send_on.targets.target import Sample
from sensorfusion.sensors.models import Site
from tests.clients import NOW
from tests.send_on.conftest import MEASURED, Networks, progress

pytestmark = pytest.mark.django_db(transaction=True)


def only(networks: Networks) -> Sample:
    """Return the only sample that was accepted."""
    [found] = [each for attempt in networks.accepted for each in attempt.planned.samples]
    return found


def sent(networks: Networks, network: str) -> Sample:
    networks.to(network)
    networks.run()
    return only(networks)


@pytest.mark.parametrize("network", TARGETS)
def test_bad_value_goes_to_no_network_nor_what_follows_from_it(networks: Networks, network: str) -> None:
    networks.send(flags={"temperature": Flag.BAD, "pressure": Flag.BAD})
    found = sent(networks, network)

    assert {"temperature", "pressure", "dew_point", "sea_level_pressure", "altimeter_setting"}.isdisjoint(found.values)
    assert found.values["humidity"] == 55
    assert progress().left_out == "pressure: flagged bad; temperature: flagged bad"


@pytest.mark.parametrize("network", TARGETS)
def test_suspect_value_goes_only_to_networks_that_check_quality(networks: Networks, network: str) -> None:
    networks.send(flags={"wind_gust": Flag.SUSPECT})
    found = sent(networks, network)

    assert ("wind_gust" in found.values) == TARGETS[network].sends_suspect
    assert progress().left_out == ("" if TARGETS[network].sends_suspect else "wind_gust: flagged suspect")


@pytest.mark.parametrize("network", TARGETS)
def test_excluded_value_goes_to_no_network_nor_what_follows_from_it(networks: Networks, network: str) -> None:
    networks.send()
    networks.to(network)
    exclude(
        by=networks.cast.owner, sensor=networks.cast.sensor, quantity="temperature", start=NOW - timedelta(hours=1),
        end=NOW + timedelta(hours=1), reason="being cleaned", now=networks.now,
    )  # fmt: skip
    networks.run()

    assert {"temperature", "dew_point", "sea_level_pressure"}.isdisjoint(only(networks).values)
    assert only(networks).values["humidity"] == 55


def test_reading_that_is_excluded_while_it_waits_is_not_sent(networks: Networks) -> None:
    networks.send()
    networks.to("sensorfusion")
    networks.is_down = True
    networks.run()
    exclude(
        by=networks.cast.owner, sensor=networks.cast.sensor, quantity="", start=NOW, end=NOW + timedelta(seconds=1),
        reason="being cleaned", now=networks.now,
    )  # fmt: skip
    networks.is_down = False
    networks.later(minutes=2)

    assert networks.accepted == []


def test_derived_values_are_those_of_our_pages(networks: Networks) -> None:
    networks.send()
    found = sent(networks, "wunderground")

    place = networks.cast.site.elevation_m
    assert found.values["dew_point"] == pytest.approx(dew_point(temperature=20.5, humidity=55), abs=0.01)
    reduced = sea_level_pressure(pressure=1000, temperature=20.5, elevation_m=place)
    assert found.values["sea_level_pressure"] == pytest.approx(reduced, abs=0.01)


def test_cwop_gets_the_altimeter_setting_of_the_stations_own_pressure(networks: Networks) -> None:
    networks.send({**MEASURED, "sea_level_pressure": 1040.0})
    found = sent(networks, "cwop")

    assert found.values["altimeter_setting"] == altimeter_setting(pressure=1000.0, elevation_m=113)


def test_station_without_an_elevation_sends_no_reduced_pressure(networks: Networks) -> None:
    Site.objects.update(elevation_m=None)
    networks.cast.sensor.refresh_from_db()
    networks.send()
    found = sent(networks, "cwop")

    assert "altimeter_setting" not in found.values
    assert found.values["temperature"] == 20.5


def test_pressure_at_sea_level_that_the_station_sends_is_sent_on(networks: Networks) -> None:
    networks.send({**MEASURED, "sea_level_pressure": 1013.5})

    assert sent(networks, "wow").values["sea_level_pressure"] == 1013.5


def test_values_that_came_in_parts_belong_together_for_some_minutes(networks: Networks) -> None:
    networks.send({"temperature": 10.0, "soil_moisture": 30.0})
    networks.now += timedelta(minutes=20)
    networks.send({"humidity": 50.0})
    networks.now += timedelta(minutes=10)
    networks.send({"temperature": 12.0})
    found = sent(networks, "wunderground")

    assert (found.values["temperature"], found.values["humidity"]) == (12.0, 50.0)
    assert "soil_moisture" not in found.values
    assert progress().left_out == "soil_moisture: older than the rest"


def test_reading_without_anything_that_the_network_takes_is_not_sent(networks: Networks) -> None:
    networks.send({"battery_voltage": 3.1})
    networks.to("wunderground")
    networks.run()

    assert networks.attempts == []
    assert progress().left_out == "Weather Underground takes none of its values"


def rained(
    networks: Networks, values: dict[int, dict[str, Any]], flags: dict[int, dict[str, int]] | None = None
) -> Sample:
    """Send readings so many minutes before now, and return what CWOP gets of the newest one."""
    now = networks.now
    for minutes in sorted(values, reverse=True):
        networks.now = now - timedelta(minutes=minutes)
        networks.send({**MEASURED, **values[minutes]}, flags=(flags or {}).get(minutes))
    networks.now = now
    return sent(networks, "cwop")


def test_rain_is_summed_over_the_hour_the_day_and_24_hours_from_amounts(networks: Networks) -> None:
    # 06:00 UTC is 07:00 in Warsaw.
    amounts = {25 * 60: 64, 23 * 60: 32, 8 * 60: 16, 6 * 60: 8, 61: 4, 60: 2, 59: 1, 0: 0.5}
    found = rained(networks, {minutes: {"rain": amount} for minutes, amount in amounts.items()})

    assert found.values["rain_1h"] == 1.5  # without the reading at its very begin
    assert found.values["rain_midnight"] == 15.5
    assert found.values["rain_24h"] == 63.5


def test_rain_is_summed_from_a_counter_that_restarts(networks: Networks) -> None:
    counts = {120: 100.0, 70: 104.0, 50: 106.0, 30: 1.0, 0: 1.5}
    found = rained(networks, {minutes: {"rain_total": count} for minutes, count in counts.items()})

    assert found.values["rain_1h"] == pytest.approx(3.5)
    assert found.values["rain_24h"] == pytest.approx(7.5)


def test_bad_rain_does_not_count(networks: Networks) -> None:
    amounts = {50: {"rain": 1.0}, 40: {"rain": 99.0}, 0: {"rain": 0.5}}
    found = rained(networks, amounts, {40: {"rain": Flag.BAD}})

    assert found.values["rain_1h"] == 1.5


def test_sums_of_the_console_are_preferred_and_it_sends_none_without_a_gauge(networks: Networks) -> None:
    own = {30: {"rain": 1.0, "rain_1h": 7.0}, 0: {"rain": 1.0, "rain_1h": 8.0}}
    assert rained(networks, own).values["rain_1h"] == 8.0


def test_station_without_a_gauge_sends_no_rain(networks: Networks) -> None:
    networks.send()

    assert {"rain_1h", "rain_24h", "rain_midnight"}.isdisjoint(sent(networks, "cwop").values)
