"""OpenWeatherMap's Stations API 3.0: a list of measurements, metric, each with its instant.

`pressure` is taken as it is measured, in hPa; `rain_1h` and `rain_24h` are the rain of the last hour and of 24 hours in
mm. A list may have past measurements, so what was missed in a day follows, one for each interval.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.fields import query, written
from sensorfusion.send_on.targets.target import Account, AccountField, Column, Sample, Target

ADDRESS: Final = "https://api.openweathermap.org/data/3.0/measurements"
COLUMNS: Final = (
    Column("temperature", "temperature", "Cel", 1),
    Column("wind_speed", "wind_speed", "m/s", 1),
    Column("wind_gust", "wind_gust", "m/s", 1),
    Column("wind_direction", "wind_deg", "deg", 0),
    Column("pressure", "pressure", "hPa", 1),
    Column("humidity", "humidity", "%", 0),
    Column("rain_1h", "rain_1h", "mm", 2),
    Column("rain_24h", "rain_24h", "mm", 2),
    Column("dew_point", "dew_point", "Cel", 1),
    Column("visibility", "visibility_distance", "km", 2),
)


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    measurements = [
        {
            "station_id": account["station"],
            "dt": int(each.observed_at.timestamp()),
            **{name: float(text) for name, text in written(each, COLUMNS)},
        }
        for each in samples
    ]
    address = query(ADDRESS, [("appid", account["key"])])
    return [Request(address, {"Content-Type": "application/json"}, json.dumps(measurements).encode())]


TARGET: Final = Target(
    slug="openweathermap",
    name="OpenWeatherMap",
    about=gettext_noop("Stations of your account at OpenWeather."),
    sign_up="https://home.openweathermap.org/api_keys",
    documentation="https://openweathermap.org/stations",
    account=(
        AccountField(
            name="station",
            label=gettext_noop("Station"),
            help=gettext_noop(
                "The internal ID that the API gave when the station was registered, such as 583436dd9643a9000196b8d6."
            ),
            pattern=r"[A-Za-z0-9-]{4,64}",
            wrong=gettext_noop("An ID has letters, digits and - only."),
        ),
        AccountField(
            name="key",
            label=gettext_noop("API key"),
            help=gettext_noop("From the page of your API keys."),
            pattern=r"[\x21-\x7e]{8,200}",
            wrong=gettext_noop("A key has no blanks."),
            is_secret=True,
        ),
    ),
    columns=COLUMNS,
    limits=gettext_noop(
        "One reading of each interval, at most once a minute; after an outage those of the last 24 hours."
    ),
    interval_s=600,
    shortest_s=60,
    stale=timedelta(hours=24),
    batch=50,
    thins=True,
    rain=("rain_1h", "rain_24h"),
    derives=("dew_point",),
    write=_write,
)
