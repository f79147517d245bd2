"""The fields of Ambient's consoles, where they differ from Ecowitt's and add to them.

They report the rain of an hour as a rate, and 1 for a good battery, but of the lightning detector 1 for a low one. Its
distance is in km in the uploads of consoles.
"""

from typing import Final

from sensorfusion.domain.consoles.ecowitt import ECOWITT
from sensorfusion.domain.consoles.field import IN_H, PCT, F, Field, alike, batteries, channels, cited, numbered
from sensorfusion.domain.consoles.wunderground import MORE_CHANNELS, WUNDERGROUND

_SHARED = (
    *("tempf", "humidity", "winddir", "windspeedmph", "windgustmph", "windgustdir", "windspdmph_avg2m"),
    *("winddir_avg2m", "dailyrainin", "solarradiation", "uv", "windspdmph_avg10m", "winddir_avg10m", "maxdailygust"),
    *("24hourrainin", "weeklyrainin", "monthlyrainin", "yearlyrainin", "eventrainin", "totalrainin", "baromrelin"),
    *("baromabsin", "tempinf", "humidityin", "co2", "lightning_time"),
    *channels("temp#f", 10),
    *channels("humidity#", 10),
    *channels("soiltemp#f", 10),
)
AMBIENT: Final[dict[str, Field]] = cited(
    "ambient",
    {
        **{name: (ECOWITT | WUNDERGROUND | MORE_CHANNELS)[name] for name in _SHARED},
        "hourlyrainin": Field("rain_rate", IN_H),
        "lightning_day": Field("lightning_count_day", "1"),
        "pm25": Field("pm2_5", "ug/m3"),
        "pm25_24h": Field("pm2_5:24h", "ug/m3"),
        "pm25_in": Field("pm2_5", "ug/m3", which="in", rank=1),
        "pm25_in_24h": Field("pm2_5:in_24h", "ug/m3"),
        # The indoor air quality unit AQIN, with a thermometer of its own.
        "pm25_in_aqin": Field("pm2_5", "ug/m3", which="aqin", rank=2),
        "pm25_in_24h_aqin": Field("pm2_5:aqin_24h", "ug/m3"),
        "pm10_in_aqin": Field("pm10", "ug/m3", which="aqin"),
        "pm10_in_24h_aqin": Field("pm10:aqin_24h", "ug/m3"),
        "co2_in_aqin": Field("co2", "ppm", which="aqin", rank=2),
        "co2_in_24h_aqin": Field("co2:aqin_24h", "ppm"),
        "pm_in_temp_aqin": Field("temperature:aqin", F),
        "pm_in_humidity_aqin": Field("humidity:aqin", PCT),
        "aqi_pm25": Field("aqi:pm25", "1"),
        "aqi_pm25_24h": Field("aqi:pm25_24h", "1"),
        "aqi_pm25_in": Field("aqi:pm25_in", "1"),
        "aqi_pm25_in_24h": Field("aqi:pm25_in_24h", "1"),
        "aqi_pm25_aqin": Field("aqi:pm25_aqin", "1"),
        "aqi_pm25_24h_aqin": Field("aqi:pm25_24h_aqin", "1"),
        "aqi_pm10_aqin": Field("aqi:pm10_aqin", "1"),
        "aqi_pm10_24h_aqin": Field("aqi:pm10_24h_aqin", "1"),
        **dict(numbered("soilhum#", "soil_moisture", PCT, 1, 10)),
        **alike("ambient", "soiltemp1f", dict(numbered("soiltemp#", "soil_temperature", F, 1, 10))),
        **{name: Field(f"leak_{name[-1]}", kind="yes_no") for name in channels("leak#", 4)},
        **dict(batteries("is_ok", "battery_low", "", "battout", "battin", "batt_25", "batt_co2")),
        **alike("ambient", "batt_25", dict(batteries("is_ok", "battery_low", "", "batt_25in"))),
        **dict(batteries("is_ok", "battery_low", "", *channels("batt#", 10))),
    },
) | {
    **cited("ambient_upload", {"lightning_distance": Field("lightning_distance", "km")}),
    **cited("ambient_detector", dict(batteries("is_low", "battery_low", "", "batt_lightning"))),
}
