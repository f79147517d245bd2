"""PWSweather: Weather Underground's fields at its own address, as WeeWX sends them.

`baromin` is the pressure at sea level, `rainin` the rain of the last hour, `dailyrainin` that since local midnight.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.fields import as_console
from sensorfusion.send_on.targets.target import Account, AccountField, Sample, Target
from sensorfusion.send_on.targets.wunderground import COMMON

ADDRESS: Final = "https://pwsupdate.pwsweather.com/api/v1/submitwx"


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    credentials = [("action", "updateraw"), ("ID", account["station"]), ("PASSWORD", account["key"])]
    return [as_console(ADDRESS, credentials, sample, COMMON) for sample in samples]


def _refusal(answer: str) -> str:
    lines = [line.strip() for line in answer.splitlines()]
    wrong = next((line for line in lines if line.upper().startswith(("ERROR", "INVALID"))), "")
    return f"it answers “{wrong[:80]}”" if wrong else ""


TARGET: Final = Target(
    slug="pwsweather",
    name="PWSweather",
    about=gettext_noop("The network of Vaisala Xweather for personal weather stations."),
    sign_up="https://dashboard.pwsweather.com/",
    documentation="https://github.com/weewx/weewx/blob/master/src/weewx/restx.py",
    account=(
        AccountField(
            name="station",
            label=gettext_noop("Station ID"),
            help=gettext_noop("As your dashboard lists it."),
            pattern=r"[A-Za-z0-9_-]{2,40}",
            wrong=gettext_noop("A station ID has letters, digits, - and _ only."),
        ),
        AccountField(
            name="key",
            label=gettext_noop("API key"),
            help=gettext_noop("The station's key, under Admin."),
            pattern=r"[\x21-\x7e]{4,64}",
            wrong=gettext_noop("A key has no blanks."),
            is_secret=True,
        ),
    ),
    columns=COMMON,
    limits=gettext_noop("The newest reading, at most once a minute; none older than 15 minutes."),
    interval_s=300,
    shortest_s=60,
    stale=timedelta(minutes=15),
    rain=("rain_1h", "rain_midnight"),
    derives=("dew_point", "sea_level_pressure"),
    write=_write,
    refusal=_refusal,
)
