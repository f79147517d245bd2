"""AWEKAS: a GET with one text of values, metric, each known by its position, parted by semicolons.

Pos1 is the user, Pos2 the MD5 sum of the password, Pos3 and Pos4 date and time, Pos7 the pressure at sea level in hPa,
Pos8 the rain since midnight in mm, and wind is in km/h (AWEKAS API, as WeeWX has it in restx.py). The description does
not say the time's zone: Cumulus sends the station's local time, as here, WeeWX UTC. A position without a value is
empty. Conditions, snow and trends are left out.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from django.utils.translation import gettext_noop

from sensorfusion.domain.consoles.field import PCT
from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.fields import written
from sensorfusion.send_on.targets.target import SOFTWARE, Account, AccountField, Column, Sample, Target

ADDRESS: Final = "https://data.awekas.at/eingabe_pruefung.php"
POSITIONS: Final = 25
COLUMNS: Final = (
    Column("temperature", "Pos5", "Cel", 1),
    Column("humidity", "Pos6", PCT, 0),
    Column("sea_level_pressure", "Pos7", "hPa", 1),
    Column("rain_midnight", "Pos8", "mm", 2),
    Column("wind_speed", "Pos9", "km/h", 1),
    Column("wind_direction", "Pos10", "deg", 0),
    Column("wind_gust", "Pos16", "km/h", 1),
    Column("solar_radiation", "Pos17", "W/m2", 1),
    Column("uv_index", "Pos18", "1", 1),
    Column("illuminance", "Pos19", "lx", 0),
    Column("soil_temperature", "Pos21", "Cel", 1),
    Column("rain_rate", "Pos22", "mm/h", 2),
)


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    return [
        Request(f"{ADDRESS}?val={quote(_values(each, account), safe=';:')}", {}, b"", method="GET") for each in samples
    ]


def _values(sample: Sample, account: Account) -> str:
    at = sample.observed_at.astimezone(sample.zone)
    positions = {
        "Pos1": account["user"],
        "Pos2": hashlib.md5(account["password"].encode(), usedforsecurity=False).hexdigest(),
        "Pos3": at.strftime("%d.%m.%Y"),
        "Pos4": at.strftime("%H:%M"),
        "Pos14": "en",
        "Pos23": SOFTWARE,
        **dict(written(sample, COLUMNS)),
    }
    return ";".join(positions.get(f"Pos{number}", "") for number in range(1, POSITIONS + 1))


def _refusal(answer: str) -> str:
    """Read the body: the status is good whatever it says."""
    said = answer.strip()
    if said.startswith("Benutzer/Passwort Fehler"):
        return gettext_noop("it does not know this user with this password")
    return "" if said.startswith("OK") else f"it answers “{said[:80]}”"


TARGET: Final = Target(
    slug="awekas",
    name="AWEKAS",
    about=gettext_noop("The Austrian map of weather stations all over the world."),
    sign_up="https://www.awekas.at/",
    documentation="https://www.awekas.at/for2/index.php?thread/229",
    account=(
        AccountField(
            name="user",
            label=gettext_noop("User name"),
            help=gettext_noop("With which you sign in at AWEKAS."),
            pattern=r"[\x21-\x3a\x3c-\x7e]{2,60}",
            wrong=gettext_noop("A user name has no blanks and no semicolons."),
        ),
        AccountField(
            name="password",
            label=gettext_noop("Password"),
            help=gettext_noop("Of your AWEKAS account; its MD5 sum is sent, as AWEKAS asks for."),
            pattern=r"[\x20-\x7e]{4,100}",
            wrong=gettext_noop("A password has 4 to 100 letters, digits and signs."),
            is_secret=True,
        ),
    ),
    columns=COLUMNS,
    limits=gettext_noop(
        "The newest reading, at most once a minute, and every 5 minutes without AWEKAS Plus; none older than 15 "
        "minutes."
    ),
    interval_s=300,
    shortest_s=60,
    stale=timedelta(minutes=15),
    rain=("rain_midnight",),
    derives=("sea_level_pressure",),
    write=_write,
    refusal=_refusal,
)
