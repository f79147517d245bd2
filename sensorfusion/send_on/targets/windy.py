"""Windy's stations: a GET for each observation, metric, with the station's password as a bearer token.

`pressure` is that at sea level in Pa, `precip` the rain of the past hour in mm. Windy takes an observation each 5
minutes, none older than two hours, and keeps the latest; so only the newest reading is sent.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.fields import query, written
from sensorfusion.send_on.targets.target import SOFTWARE, Account, AccountField, Column, Sample, Target

ADDRESS: Final = "https://stations.windy.com/api/v2/observation/update"
COLUMNS: Final = (
    Column("temperature", "temp", "Cel", 1),
    Column("dew_point", "dewpoint", "Cel", 1),
    Column("humidity", "humidity", "%", 0),
    Column("wind_speed", "wind", "m/s", 1),
    Column("wind_gust", "gust", "m/s", 1),
    Column("wind_direction", "winddir", "deg", 0),
    Column("sea_level_pressure", "pressure", "Pa", 0),
    Column("rain_1h", "precip", "mm", 2),
    Column("uv_index", "uv", "1", 1),
    Column("solar_radiation", "solarradiation", "W/m2", 0),
)


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    return [
        Request(
            query(
                ADDRESS,
                [
                    ("id", account["station"]),
                    ("time", each.observed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
                    ("softwaretype", SOFTWARE),
                    *written(each, COLUMNS),
                ],
            ),
            {"Authorization": f"Bearer {account['key']}"},
            b"",
            method="GET",
        )
        for each in samples
    ]


TARGET: Final = Target(
    slug="windy",
    name="Windy",
    about=gettext_noop("The map of Windy.com."),
    sign_up="https://stations.windy.com/",
    documentation="https://stations.windy.com/api-reference",
    account=(
        AccountField(
            name="station",
            label=gettext_noop("Station ID"),
            help=gettext_noop("On the page of your station."),
            pattern=r"[A-Za-z0-9_-]{1,40}",
            wrong=gettext_noop("An ID has letters, digits, - and _ only."),
        ),
        AccountField(
            name="key",
            label=gettext_noop("Station password"),
            help=gettext_noop("The password of the station, not of your account."),
            pattern=r"[\x21-\x7e]{4,300}",
            wrong=gettext_noop("A password has no blanks."),
            is_secret=True,
            longest=300,
        ),
    ),
    columns=COLUMNS,
    limits=gettext_noop("The newest reading, at most every 5 minutes; none older than an hour."),
    interval_s=300,
    shortest_s=300,
    stale=timedelta(hours=1),
    rain=("rain_1h",),
    derives=("dew_point", "sea_level_pressure"),
    write=_write,
)
