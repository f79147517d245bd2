from datetime import UTC, datetime

from sensorfusion.reports import queries
from sensorfusion.reports.channels import channels
from sensorfusion.reports.queries import Station
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIXTY = {f"channel_{number:02}": number * 1.5 for number in range(1, 61)}


def station_of(sensor: Sensor) -> Station:
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=NOON)
    return station


def test_every_quantity_of_a_logger_is_in_the_list(cast: Cast) -> None:
    store(cast.sensor, [(NOON, SIXTY)])

    found = channels(station_of(cast.sensor), "channel_01", system="metric")

    assert [each.quantity for each in found] == [name for name in sorted(SIXTY) if name != "channel_01"]
    assert found[0].address == f"/explore/?s={cast.sensor.uuid}%3Achannel_02"
    assert (found[0].label, found[0].search, found[0].number) == ("Channel 02", "Channel 02 channel_02", "3")


def test_the_list_is_in_the_owners_order_without_what_is_hidden(cast: Cast) -> None:
    store(cast.sensor, [(NOON, SIXTY)])
    settings = {"channel_40": {"place": 1}, "channel_50": {"place": 2}, "channel_03": {"hidden": True}}
    Sensor.objects.filter(id=cast.sensor.id).update(quantities=settings)

    found = [each.quantity for each in channels(station_of(cast.sensor), None, system="metric")]

    assert found[:3] == ["channel_40", "channel_50", "channel_01"]
    assert "channel_03" not in found


def test_a_few_quantities_have_tiles_alone(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 8, "humidity": 70})])

    assert channels(station_of(cast.sensor), "temperature", system="metric") == []


def test_a_text_is_listed_and_leads_nowhere(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {**SIXTY, "mode": "heat"})])

    (mode,) = [each for each in channels(station_of(cast.sensor), None, system="metric") if each.quantity == "mode"]

    assert (mode.number, mode.address) == ("heat", "")


def test_a_second_channel_comes_before_a_tenth(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {f"strain_{number}": 1.0 for number in range(1, 31)})])

    found = [each.quantity for each in channels(station_of(cast.sensor), "strain_1", system="metric")]

    assert (found[0], found[-1]) == ("strain_2", "strain_30")
