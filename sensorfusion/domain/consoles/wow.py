"""The fields of the Met Office's WOW, and of Belgium's WOW-BE.

They look like Weather Underground's, but visibility is in kilometres, and `rainin` is the rain since the observation
before. The two programs that most stations use send the rain of the last hour in it nevertheless.
"""

from typing import Final

from sensorfusion.domain.consoles.field import IN, INHG, MPH, PCT, F, Field, cited

WOW: Final[dict[str, Field]] = {
    **cited(
        "wow",
        {
            "baromin": Field("sea_level_pressure", INHG),
            "dailyrainin": Field("rain_day", IN),
            "dewptf": Field("dew_point", F),
            "humidity": Field("humidity", PCT),
            "rainin": Field("rain", IN),
            "soilmoisture": Field("soil_moisture", PCT),
            "soiltempf": Field("soil_temperature", F),  # at 10 cm
            "tempf": Field("temperature", F),
            "visibility": Field("visibility", "km"),
            "winddir": Field("wind_direction", "deg"),
            "windspeedmph": Field("wind_speed", MPH),
            "windgustdir": Field("wind_gust_direction", "deg"),
            "windgustmph": Field("wind_gust", MPH),
        },
    ),
    **cited("wow-be", {"absbaromin": Field("pressure", INHG), "solarradiation": Field("solar_radiation", "W/m2")}),
}
# Programs, by the begin of their `softwaretype`, that send the rain of the last hour as `rainin`.
SENDS_AN_HOUR: Final = ("weewx", "cumulus")
HOURLY: Final[dict[str, Field]] = {**WOW, **cited("weewx", {"rainin": Field("rain_1h", IN, which="rainin", rank=1)})}


def sends_an_hour(softwaretype: str) -> bool:
    """Return whether this program's `rainin` is the rain of the last hour."""
    return softwaretype.casefold().startswith(SENDS_AN_HOUR)
