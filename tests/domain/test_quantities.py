import math

import pytest

from sensorfusion.domain.quantities import ALIASES, CATALOGUE, Quantity, known_quantity, quantity
from sensorfusion.domain.quantities.table import TABLE
from sensorfusion.domain.units import UNITS

NAMES = """temperature feels_like temperature_min temperature_max dew_point wet_bulb heat_index wind_chill
    indoor_temperature indoor_humidity humidity pressure sea_level_pressure ground_level_pressure wind_speed wind_gust
    wind_direction wind_gust_direction rain rain_1h rain_3h rain_24h rain_day rain_rate rain_total rain_event rain_week
    rain_month rain_year snow snow_1h snow_3h snow_depth cloud_cover cloud_base visibility solar_radiation illuminance
    uv_index soil_temperature soil_moisture soil_temperature_2 soil_temperature_4 soil_moisture_2 soil_moisture_8
    temperature_2 temperature_8 humidity_2 humidity_8 leaf_wetness co2 voc pm1 pm2_5 pm4 pm10 no2 o3 so2 co aqi
    lightning_distance lightning_count battery battery_voltage signal_strength signal_to_noise condition_code condition
    condition_text city_id city_name power energy current voltage distance level occupancy door_open uptime
    leak lightning_time"""
ENTRIES = pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE.keys())


@pytest.mark.parametrize("name", NAMES.split())
def test_promised_quantity_is_in_the_catalogue(name: str) -> None:
    assert quantity(name).name == name


@ENTRIES
def test_entry_has_a_unit_that_is_known(entry: Quantity) -> None:
    assert entry.unit in UNITS or entry.unit == ""


@ENTRIES
def test_what_is_plausible_is_possible(entry: Quantity) -> None:
    limits = (entry.impossible_below, entry.plausible_low, entry.plausible_high, entry.impossible_above)

    ascending = [
        open_end if limit is None else limit
        for limit, open_end in zip(limits, (-math.inf, -math.inf, math.inf, math.inf), strict=True)
    ]

    assert ascending == sorted(ascending)


@ENTRIES
def test_only_directions_are_vectors_and_only_states_are_not_numbers(entry: Quantity) -> None:
    assert (entry.combine == "vector") == (entry.unit == "deg")
    assert entry.kind == "number" or entry.combine == "last"


def test_cf_names_lead_to_one_quantity_each() -> None:
    names = [entry.cf_name for entry in CATALOGUE.values() if entry.cf_name]

    assert len(names) == len(set(names))
    assert all(known_quantity(entry.cf_name) is entry for entry in CATALOGUE.values() if entry.cf_name)


def test_aliases_lead_to_the_catalogue_and_hide_nothing_in_it() -> None:
    assert set(ALIASES.values()) <= set(CATALOGUE)
    assert not set(ALIASES) & set(CATALOGUE)
    assert all(alias == alias.lower() for alias in ALIASES)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("air_temperature", "temperature"),
        ("relative_humidity", "humidity"),
        ("wind_from_direction", "wind_direction"),
        ("wind_speed_of_gust", "wind_gust"),
        ("air_pressure", "pressure"),
        ("air_pressure_at_mean_sea_level", "sea_level_pressure"),
        ("temp", "temperature"),
        ("Temperature", "temperature"),
        ("PM2.5", "pm2_5"),
    ],
)
def test_name_that_others_use_is_understood(name: str, ours: str) -> None:
    assert known_quantity(name) is CATALOGUE[ours]


def test_name_nobody_knows_is_not_in_the_catalogue() -> None:
    assert known_quantity("leaf_colour") is None
    assert known_quantity("") is None


@ENTRIES
def test_limits_say_where_they_come_from(entry: Quantity) -> None:
    is_limited = entry.plausible_high is not None or entry.impossible_above is not None

    assert not is_limited or entry.source


def test_no_name_is_in_the_table_twice() -> None:
    assert len(TABLE) == len(CATALOGUE)


def test_unknown_quantity_is_a_number_without_unit_and_limits() -> None:
    entry = quantity("leaf_colour")

    assert (entry.name, entry.kind, entry.unit, entry.combine) == ("leaf_colour", "number", "", "mean")
    assert entry.plausible_high is None
    assert entry.impossible_above is None


def test_wind_of_1048_mph_is_impossible() -> None:
    highest = CATALOGUE["wind_speed"].impossible_above

    assert highest is not None
    assert highest < 1048 * 0.44704


def test_pressures_that_a_station_simulator_posts_are_possible() -> None:
    station, sea_level = CATALOGUE["pressure"], CATALOGUE["sea_level_pressure"]

    assert (station.impossible_above or 0) > 1093.5  # 32.292 inHg
    assert (sea_level.impossible_above or 0) > 1053.2  # 31.100 inHg
