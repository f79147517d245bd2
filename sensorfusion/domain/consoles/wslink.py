"""The fields of WSLink, the protocol of consoles sold by Bresser, Sencor, Garni, CCL and others; all are metric.

t1 is the sensor array, t234 are channels 1 to 7 with a thermometer of one of three kinds, t5 is lightning, t6 leaks, t8
to t11 air quality. Facts from the WSLink API, versions 0.3 to 0.6, as public integrations describe it.
"""

import re
from typing import Final

from sensorfusion.domain.consoles.field import PCT, Field, cited

CHANNELS: Final = range(1, 8)
SOIL: Final = "4"  # a channel's kind; 2 is a thermo-hygrometer, 3 the thermometer of a pool
_AIR: Final[dict[str, Field]] = {
    "rbar": Field("sea_level_pressure", "hPa"),
    "abar": Field("pressure", "hPa"),
    "intem": Field("indoor_temperature", "Cel"),
    "inhum": Field("indoor_humidity", PCT),
    "t1tem": Field("temperature", "Cel"),
    "t1hum": Field("humidity", PCT),
    "t1dew": Field("dew_point", "Cel"),
    "t1feels": Field("feels_like", "Cel"),
    "t1chill": Field("wind_chill", "Cel"),
    "t1heat": Field("heat_index", "Cel"),
    "t1wbgt": Field("temperature:wbgt", "Cel"),
    "t1wdir": Field("wind_direction", "deg"),
    "t1ws": Field("wind_speed", "m/s"),
    "t1ws10mav": Field("wind_speed:10m", "m/s"),
    "t1wgust": Field("wind_gust", "m/s"),
    "t1rainra": Field("rain_rate", "mm/h"),
    "t1rainhr": Field("rain_1h", "mm"),
    "t1raindy": Field("rain_day", "mm"),
    "t1rainwy": Field("rain_week", "mm"),
    "t1rainmth": Field("rain_month", "mm"),
    "t1rainyr": Field("rain_year", "mm"),
    "t1uvi": Field("uv_index", "1"),
    "t1solrad": Field("solar_radiation", "W/m2"),
    "t5lskm": Field("lightning_distance", "km"),
    "t8pm25": Field("pm2_5", "ug/m3"),
    "t8pm10": Field("pm10", "ug/m3"),
    "t8pm25ai": Field("aqi:pm25", "1"),
    "t8pm10ai": Field("aqi:pm10", "1"),
    "t10co2": Field("co2", "ppm"),
    "t11co": Field("co", "ppm"),
}
_BATTERIES: Final[dict[str, Field]] = {
    "inbat": Field("battery_low.in", kind="is_ok"),
    "t1bat": Field("battery_low.t1", kind="is_ok"),
    "t1batvt": Field("battery_voltage.t1", "V"),
    "t5lsbat": Field("battery_low.t5", kind="is_ok"),
    **{f"t234c{number}bat": Field(f"battery_low.c{number}", kind="is_ok") for number in CHANNELS},
    **{f"t6c{number}bat": Field(f"battery_low.leak{number}", kind="is_ok") for number in CHANNELS},
    **{f"t{number}bat": Field(f"battery.t{number}", PCT, "bars") for number in (8, 9, 10, 11)},
}
WSLINK: Final[dict[str, Field]] = cited(
    "wslink",
    {
        **_AIR,
        **_BATTERIES,
        **{f"t234c{number}tem": Field(f"temperature_{number}", "Cel") for number in CHANNELS},
        **{f"t234c{number}hum": Field(f"humidity_{number}", PCT) for number in CHANNELS},
        **{f"t6c{number}wls": Field(f"leak_{number}", kind="yes_no") for number in CHANNELS},
    },
)
# The thermometer of a channel that stands in soil.
WSLINK_SOIL: Final[dict[str, Field]] = cited(
    "wslink",
    {
        **{f"t234c{number}tem": Field(f"soil_temperature:ch{number}", "Cel") for number in CHANNELS},
        **{f"t234c{number}hum": Field(f"soil_moisture:ch{number}", PCT) for number in CHANNELS},
    },
)
_PART = re.compile(r"t234c[1-7]|t6c[1-7]|t\d{1,2}")


def connection_of(name: str) -> str:
    """Return the field that says whether the sensor of a field is connected; empty for other fields."""
    part = _PART.match(name) if name.startswith("t") else None
    return "" if part is None else "t5lscn" if part[0] == "t5" else f"{part[0]}cn"


def kind_of(name: str) -> str:
    """Return the field that says what kind the sensor of a channel's field is; empty for other fields."""
    return f"{name[:6]}tp" if name.startswith("t234c") else ""
