"""The fields of Weather Underground's protocol, and of the programs and consoles that add some of their own to it."""

from typing import Final

from sensorfusion.domain.consoles.field import IN, INHG, MPH, PCT, F, Field, alike, cited, numbered

WUNDERGROUND: Final[dict[str, Field]] = cited(
    "wunderground",
    {
        "tempf": Field("temperature", F),
        "humidity": Field("humidity", PCT),
        "dewptf": Field("dew_point", F),
        "baromin": Field("sea_level_pressure", INHG),
        "indoortempf": Field("indoor_temperature", F),
        "indoorhumidity": Field("indoor_humidity", PCT),
        "winddir": Field("wind_direction", "deg"),
        "windspeedmph": Field("wind_speed", MPH),
        "windgustmph": Field("wind_gust", MPH),
        "windgustdir": Field("wind_gust_direction", "deg"),
        "windspdmph_avg2m": Field("wind_speed:2m", MPH),
        "winddir_avg2m": Field("wind_direction:2m", "deg"),
        "windgustmph_10m": Field("wind_gust:10m", MPH),
        "windgustdir_10m": Field("wind_gust_direction:10m", "deg"),
        "rainin": Field("rain_1h", IN, which="rainin", rank=1),  # of the last 60 minutes
        "dailyrainin": Field("rain_day", IN),
        "solarradiation": Field("solar_radiation", "W/m2"),
        "uv": Field("uv_index", "1"),
        "visibility": Field("visibility", "[nmi_i]"),
        "weather": Field("condition", kind="text"),
        "aqpm2.5": Field("pm2_5", "ug/m3", which="aqpm2.5", rank=3),
        "aqpm10": Field("pm10", "ug/m3", which="aqpm10", rank=3),
        "aqco": Field("co", "ppm"),
        "soiltempf": Field("soil_temperature", F),
        "soilmoisture": Field("soil_moisture", PCT),
        "leafwetness": Field("leaf_wetness", PCT),
        **dict(numbered("soiltemp#f", "soil_temperature", F, 2, 4)),
        **dict(numbered("leafwetness#", "leaf_wetness", PCT, 2, 2)),
    },
)
# Channels that consoles of Ambient have beyond the protocol.
MORE_CHANNELS: Final[dict[str, Field]] = cited(
    "ambient",
    {
        **dict(numbered("soiltemp#f", "soil_temperature", F, 1, 1)),
        **dict(numbered("soiltemp#f", "soil_temperature", F, 5, 10)),
        **dict(numbered("leafwetness#", "leaf_wetness", PCT, 1, 1)),
    },
)
# What ObserverIP's family sends to Weather Underground beyond its protocol.
BEYOND: Final[dict[str, Field]] = cited(
    "observer",
    {
        "windchillf": Field("wind_chill", F),
        **alike("observer", "windchillf", {"heatindexf": Field("heat_index", F)}),
        **alike("observer", "windchillf", {"feelslikef": Field("feels_like", F)}),
        "absbaromin": Field("pressure", INHG),
        "weeklyrainin": Field("rain_week", IN),
        "monthlyrainin": Field("rain_month", IN),
        "yearlyrainin": Field("rain_year", IN),
        "lowbatt": Field("battery_low", kind="is_low"),
    },
)
