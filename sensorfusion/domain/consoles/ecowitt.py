"""The fields of Ecowitt's own protocol, which its gateways and consoles send to a server of the owner's.

Most weather consoles are of this family, and mix these names with Weather Underground's at any address; so they are
read at all of them.
"""

from collections.abc import Iterator
from typing import Final

from sensorfusion.domain.consoles.field import (
    IN,
    IN_H,
    INHG,
    MPH,
    PCT,
    F,
    Field,
    alike,
    batteries,
    channels,
    cited,
    further,
    numbered,
)
from sensorfusion.domain.consoles.wunderground import BEYOND, WUNDERGROUND

_SHARED = (
    *("tempf", "humidity", "winddir", "windspeedmph", "windgustmph", "dailyrainin", "solarradiation", "uv"),
    *("weeklyrainin", "monthlyrainin", "yearlyrainin", "windchillf"),
)

_AIR: Final[dict[str, Field]] = {
    "dewpointf": Field("dew_point", F, which="dewpointf", rank=1),
    "tempfeelsf": Field("feels_like", F, which="tempfeelsf", rank=1),
    "vpd": Field("vapour_pressure_deficit", INHG),
    "baromrelin": Field("sea_level_pressure", INHG, which="baromrelin", rank=1),
    "baromabsin": Field("pressure", INHG, which="baromabsin", rank=1),
    "tempinf": Field("indoor_temperature", F, which="tempinf", rank=1),
    "humidityin": Field("indoor_humidity", PCT, which="humidityin", rank=1),
}
_WIND: Final[dict[str, Field]] = {
    "maxdailygust": Field("wind_gust_day", MPH),
    "windspdmph_avg10m": Field("wind_speed:10m", MPH),
    "winddir_avg10m": Field("wind_direction:10m", "deg"),
}
_RAIN: Final[dict[str, Field]] = {
    "hourlyrainin": Field("rain_1h", IN),
    "rainratein": Field("rain_rate", IN_H),
    "eventrainin": Field("rain_event", IN),
    "totalrainin": Field("rain_total", IN),
    "rrain_piezo": Field("rain_rate", IN_H, is_piezo=True),
    "hrain_piezo": Field("rain_1h", IN, is_piezo=True),
    "erain_piezo": Field("rain_event", IN, is_piezo=True),
    "drain_piezo": Field("rain_day", IN, is_piezo=True),
    "wrain_piezo": Field("rain_week", IN, is_piezo=True),
    "mrain_piezo": Field("rain_month", IN, is_piezo=True),
    "yrain_piezo": Field("rain_year", IN, is_piezo=True),
    "srain_piezo": Field("raining", kind="yes_no"),
}
_RAIN_OF_24_H: Final[dict[str, Field]] = {
    "24hourrainin": Field("rain_24h", IN),
    "last24hrainin": Field("rain_24h", IN, which="last24hrainin", rank=1),
    "last24hrain_piezo": Field("rain_24h", IN, is_piezo=True),
}
_SKY_AND_AIR_QUALITY: Final[dict[str, Field]] = {
    "solarradiation_lux": Field("illuminance", "lx"),
    "lightning": Field("lightning_distance", "km"),
    "lightning_mi": Field("lightning_distance", "[mi_i]", which="lightning_mi", rank=1),
    "lightning_num": Field("lightning_count_day", "1"),
    "lightning_time": Field("lightning_time", kind="epoch"),
    # The air quality unit WH45 or WH46, with a thermometer of its own.
    "co2": Field("co2", "ppm"),
    "co2_24h": Field("co2:24h", "ppm"),
    "co2in": Field("co2", "ppm", which="in", rank=1),
    "co2in_24h": Field("co2:in_24h", "ppm"),
    "tf_co2": Field("temperature:co2", F),
    "humi_co2": Field("humidity:co2", PCT),
    "pm1_co2": Field("pm1", "ug/m3", which="co2"),
    "pm25_co2": Field("pm2_5", "ug/m3", which="co2", rank=1),
    "pm4_co2": Field("pm4", "ug/m3", which="co2"),
    "pm10_co2": Field("pm10", "ug/m3", which="co2", rank=1),
    "pm1_24h_co2": Field("pm1:co2_24h", "ug/m3"),
    "pm25_24h_co2": Field("pm2_5:co2_24h", "ug/m3"),
    "pm4_24h_co2": Field("pm4:co2_24h", "ug/m3"),
    "pm10_24h_co2": Field("pm10:co2_24h", "ug/m3"),
    **dict(numbered("pm25_ch#", "pm2_5", "ug/m3", 1, 4)),
    **dict(further("pm25_avg_24h_ch#", "pm2_5:ch#_24h", "ug/m3", 1, 4)),
}


