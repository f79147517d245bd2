"""The names that each document lists, written down from it, not from our tables; `name#` from one number to another."""

from collections.abc import Iterator
from typing import Final


def _numbered(last: int, *names: str, first: int = 1) -> Iterator[str]:
    for name in names:
        yield from (name.replace("#", str(number)) for number in range(first, last + 1))


DOCUMENTED: Final[dict[str, frozenset[str]]] = {
    # PWS Upload Protocol: "for sensors 2, 3, 4 use soiltemp2f …"
    "wunderground": frozenset(
        (
            *("winddir", "windspeedmph", "windgustmph", "windgustdir", "windspdmph_avg2m", "winddir_avg2m"),
            *("windgustmph_10m", "windgustdir_10m", "humidity", "dewptf", "tempf", "rainin", "dailyrainin", "baromin"),
            *("weather", "clouds", "soiltempf", "soilmoisture", "leafwetness", "leafwetness2", "solarradiation", "uv"),
            *("visibility", "indoortempf", "indoorhumidity", "aqco", "aqpm2.5", "aqpm10"),
            *_numbered(4, "soiltemp#f", "soilmoisture#", first=2),
        )
    ),
    # SENSOR_MAP of aioecowitt's sensor.py, without the metric names that it adds
    "ecowitt": frozenset(
        (
            *("baromabsin", "baromrelin", "vpd", "rainratein", "eventrainin", "hourlyrainin", "totalrainin"),
            *("dailyrainin", "weeklyrainin", "monthlyrainin", "yearlyrainin", "humidity", "humidityin", "winddir"),
            *("winddir_avg10m", "windspeedmph", "windspdmph_avg10m", "windgustmph", "maxdailygust", "tempf"),
            *("tempfeelsf", "tempinf", "dewpointf", "dewpointinf", "windchillf", "solarradiation", "uv"),
            *("solarradiation_lux", "lightning_time", "lightning_num", "lightning", "lightning_mi", "tf_co2"),
            *("humi_co2", "pm1_co2", "pm1_24h_co2", "pm4_co2", "pm4_24h_co2", "pm25_co2", "pm25_24h_co2"),
            *("pm10_co2", "pm10_24h_co2", "co2", "co2_24h", "co2_batt", "co2in", "co2in_24h", "console_batt"),
            *("wh25batt", "wh26batt", "wh40batt", "wh57batt", "wh65batt", "wh68batt", "wh80batt", "wh85batt"),
            *("wh90batt", "rrain_piezo", "erain_piezo", "hrain_piezo", "drain_piezo", "wrain_piezo", "mrain_piezo"),
            *("yrain_piezo", "srain_piezo", "runtime"),
            *_numbered(4, "leak_ch#", "pm25_ch#", "pm25_avg_24h_ch#", "air_ch#", "depth_ch#", "thi_ch#", "ldsbatt#"),
            *_numbered(8, "temp#f", "humidity#", "dewpoint#f", "tf_ch#", "tf_batt#", "leafwetness_ch#", "leaf_batt#"),
            *_numbered(8, "batt#", "pm25batt#", "leakbatt#"),
            *_numbered(16, "soilmoisture#", "soilbatt#"),
        )
    ),
    # the keys of ecowitt2mqtt whose rain is of a moving day
    "ecowitt2mqtt": frozenset(("24hourrainin", "last24hrainin", "last24hrain_piezo")),
    # Device Data Specs, and two names of its version before August 2023
    "ambient": frozenset(
        (
            *("winddir", "windspeedmph", "windgustmph", "maxdailygust", "windgustdir", "windspdmph_avg2m"),
            *("winddir_avg2m", "windspdmph_avg10m", "winddir_avg10m", "humidity", "humidityin", "tempf", "tempinf"),
            *("battout", "battin", "batt_25", "batt_co2", "hourlyrainin", "dailyrainin", "24hourrainin"),
            *("weeklyrainin", "monthlyrainin", "yearlyrainin", "eventrainin", "totalrainin", "baromrelin"),
            *("baromabsin", "uv", "solarradiation", "co2", "pm25", "pm25_24h", "pm25_in", "pm25_in_24h"),
            *("pm25_in_aqin", "pm25_in_24h_aqin", "pm10_in_aqin", "pm10_in_24h_aqin", "co2_in_aqin"),
            *("co2_in_24h_aqin", "pm_in_temp_aqin", "pm_in_humidity_aqin", "aqi_pm25_aqin", "aqi_pm25_24h_aqin"),
            *("aqi_pm10_aqin", "aqi_pm10_24h_aqin", "aqi_pm25_in", "aqi_pm25_in_24h", "aqi_pm25", "aqi_pm25_24h"),
            *("lightning_day", "lightning_time"),
            *_numbered(4, "leak#"),
            *_numbered(8, "leafwetness#"),
            *_numbered(10, "temp#f", "humidity#", "soiltemp#f", "soilhum#", "batt#"),
        )
    ),
    # rows 94 to 96 of the table, and what a console sends beside them
    "ambient_upload": frozenset(("lightning_time", "lightning_day", "lightning_distance")),
    "ambient_detector": frozenset(("batt_lightning",)),
    # openHAB's handler of ObserverIP: its page, and what it sends to Weather Underground
    "observer": frozenset(
        (
            *("intemp", "outtemp", "rainofhourly", "rainofdaily", "rainofweekly", "rainofmonthly", "rainofyearly"),
            *("avgwind", "gustspeed", "dailygust", "abspress", "relpress", "windir", "inhumi", "outhumi", "uvi"),
            *("windchillf", "weeklyrainin", "monthlyrainin", "yearlyrainin", "totalrainin", "absbaromin", "lowbatt"),
        )
    ),
}
