"""Sensors beside the main one, and consoles of other makers: each value is a quantity with its unit, for ever."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.consoles.networks import FIELDS, Family
from sensorfusion.domain.consoles.readers import rain_fields
from sensorfusion.domain.normalise import check_values
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.ingest.doors.consoles.reading import Settings, readings_of
from sensorfusion.ingest.steps.batch import Field, Source
from sensorfusion.ingest.steps.naming import decide, deciding, named
from sensorfusion.sensors.consoles.services import set_reading
from tests.conftest import Cast
from tests.ingest.conftest import elsewhere, stored
from tests.ingest.doors.conftest import Site, values_of

AIR = {"pm25_ch1": "5", "pm25_co2": "4.2", "pm10_co2": "4.9", "co2": "612", "co2in": "700", "tf_co2": "71.42"}


def fields(given: dict[str, str], family: Family = "common") -> list[Field]:
    (sent,) = readings_of(given, (), family=family, settings=Settings())
    return list(sent.fields)


def values(given: dict[str, str], family: Family = "common") -> dict[str, object]:
    (sent,) = readings_of(given, (), family=family, settings=Settings())
    return dict(check_values(values_of(sent))[0])


def test_laser_distance_is_in_metres() -> None:
    assert values({"air_ch1": "2284", "depth_ch1": "216", "thi_ch1": "2500", "ldsbatt1": "3.18", "air_ch2": "900"}) == {
        "distance": 2.284,
        "level": 0.216,
        "distance:total_1": 2.5,
        "battery_voltage.lds1": 3.18,
        "distance_2": 0.9,
    }


def test_the_air_quality_unit_has_a_thermometer_of_its_own() -> None:
    assert values({"tempf": "50", "tf_co2": "71.42", "humi_co2": "48", "co2": "612", "co2_24h": "540"}) == {
        "temperature": 10,
        "temperature:co2": pytest.approx(21.9),
        "humidity:co2": 48,
        "co2": 612,
        "co2:24h": 540,
    }


def test_the_time_of_lightning_is_a_time() -> None:
    assert values({"lightning": "31", "lightning_num": "1", "lightning_time": "1795327200"}) == {
        "lightning_distance": 31,
        "lightning_count_day": 1,
        "lightning_time": "2026-11-22T06:00:00Z",
    }
    assert values({"lightning_time": "1795327200000"}, "ambient") == {"lightning_time": "2026-11-22T06:00:00Z"}
    assert values({"lightning_time": "0", "lightning": ""}) == {}


def test_the_deficit_of_vapour_pressure_comes_in_inches_of_mercury() -> None:
    assert values({"vpd": "0.294"}) == {"vapour_pressure_deficit": pytest.approx(0.996, abs=1e-3)}


def test_leaks_are_yes_or_no() -> None:
    assert values({"leak_ch1": "0", "leak_ch2": "1"}) == {"leak_1": False, "leak_2": True}


def test_ambients_indoor_air_and_lightning() -> None:
    sent = {
        "pm25": "3", "pm25_in": "4", "pm25_in_aqin": "5", "pm_in_temp_aqin": "77", "pm_in_humidity_aqin": "41",
        "co2_in_aqin": "1071", "lightning_day": "2", "lightning_distance": "10", "aqi_pm25_aqin": "75",
        "batt_lightning": "0", "battin": "0",
    }  # fmt: skip

    assert values(sent, "ambient") == {
        "pm2_5": 3,
        "pm2_5:in": 4,
        "pm2_5:aqin": 5,
        "temperature:aqin": 25,
        "humidity:aqin": 41,
        "co2": 1071,
        "lightning_count_day": 2,
        "lightning_distance": 10,
        "battery_low.lightning": False,
        "battery_low.in": True,
        "aqi:pm25_aqin": 75,
    }


def test_observerips_names_are_in_the_units_of_its_display() -> None:
    sent = {"outtemp": "50", "relpress": "29.92", "avgwind": "10", "uv": "1500", "uvi": "3", "rainofdaily": "0.1"}

    assert values(sent, "observer") == {
        "temperature": 10,
        "sea_level_pressure": pytest.approx(1013.2, abs=0.1),
        "wind_speed": pytest.approx(4.4704),
        "console.uv": 1500,
        "uv_index": 3,
        "rain_day": pytest.approx(2.54),
    }


class TestWsLink:
    def test_its_numbers_are_metric(self) -> None:
        sent = {"t1tem": "18.6", "t1ws": "3.4", "rbar": "1013.2", "t1raindy": "5.6", "t1bat": "0", "t8bat": "3"}

        assert values(sent, "wslink") == {
            "temperature": 18.6,
            "wind_speed": 3.4,
            "sea_level_pressure": 1013.2,
            "rain_day": 5.6,
            "battery_low.t1": True,
            "battery.t8": 60,
        }

    def test_a_channel_is_what_its_kind_says(self) -> None:
        sent = {"t234c1tem": "4", "t234c1tp": "2", "t234c3tem": "9", "t234c3hum": "30", "t234c3tp": "4"}
        found = values(sent, "wslink")

        assert (found["temperature_1"], found["soil_temperature:ch3"], found["soil_moisture:ch3"]) == (4, 9, 30)

    @pytest.mark.parametrize(
        ("name", "connection"),
        [
            ("t1tem", "t1cn"),
            ("t234c2hum", "t234c2cn"),
            ("t6c1wls", "t6c1cn"),
            ("t5lskm", "t5lscn"),
            ("t10co2", "t10cn"),
        ],
    )
    def test_what_is_not_connected_is_left_out(self, name: str, connection: str) -> None:
        assert values({name: "1", connection: "0", "intem": "20"}, "wslink")["indoor_temperature"] == 20
        assert {field.source for field in fields({name: "1", connection: "0"}, "wslink")} == {connection}
        assert name in {field.source for field in fields({name: "1", connection: "1"}, "wslink")}


class TestASeriesIsOneProbe:
    def test_a_second_source_of_a_quantity_is_kept_under_a_name_that_says_which(self) -> None:
        assert values(AIR) == {
            "pm2_5": 5,
            "pm2_5:co2": 4.2,
            "pm10": 4.9,
            "co2": 612,
            "co2:in": 700,
            "temperature:co2": pytest.approx(21.9),
        }

    def test_it_feeds_the_same_quantity_in_every_subset(self) -> None:
        decided = decide(fields(AIR), {}, taken=set())
        for size in range(1, len(AIR)):
            for subset in combinations(AIR.items(), size):
                found = named_by(dict(subset), decided)

                assert found == {decided[name]: value for name, value in subset}

    @pytest.mark.parametrize("first", ["dailyrainin=1", "drain_piezo=1", "drain_piezo=1&dailyrainin=1"])
    @given(later=st.lists(st.sampled_from([("dailyrainin",), ("drain_piezo",), ("dailyrainin", "drain_piezo")])))
    def test_the_gauges_do_not_change_places(self, first: str, later: list[tuple[str, ...]]) -> None:
        decided: dict[str, str] = {}
        seen: dict[str, str] = {}
        for names in [tuple(part.partition("=")[0] for part in first.split("&")), *later]:
            decided |= decide(fields(dict.fromkeys(names, "0.1")), decided, taken=set())
            for name in names:
                assert seen.setdefault(name, decided[name]) == decided[name]

        assert set(decided.values()) <= {"rain_day", "rain_day_2"}


def named_by(given: dict[str, str], decided: dict[str, str]) -> dict[str, str]:
    """Return the texts of fields by the quantity that they feed after these decisions."""
    source = deciding(Source(1, ""), decided)
    found: dict[str, str] = {}
    for name, text in given.items():
        (sent,) = readings_of({name: text}, (), family="common", settings=Settings())
        found |= dict.fromkeys(named(sent, source).values, text)
    return found


@pytest.mark.parametrize("family", list(FIELDS))
def test_every_field_has_a_quantity_whose_unit_is_known(family: Family) -> None:
    for name, field in FIELDS[family].items():
        known = known_quantity(field.quantity.partition(".")[0])

        assert known is not None, name
        assert field.which or not field.rank, name


def test_fields_of_rain_are_those_of_both_gauges() -> None:
    assert {"dailyrainin", "drain_piezo", "t1raindy"} <= rain_fields()


@pytest.mark.django_db(transaction=True)
class TestTheDoor:
    @pytest.mark.parametrize("path", ["/data/upload.php", "/data/upload.php/"])
    async def test_wslink_is_answered_as_it_expects(self, site: Site, path: str) -> None:
        answer = await site.get(path, wsid="GARDEN", wspw=site.key, datetime="now", t1tem="18.6", apiver="0.6")

        assert (answer.status_code, answer.text) == (200, "OK\n")
        assert stored() == [{"temperature": 18.6}]

    async def test_choosing_the_other_gauge_swaps_the_series(self, cast: Cast, site: Site) -> None:
        both = "dailyrainin=0.10&drain_piezo=0.20&dateutc=2026-11-20+06:00:0"
        await site.post(f"/data/report/{site.key}", f"{both}0")
        await elsewhere(lambda: set_reading(by=cast.owner, sensor=cast.sensor, rain_gauge="piezo"))
        await site.server.settled()
        await site.post(f"/data/report/{site.key}", f"{both}1")

        first, second = stored()
        assert (first["rain_day"], first["rain_day_2"]) == pytest.approx((2.54, 5.08))
        assert (second["rain_day"], second["rain_day_2"]) == pytest.approx((5.08, 2.54))