def _leaks(first: int, last: int) -> Iterator[tuple[str, Field]]:
    for number in range(first, last + 1):
        yield f"leak_ch{number}", Field(f"leak_{number}", kind="yes_no")


_CHANNELS: Final[dict[str, Field]] = {
    **dict(numbered("temp#f", "temperature", F, 1, 8)),
    **dict(numbered("humidity#", "humidity", PCT, 1, 8)),
    **dict(further("dewpoint#f", "dew_point:ch#", F, 1, 8)),
    **dict(numbered("tf_ch#", "soil_temperature", F, 1, 8)),
    **dict(numbered("soilmoisture#", "soil_moisture", PCT, 1, 16)),
    **dict(numbered("leafwetness_ch#", "leaf_wetness", PCT, 1, 8)),
    # The laser distance sensor LDS01: from it to the surface, the depth below the surface, and both together.
    **dict(numbered("air_ch#", "distance", "mm", 1, 4)),
    **dict(numbered("depth_ch#", "level", "mm", 1, 4)),
    **dict(further("thi_ch#", "distance:total_#", "mm", 1, 4)),
    **dict(_leaks(1, 4)),
}
# Ambient's consoles have ten channels; Ecowitt's leak sensors have batteries of eight.
_MORE_CHANNELS: Final[dict[str, Field]] = {
    **cited("ambient", dict(numbered("temp#f", "temperature", F, 9, 10))),
    **cited("ambient", dict(numbered("humidity#", "humidity", PCT, 9, 10))),
    **alike("ecowitt", "dewpoint8f", dict(further("dewpoint#f", "dew_point:ch#", F, 9, 10))),
    **alike("ecowitt", "leak_ch4", dict(_leaks(5, 8))),
}
_DEVICE: Final[dict[str, Field]] = {
    "runtime": Field("uptime", "s"),
    **dict(batteries("is_low", "battery_low", "", "wh25batt", "wh26batt", "wh65batt")),
    **dict(batteries("is_low", "battery_low", "", *channels("batt#", 8))),
    **alike("ecowitt", "wh65batt", dict(batteries("is_low", "battery_low", "", "wh24batt"))),
    **dict(batteries("number", "battery_voltage", "V", "wh40batt", "wh68batt", "wh80batt", "wh85batt", "wh90batt")),
    **dict(batteries("number", "battery_voltage", "V", "console_batt", *channels("soilbatt#", 16))),
    **dict(batteries("number", "battery_voltage", "V", *channels("tf_batt#", 8), *channels("leaf_batt#", 8))),
    **dict(batteries("number", "battery_voltage", "V", *channels("ldsbatt#", 4))),
    **dict(batteries("bars", "battery", PCT, "wh57batt", "co2_batt", *channels("pm25batt#", 8))),
    **dict(batteries("bars", "battery", PCT, *channels("leakbatt#", 8))),
}
ECOWITT: Final[dict[str, Field]] = {
    **cited(
        "ecowitt",
        {
            **{name: (WUNDERGROUND | BEYOND)[name] for name in _SHARED},
            **_AIR,
            **_WIND,
            **_RAIN,
            **_SKY_AND_AIR_QUALITY,
            **_CHANNELS,
            **_DEVICE,
        },
    ),
    **cited("ecowitt2mqtt", _RAIN_OF_24_H),
    **_MORE_CHANNELS,
}
