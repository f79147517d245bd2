"""sensor.community: a POST for each kind of sensor of a device, whose pin says what it is; the server sets the time.

Pin 1 has particles (`P1` is PM10, `P2` is PM2.5), pin 11 a BME280: temperature, humidity and the station's pressure in
Pa. Devices send every 145 s. Values that are not of the present cannot be sent.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.fields import written
from sensorfusion.send_on.targets.target import SOFTWARE, Account, AccountField, Column, Sample, Target

ADDRESS: Final = "https://api.sensor.community/v1/push-sensor-data/"
PINS: Final = {
    "1": (Column("pm10", "P1", "ug/m3", 2), Column("pm2_5", "P2", "ug/m3", 2)),
    "11": (
        Column("temperature", "temperature", "Cel", 2),
        Column("humidity", "humidity", "%", 2),
        Column("pressure", "pressure", "Pa", 2),
    ),
}


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    return [
        _request(account["node"], pin, values)
        for each in samples
        for pin, columns in PINS.items()
        if (values := list(written(each, columns)))
    ]


def _request(node: str, pin: str, values: Sequence[tuple[str, str]]) -> Request:
    measured = [{"value_type": name, "value": text} for name, text in values]
    body = json.dumps({"software_version": SOFTWARE, "sensordatavalues": measured}).encode()
    return Request(ADDRESS, {"Content-Type": "application/json", "X-Pin": pin, "X-Sensor": node}, body)


TARGET: Final = Target(
    slug="sensor-community",
    name="sensor.community",
    about=gettext_noop("The map of particles and weather that began as luftdaten.info."),
    sign_up="https://devices.sensor.community/",
    documentation="https://github.com/opendata-stuttgart/meta/wiki/EN-APIs",
    account=(
        AccountField(
            name="node",
            label=gettext_noop("Sensor"),
            help=gettext_noop("The ID with which you registered the device, such as esp32-12345678."),
            pattern=r"[A-Za-z0-9]{2,20}-[A-Za-z0-9]{2,40}",
            wrong=gettext_noop("An ID has a board and a number, such as esp32-12345678."),
        ),
    ),
    columns=tuple(column for columns in PINS.values() for column in columns),
    limits=gettext_noop(
        "The newest reading, at most once a minute; none older than 5 minutes, as it gets the time of its arrival."
    ),
    interval_s=145,
    shortest_s=60,
    stale=timedelta(minutes=5),
    write=_write,
)
