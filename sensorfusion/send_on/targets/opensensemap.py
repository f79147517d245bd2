"""openSenseMap: a list of measurements, each with the sensor of a box, its value and its instant.

A box has sensors of its owner's choice, each with a unit of its own, so the account names one for each quantity that is
sent: `pressure = 5f2b56f4263635001c1dd1fd Pa`. Past measurements are taken, 2,500 in a request.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, cast, get_args

from django.utils.translation import gettext, gettext_noop

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.units import UnknownUnit, WrongUnit, unit_in_context
from sensorfusion.outgoing.request import Request
from sensorfusion.readings.storage.wire import instant
from sensorfusion.send_on.targets.fields import RAIN_MIDNIGHT, kept_in, written
from sensorfusion.send_on.targets.target import Account, AccountField, Column, Rain, Sample, Target
from sensorfusion.sensors.models import Sensor

ADDRESS: Final = "https://api.opensensemap.org/boxes/{box}/data"
SENSORS_MOST: Final = 25
BATCH: Final = 100  # with as many sensors as there may be: 2,500 measurements
_DECIMALS: Final = 2
_DERIVED: Final = ("dew_point", "sea_level_pressure")
_LINE: Final = re.compile(r"(?P<quantity>[^\s=]+)\s*=\s*(?P<sensor>[0-9a-z]{20,32})(?:\s+(?P<unit>\S.*))?")


class _Wrong(ValueError):
    """What is wrong with the lines of sensors, in words."""


def columns_of(account: Account) -> tuple[Column, ...]:
    """Return the quantities that are sent, each with the box's sensor and its unit.

    :raises ValueError: with what is wrong with a line.
    """
    columns = tuple(_columns(account["sensors"]))
    if len(columns) > SENSORS_MOST:
        raise _Wrong(gettext("A box has at most {count} sensors here.").format(count=SENSORS_MOST))
    if len({each.field for each in columns}) < len(columns):
        raise _Wrong(gettext("Two lines name the same sensor."))
    if len({each.quantity for each in columns}) < len(columns):
        raise _Wrong(gettext("Two lines name the same quantity."))
    return columns


def _columns(lines: str) -> Iterator[Column]:
    for line in filter(None, map(str.strip, lines.splitlines())):
        found = _LINE.fullmatch(line)
        if found is None:
            raise _Wrong(gettext("“{line}” is not a quantity, = and the ID of a sensor.").format(line=line[:60]))
        yield Column(found["quantity"], found["sensor"], _unit(found["quantity"], found["unit"]), _DECIMALS)


def _unit(name: str, spelled: str | None) -> str:
    known = known_quantity(name)
    if name != RAIN_MIDNIGHT and (known is None or known.name != name or known.kind != "number"):
        raise _Wrong(gettext("“{name}” is no number that the list of quantities has.").format(name=name[:60]))
    if known is not None and known.combine == "sum":
        why = gettext("{name} is an amount since the reading before, and not every reading is sent: take rain_1h.")
        raise _Wrong(why.format(name=name))
    try:
        return unit_in_context(spelled, kept_in=kept_in(name)) if spelled else kept_in(name)
    except (UnknownUnit, WrongUnit) as error:
        raise _Wrong(f"{name}: {error}.") from None


def _suited(target: Target, account: Account) -> Target:
    columns = columns_of(account)
    asked = {each.quantity for each in columns}
    rain = cast("tuple[Rain, ...]", tuple(name for name in get_args(Rain) if name in asked))
    return replace(target, columns=columns, rain=rain, derives=tuple(name for name in _DERIVED if name in asked))


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    columns = columns_of(account)
    measurements = [
        {"sensor": sensor, "value": text, "createdAt": instant(each.observed_at)}
        for each in samples
        for sensor, text in written(each, columns)
    ]
    token = {"Authorization": account["token"]} if account.get("token") else {}
    headers = {"Content-Type": "application/json", **token}
    return [Request(ADDRESS.format(box=account["box"]), headers, json.dumps(measurements).encode())]


def _mistake(account: Account, sensor: Sensor) -> str:
    try:
        return "" if columns_of(account) else gettext("Name a sensor for at least one quantity.")
    except _Wrong as error:
        return str(error)


TARGET: Final = Target(
    slug="opensensemap",
    name="openSenseMap",
    about=gettext_noop("The map of the senseBox project, with an open archive of all that was measured."),
    sign_up="https://opensensemap.org/account",
    documentation="https://docs.opensensemap.org/",
    account=(
        AccountField(
            name="box",
            label=gettext_noop("senseBox ID"),
            help=gettext_noop("On the page of your box."),
            pattern=r"[0-9a-z]{20,32}",
            wrong=gettext_noop("An ID has 20 to 32 digits and small letters."),
        ),
        AccountField(
            name="token",
            label=gettext_noop("Access token"),
            help=gettext_noop("Under Security in the settings of your box; empty if it asks for none."),
            pattern=r"[\x21-\x7e]{8,200}",
            wrong=gettext_noop("A token has no blanks."),
            is_secret=True,
            is_optional=True,
        ),
        AccountField(
            name="sensors",
            label=gettext_noop("Sensors of the box"),
            help=gettext_noop(
                "A line for each: our quantity, = and the sensor’s ID; then its unit if it is another one, such as "
                "pressure = 5f2b56f4263635001c1dd1fd Pa."
            ),
            pattern=r"[^\x00]+",
            wrong=gettext_noop("Write a line for each sensor."),
            lines=True,
            longest=4000,
        ),
    ),
    limits=gettext_noop(
        "One reading of each interval, with the values for which you name a sensor; after an outage those of the "
        "last 30 days."
    ),
    interval_s=60,
    shortest_s=10,
    stale=timedelta(days=30),
    batch=BATCH,
    thins=True,
    write=_write,
    mistake=_mistake,
    mistake_at="sensors",
    suited=_suited,
)
