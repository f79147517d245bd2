"""CWOP: one APRS weather packet over TCP for each report, which reaches NOAA's MADIS.

`b` is the altimeter setting in tenths of hPa, which follows from the station's pressure and elevation alone; `r`, `p`
and `P` are the rain of the last hour, of 24 hours and since local midnight in hundredths of an inch; `L` and `l` the
solar radiation. Wind and temperature have their places in every packet: `...` where there is none
(APRS Protocol Reference 1.0.1, chapter 12; wxqa.com, FAQ). At most a packet every 5 minutes; MADIS reads each quarter
of an hour.
"""

import math
import re
from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Final

from django.utils.translation import gettext, gettext_noop

from sensorfusion.domain.consoles.field import IN, MPH, PCT, F
from sensorfusion.domain.units import convert
from sensorfusion.send_on.targets.fields import ALTIMETER, kept_in
from sensorfusion.send_on.targets.target import SOFTWARE, Account, AccountField, Column, Lines, Sample, Target
from sensorfusion.sensors.models import Sensor

HOST, PORT = "cwop.aprs.net", 14580
COLUMNS: Final = (
    Column("wind_direction", "_", "deg", 0),
    Column("wind_speed", "/", MPH, 0),
    Column("wind_gust", "g", MPH, 0),
    Column("temperature", "t", F, 0),
    Column("rain_1h", "r", IN, 2),
    Column("rain_24h", "p", IN, 2),
    Column("rain_midnight", "P", IN, 2),
    Column("humidity", "h", PCT, 0),
    Column(ALTIMETER, "b", "hPa", 1),
    Column("solar_radiation", "L", "W/m2", 0),
)
_BRIGHT: Final = 1000
_LOGIN: Final = re.compile(r"logresp ([A-Z0-9-]{3,10}) (verified|unverified)")
_CWOP_ID: Final = re.compile(r"[A-Z]W[0-9]{4}")


def packet(sample: Sample, station: str) -> str:
    """Write the packet of a sample whose place is known."""
    latitude, longitude = sample.place.latitude or 0.0, sample.place.longitude or 0.0
    at = sample.observed_at.astimezone(UTC).strftime("@%d%H%Mz")
    where = f"{_angle(latitude, 'NS', 2)}/{_angle(longitude, 'EW', 3)}"
    return f"{station}>APRS,TCPIP*:{at}{where}{_weather(sample)}.{SOFTWARE}"


def _weather(sample: Sample) -> str:
    found = {each.field: _rounded(sample, each) for each in COLUMNS}
    wind = found["_"]
    direction = None if wind is None else (wind % 360 or 360)
    text = f"_{_three(direction)}/{_three(found['/'])}g{_three(found['g'])}t{_three(found['t'])}"
    text += "".join(f"{name}{found[name]:03d}" for name in "rpP" if found[name] is not None)
    humidity, pressure, sun = found["h"], found["b"], found["L"]
    if humidity is not None:
        text += f"h{1 if humidity < 1 else humidity % 100:02d}"  # 00 is 100 %
    if pressure is not None:
        text += f"b{pressure:05d}"
    if sun is not None and 0 <= sun < 2 * _BRIGHT:
        text += f"L{sun:03d}" if sun < _BRIGHT else f"l{sun - _BRIGHT:03d}"
    return text


def _rounded(sample: Sample, column: Column) -> int | None:
    """Return a value in units of the last place of its field."""
    value = sample.number(column.quantity)
    if value is None:
        return None
    exact = convert(value, from_unit=kept_in(column.quantity), to_unit=column.unit) * 10.0**column.decimals
    return math.floor(exact + 0.5)


def _three(number: int | None) -> str:
    """Write three places; below zero the sign takes one."""
    return "..." if number is None or not -100 < number < 1000 else f"{number:03d}"


def _angle(degrees: float, sides: str, width: int) -> str:
    """Write degrees and hundredths of minutes with leading zeros, and the side."""
    hundredths = round(abs(degrees) * 6000)
    whole, minutes = divmod(hundredths, 6000)
    return f"{whole:0{width}d}{minutes // 100:02d}.{minutes % 100:02d}{sides[degrees < 0]}"


def _write(samples: Sequence[Sample], account: Account) -> list[Lines]:
    station = account["station"].upper()
    login = f"user {station} pass {account.get('passcode') or '-1'} vers {SOFTWARE} 1"
    return [Lines(HOST, PORT, login, tuple(packet(each, station) for each in samples))]


def _refusal(answer: str) -> str:
    """Read the answer to the login: servers drop the packets of call signs that are not verified."""
    found = _LOGIN.search(answer)
    if found is None or found[2] == "verified" or _CWOP_ID.fullmatch(found[1]):
        return ""
    return f"it does not accept the passcode of {found[1]}"


def _mistake(account: Account, sensor: Sensor) -> str:
    for place in (sensor, sensor.site):
        if place.latitude is not None and place.longitude is not None:
            return ""
    return gettext(
        "A packet says where the station is. Enter the latitude and longitude of the sensor, or of its site, first."
    )


TARGET: Final = Target(
    slug="cwop",
    name="CWOP",
    about=gettext_noop("The Citizen Weather Observer Program: your readings reach the forecasters of NOAA."),
    sign_up="https://madis.ncep.noaa.gov/madis_cwop.shtml",
    documentation="http://www.wxqa.com/faq.html",
    account=(
        AccountField(
            name="station",
            label=gettext_noop("Station"),
            help=gettext_noop("The CWOP ID, such as DW1234, or your amateur radio call sign."),
            pattern=r"[A-Za-z0-9]{3,7}(-[0-9A-Za-z]{1,2})?",
            wrong=gettext_noop("It has 3 to 7 letters and digits."),
        ),
        AccountField(
            name="passcode",
            label=gettext_noop("Passcode"),
            help=gettext_noop("Only with a call sign; empty with a CWOP ID."),
            pattern=r"[0-9]{1,5}",
            wrong=gettext_noop("A passcode has up to five digits."),
            is_secret=True,
            is_optional=True,
        ),
    ),
    columns=COLUMNS,
    limits=gettext_noop("The newest reading, at most every 5 minutes; none older than 10 minutes."),
    interval_s=600,
    shortest_s=300,
    stale=timedelta(minutes=10),
    sends_suspect=True,  # MADIS checks every value, and tells neighbours apart
    rain=("rain_1h", "rain_24h", "rain_midnight"),
    derives=(ALTIMETER,),
    write=_write,
    refusal=_refusal,
    mistake=_mistake,
)
