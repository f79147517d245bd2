"""The fields of ObserverIP, by the names on its page of live data.

Its `uv` is a raw number; `uvi` is the index. Units are set on the device and not sent: those of the United States are
assumed, or the metric ones that the owner says. Light has a setting of its own, and is not known.
"""

from typing import Final

from sensorfusion.domain.consoles.field import IN, INHG, MPH, PCT, F, Field, alike, cited

OBSERVER: Final[dict[str, Field]] = cited(
    "observer",
    {
        "outtemp": Field("temperature", F),
        "outhumi": Field("humidity", PCT),
        "intemp": Field("indoor_temperature", F),
        "inhumi": Field("indoor_humidity", PCT),
        "abspress": Field("pressure", INHG),
        "relpress": Field("sea_level_pressure", INHG),
        "windir": Field("wind_direction", "deg"),
        "avgwind": Field("wind_speed", MPH),
        "gustspeed": Field("wind_gust", MPH),
        "dailygust": Field("wind_gust_day", MPH),
        "uvi": Field("uv_index", "1"),
        "rainofhourly": Field("rain_1h", IN),
        **alike("ambient", "eventrainin", {"eventrain": Field("rain_event", IN)}),
        "rainofdaily": Field("rain_day", IN),
        "rainofweekly": Field("rain_week", IN),
        "rainofmonthly": Field("rain_month", IN),
        "rainofyearly": Field("rain_year", IN),
    },
)
RAW: Final = ("uv",)  # a name of other consoles that stands for something else here
