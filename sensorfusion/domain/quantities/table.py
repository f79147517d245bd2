"""The table of quantities, one row each; `_like` copies a row of `families`.

docs/quantities.md is generated from this table (`make reference`). Labels and colours are in `sensorfusion.web.looks`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sensorfusion.domain.quantities.families import (
    BOOLEAN,
    DIRECTION,
    ELECTRIC,
    FELT,
    GAS,
    GUST,
    HUMIDITY,
    PARTICLES,
    PRESSURE,
    RAIN,
    RAIN_DAY,
    RAIN_LONG,
    RAIN_RATE,
    SEA_LEVEL,
    SHARE,
    SOIL_MOISTURE,
    STATE,
    TEMPERATURE,
    TEXT,
    WIND,
)
from sensorfusion.domain.quantities.quantity import Period, Quantity


def _like(family: Quantity, name: str, **columns: Any) -> Quantity:
    return replace(family, name=name, **columns)


def _numbered(family: Quantity, name: str, last: int, *, first: int = 2) -> Iterator[Quantity]:
    """Yield the second and further probes of one station: temperature_2 … temperature_8.

    `first` is 1 where the station numbers them from there and has another one without a number.
    """
    for number in range(first, last + 1):
        yield _like(family, f"{name}_{number}")


def _second_gauge() -> Iterator[Quantity]:
    """Yield the rain quantities of the second gauge, for stations with a tipping-bucket and a piezo gauge."""
    yield _like(RAIN_RATE, "rain_rate_2")
    yield _like(RAIN, "rain_1h_2", combine="last")
    yield _like(RAIN_DAY, "rain_24h_2", combine="last")
    yield _like(RAIN_DAY, "rain_day_2", combine="counter", restarts="day")
    for name in ("rain_event", "rain_total"):
        yield _like(RAIN_LONG, f"{name}_2")
    yield from _of_periods("_2")


def _of_periods(which: str = "") -> Iterator[Quantity]:
    """Yield the totals of a gauge that restart by the calendar, apart from the day's."""
    periods: tuple[Period, ...] = ("week", "month", "year")
    for period in periods:
        yield _like(RAIN_LONG, f"rain_{period}{which}", restarts=period)


_AIR = (
    _like(TEMPERATURE, "temperature", cf_name="air_temperature"),
    _like(FELT, "feels_like"),
    _like(TEMPERATURE, "temperature_min"),
    _like(TEMPERATURE, "temperature_max"),
    _like(TEMPERATURE, "dew_point", cf_name="dew_point_temperature"),
    _like(TEMPERATURE, "wet_bulb", cf_name="wet_bulb_temperature"),
    _like(FELT, "heat_index", cf_name="heat_index_of_air_temperature"),
    _like(FELT, "wind_chill", cf_name="wind_chill_of_air_temperature"),
    _like(FELT, "apparent_temperature", cf_name="apparent_air_temperature"),
    _like(FELT, "humidex"),
    Quantity(
        name="absolute_humidity",
        unit="g/m3",
        impossible_below=-1,
        plausible_low=0,
        clamp_low=0,
        plausible_high=100,
        impossible_above=1000,
        source="saturated air holds 83 g/m³ at 50 °C",
    ),
    Quantity(
        name="vapour_pressure_deficit",
        unit="kPa",
        decimals=2,
        impossible_below=-0.1,
        plausible_low=0,
        clamp_low=0,
        plausible_high=20,
        impossible_above=100,
        source="saturation at 60 °C is 19.9 kPa",
        cf_name="water_vapor_saturation_deficit_in_air",
    ),
    _like(TEMPERATURE, "indoor_temperature"),
    _like(HUMIDITY, "indoor_humidity"),
    _like(HUMIDITY, "humidity", cf_name="relative_humidity"),
    _like(PRESSURE, "pressure", cf_name="air_pressure"),
    _like(SEA_LEVEL, "sea_level_pressure", cf_name="air_pressure_at_mean_sea_level"),
    _like(PRESSURE, "ground_level_pressure"),
    *_numbered(TEMPERATURE, "temperature", 10, first=1),
    *_numbered(HUMIDITY, "humidity", 10, first=1),
)

