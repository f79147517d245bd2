"""Weather Underground: a GET for each reading, in US units.

`baromin` is the pressure at sea level, `rainin` the rain of the past 60 minutes, and `dailyrainin` that since midnight
in local time (PWS Upload Protocol). A past `dateutc` is not documented to be taken, so only the newest reading is sent.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.domain.consoles.field import IN, INHG, MPH, PCT, F
from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.fields import as_console
from sensorfusion.send_on.targets.target import Account, AccountField, Column, Sample, Target

ADDRESS: Final = "https://weatherstation.wunderground.com/weatherstation/updateweatherstation.php"
# Shared with PWSweather.
COMMON: Final = (
    Column("temperature", "tempf", F, 1),
    Column("humidity", "humidity", PCT, 0),
    Column("dew_point", "dewptf", F, 1),
    Column("sea_level_pressure", "baromin", INHG, 3),
    Column("wind_direction", "winddir", "deg", 0),
    Column("wind_speed", "windspeedmph", MPH, 1),
    Column("wind_gust", "windgustmph", MPH, 1),
    Column("rain_1h", "rainin", IN, 3),
    Column("rain_midnight", "dailyrainin", IN, 3),
    Column("solar_radiation", "solarradiation", "W/m2", 1),
    Column("uv_index", "UV", "1", 1),
)
COLUMNS: Final = (
    *COMMON,
    Column("wind_gust_direction", "windgustdir", "deg", 0),
    Column("visibility", "visibility", "[nmi_i]", 2),
    Column("soil_temperature", "soiltempf", F, 1),
    Column("soil_moisture", "soilmoisture", PCT, 0),
    Column("leaf_wetness", "leafwetness", PCT, 0),
    Column("pm2_5", "AqPM2.5", "ug/m3", 1),
    Column("pm10", "AqPM10", "ug/m3", 1),
)


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    credentials = [("action", "updateraw"), ("ID", account["station"]), ("PASSWORD", account["key"])]
    return [as_console(ADDRESS, credentials, sample, COLUMNS) for sample in samples]


def _refusal(answer: str) -> str:
    """Read the body: wrong credentials may be answered with status 200."""
    if "invalidpasswordid" in answer.lower():
        return gettext_noop("it does not know this station ID with this key")
    return "" if "success" in answer.lower() else f"it answers “{answer.strip()[:80]}”"


TARGET: Final = Target(
    slug="wunderground",
    name="Weather Underground",
    about=gettext_noop("The map and forecasts of The Weather Company."),
    sign_up="https://www.wunderground.com/member/devices",
    documentation="https://support.weather.com/s/article/PWS-Upload-Protocol",
    account=(
        AccountField(
            name="station",
            label=gettext_noop("Station ID"),
            help=gettext_noop("As listed under My Devices, such as KCASANFR5."),
            pattern=r"[A-Za-z0-9]{4,20}",
            wrong=gettext_noop("A station ID has letters and digits only."),
        ),
        AccountField(
            name="key",
            label=gettext_noop("Station key"),
            help=gettext_noop("The key beside the station ID, not the password of your account."),
            pattern=r"[\x21-\x7e]{4,64}",
            wrong=gettext_noop("A key has no blanks."),
            is_secret=True,
        ),
    ),
    columns=COLUMNS,
    limits=gettext_noop("The newest reading, at most once a minute; none older than 15 minutes."),
    interval_s=300,
    shortest_s=60,
    stale=timedelta(minutes=15),
    sends_suspect=True,  # it has quality control of its own, and marks stations whose values do not fit
    rain=("rain_1h", "rain_midnight"),
    derives=("dew_point", "sea_level_pressure"),
    write=_write,
    refusal=_refusal,
)
