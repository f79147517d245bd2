"""The fields of PWSweather's protocol: Weather Underground's, with the rain of the month and of the year."""

from typing import Final

from sensorfusion.domain.consoles.field import IN, Field, cited
from sensorfusion.domain.consoles.wunderground import WUNDERGROUND

_SHARED = (
    *("winddir", "windspeedmph", "windgustmph", "tempf", "rainin", "dailyrainin", "baromin", "dewptf", "humidity"),
    *("weather", "solarradiation", "uv"),
)
PWSWEATHER: Final[dict[str, Field]] = cited(
    "pwsweather",
    {
        **{name: WUNDERGROUND[name] for name in _SHARED},
        "monthrainin": Field("rain_month", IN, which="monthrainin", rank=1),
        "yearrainin": Field("rain_year", IN, which="yearrainin", rank=1),
    },
)