_WIND_AND_RAIN = (
    _like(WIND, "wind_speed", cf_name="wind_speed"),
    _like(GUST, "wind_gust", cf_name="wind_speed_of_gust"),
    Quantity(
        name="beaufort",
        unit="1",
        decimals=0,
        impossible_below=0,
        plausible_low=0,
        plausible_high=17,
        impossible_above=17,
        source="the extended Beaufort scale ends at 17",
        cf_name="beaufort_wind_force",
    ),
    _like(GUST, "wind_gust_day", combine="last"),
    _like(DIRECTION, "wind_direction", weighed_by="wind_speed", cf_name="wind_from_direction"),
    _like(DIRECTION, "wind_gust_direction", weighed_by="wind_gust", cf_name="wind_gust_from_direction"),
    _like(RAIN, "rain", cf_name="thickness_of_rainfall_amount", combine="sum"),
    _like(RAIN, "rain_1h", combine="last"),
    _like(RAIN_DAY, "rain_3h", combine="last"),
    _like(RAIN_DAY, "rain_24h", combine="last"),
    _like(RAIN_DAY, "rain_day", combine="counter", restarts="day"),
    _like(RAIN_RATE, "rain_rate", cf_name="rainfall_rate"),
    _like(RAIN_LONG, "rain_total", plausible_high=None, source="a running total of years has no upper limit"),
    _like(RAIN_LONG, "rain_event"),
    *_of_periods(),
    Quantity(
        name="reference_evapotranspiration",
        unit="mm",
        decimals=2,
        impossible_below=-10,
        plausible_low=-1,
        plausible_high=20,
        impossible_above=100,
        source="chosen: FAO-56 gives up to 10 mm a day, and dew is negative",
        combine="sum",
    ),
    _like(BOOLEAN, "raining"),
    *_second_gauge(),
    _like(RAIN, "snow", cf_name="thickness_of_snowfall_amount", combine="sum"),
    _like(RAIN, "snow_1h", combine="last"),
    _like(RAIN_DAY, "snow_3h", combine="last"),
    Quantity(
        name="snow_depth",
        unit="cm",
        impossible_below=-10,
        plausible_low=0,
        clamp_low=0,
        plausible_high=1200,
        impossible_above=2000,
        source="record: 1182 cm",
        cf_name="surface_snow_thickness",
    ),
)

_SKY_AND_SOIL = (
    _like(SHARE, "cloud_cover", cf_name="cloud_area_fraction"),
    Quantity(
        name="cloud_base",
        unit="m",
        decimals=0,
        impossible_below=-500,
        plausible_low=0,
        plausible_high=25000,
        impossible_above=30000,
        source="chosen: above the tropopause",
        cf_name="cloud_base_altitude",
    ),
    Quantity(
        name="visibility",
        unit="m",
        decimals=0,
        impossible_below=0,
        plausible_low=0,
        plausible_high=300000,
        source="clear air scatters too much beyond about 300 km",
        cf_name="visibility_in_air",
    ),
    Quantity(
        name="solar_radiation",
        unit="W/m2",
        decimals=0,
        impossible_below=-20,
        plausible_low=0,
        clamp_low=0,
        plausible_high=1600,
        impossible_above=2000,
        source="cloud edges lift it above the 1361 W/m² outside the atmosphere",
        cf_name="surface_downwelling_shortwave_flux_in_air",
    ),
    Quantity(
        name="illuminance",
        unit="lx",
        decimals=0,
        impossible_below=-20,
        plausible_low=0,
        clamp_low=0,
        plausible_high=200000,
        impossible_above=250000,
        source="chosen: direct sun is about 120,000 lx",
    ),
    Quantity(
        name="uv_index",
        unit="1",
        impossible_below=-0.5,
        plausible_low=0,
        clamp_low=0,
        plausible_high=20,
        impossible_above=30,
        source="chosen: clear skies on high tropical mountains reach about 20",
        cf_name="ultraviolet_index",
    ),
    _like(TEMPERATURE, "soil_temperature", cf_name="soil_temperature"),
    *_numbered(TEMPERATURE, "soil_temperature", 10),
    _like(SOIL_MOISTURE, "soil_moisture", cf_name="volume_fraction_of_condensed_water_in_soil"),
    *_numbered(SOIL_MOISTURE, "soil_moisture", 16),
    _like(SHARE, "leaf_wetness"),
    *_numbered(SHARE, "leaf_wetness", 8),
    Quantity(
        name="lightning_distance",
        unit="km",
        decimals=0,
        impossible_below=0,
        plausible_low=0,
        plausible_high=100,
        impossible_above=1000,
        source="chosen: beyond what common sensors measure",
    ),
    Quantity(
        name="lightning_count",
        unit="1",
        decimals=0,
        impossible_below=0,
        plausible_low=0,
        plausible_high=10000,
        source="chosen: strikes between two readings",
        combine="sum",
    ),
    Quantity(
        name="lightning_count_day",
        unit="1",
        decimals=0,
        impossible_below=0,
        plausible_low=0,
        plausible_high=100000,
        source="chosen: strikes of a day",
        combine="counter",
        restarts="day",
    ),
)

_AIR_QUALITY = (
    Quantity(
        name="co2",
        unit="ppm",
        decimals=0,
        impossible_below=0,
        plausible_low=200,
        plausible_high=40000,
        impossible_above=100000,
        source="chosen: common sensors measure up to 40,000 ppm",
        cf_name="mole_fraction_of_carbon_dioxide_in_air",
    ),
    Quantity(
        name="voc",
        unit="ppb",
        decimals=0,
        impossible_below=-10,
        plausible_low=0,
        clamp_low=0,
        plausible_high=65000,
        source="chosen: common sensors measure up to 60,000 ppb",
    ),
    _like(PARTICLES, "pm1", cf_name="mass_concentration_of_pm1_ambient_aerosol_particles_in_air"),
    _like(PARTICLES, "pm2_5", cf_name="mass_concentration_of_pm2p5_ambient_aerosol_particles_in_air"),
    *_numbered(PARTICLES, "pm2_5", 4),
    _like(PARTICLES, "pm4"),
    _like(PARTICLES, "pm10", cf_name="mass_concentration_of_pm10_ambient_aerosol_particles_in_air"),
    _like(GAS, "no2", cf_name="mass_concentration_of_nitrogen_dioxide_in_air"),
    _like(GAS, "o3", cf_name="mass_concentration_of_ozone_in_air"),
    _like(GAS, "so2", cf_name="mass_concentration_of_sulfur_dioxide_in_air"),
    Quantity(
        name="co",
        unit="ppm",
        impossible_below=-5,
        plausible_low=0,
        clamp_low=0,
        plausible_high=1000,
        source="chosen: common sensors measure up to 1,000 ppm",
        cf_name="mole_fraction_of_carbon_monoxide_in_air",
    ),
    Quantity(
        name="aqi",
        unit="1",
        decimals=0,
        impossible_below=0,
        plausible_low=0,
        plausible_high=500,
        impossible_above=2000,
        source="the US scale ends at 500",
    ),
)

_DEVICE = (
    _like(SHARE, "battery"),
    _like(BOOLEAN, "battery_low"),
    Quantity(
        name="battery_voltage",
        unit="V",
        decimals=2,
        impossible_below=-0.5,
        plausible_low=0,
        clamp_low=0,
        plausible_high=60,
        impossible_above=100,
        source="chosen: up to systems of 48 V",
    ),
    Quantity(
        name="signal_strength",
        unit="dBm",
        decimals=0,
        impossible_below=-200,
        plausible_low=-150,
        plausible_high=30,
        impossible_above=60,
        source="chosen: from below a receiver's noise to 1 W",
    ),
    Quantity(
        name="signal_to_noise",
        unit="dB",
        impossible_below=-200,
        plausible_low=-50,
        plausible_high=150,
        impossible_above=200,
        source="chosen: LoRa decodes down to -20 dB",
    ),
    _like(STATE, "condition_code"),
    _like(TEXT, "condition"),
    _like(TEXT, "condition_text"),
    _like(TEXT, "lightning_time"),
    _like(STATE, "city_id"),
    _like(TEXT, "city_name"),
    _like(ELECTRIC, "power", unit="W", decimals=1),
    _like(ELECTRIC, "energy", unit="kWh", combine="counter"),
    _like(ELECTRIC, "current", unit="A"),
    _like(ELECTRIC, "voltage", unit="V", decimals=1),
    _like(ELECTRIC, "distance", unit="m", decimals=3),
    _like(ELECTRIC, "level", unit="m", decimals=3),
    _like(BOOLEAN, "occupancy"),
    _like(BOOLEAN, "door_open"),
    _like(BOOLEAN, "leak"),
    Quantity(name="uptime", unit="s", decimals=0, impossible_below=0, plausible_low=0, combine="last"),
)

TABLE: Final = (*_AIR, *_WIND_AND_RAIN, *_SKY_AND_SOIL, *_AIR_QUALITY, *_DEVICE)
