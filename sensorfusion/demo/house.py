"""The demo's second site: one sensor of each kind, simulated; its history is loaded beside the running server.

`prepare` creates the site and the keys before the server starts. `fill` copies a year of history into tables, by the
process that later sends the present: the first page does not wait for it.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import psycopg
from django.db import transaction

from sensorfusion.accounts.models import Operator
from sensorfusion.clock import Clock
from sensorfusion.demo import demo_files
from sensorfusion.demo.bulk_history import Plan, load
from sensorfusion.demo.demo_files import StationKey
from sensorfusion.demo.house_signals import EVERY_S, SIGNALS, Signal
from sensorfusion.demo.replay import ANSWER_WITHIN_S, Voice
from sensorfusion.events.postgres import conninfo
from sensorfusion.sensors.keys.secrets import digest
from sensorfusion.sensors.models import Key, Sensor, Site, Transport
from sensorfusion.sensors.queries import visible_sensors, visible_sites
from sensorfusion.sensors.services import add_sensor, create_site, rotate_key

SITE: Final = "Elm Cottage"
NOTICE: Final = "Demo: simulated sensors, one of each kind."
LIVE_EVERY_S: Final = 10.0
YEAR: Final = timedelta(days=365)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Thing:
    """One sensor of the house; `code` names its signal."""

    code: str
    name: str
    kind: str
    description: str
    quantities: dict[str, dict[str, Any]] = field(default_factory=dict)


THINGS: Final = (
    Thing(
        "freezer",
        "Freezer",
        "freezer",
        "A simulated freezer: it cycles, warms while its door is open, and thaws now and then.",
        {"temperature": {"low": -25, "high": -18}},
    ),
    Thing("room", "Class room 204", "room", "A simulated class room with lessons on weekdays."),
    Thing("meter", "Electricity", "meter", "A simulated meter of a household.", {"energy": {"colour": "s6"}}),
    Thing(
        "tank",
        "Rain water",
        "tank",
        "A simulated tank that waters a garden.",
        {"fill_level": {"label": "Fill level", "unit": "%", "decimals": 0, "colour": "s8"}},
    ),
    Thing(
        "door",
        "Shop door",
        "contact",
        "A simulated contact that reports when the door moves.",
        {"door_open": {"colour": "s3"}},
    ),
)


@transaction.atomic
def prepare(*, operator: Operator, data: Path, now: datetime) -> dict[str, Sensor]:
    """Create the site, its sensors and their keys, as far as they are missing; return the sensors by code."""
    kept = demo_files.keys(data, demo_files.HOUSE_KEYS_FILE)
    known = {code: sensor for code, each in kept.items() if (sensor := _known(operator, each))}
    site = next((sensor.site for sensor in known.values()), None) or _site(operator, now)
    sensors, keys = {}, {}
    for thing in THINGS:
        sensor = known.get(thing.code) or Sensor.objects.filter(site=site, name=thing.name).first()
        sensors[thing.code], keys[thing.code] = _with_key(operator, site, thing, sensor, kept, now)
    if keys != kept:
        demo_files.keep_keys(data, keys, demo_files.HOUSE_KEYS_FILE)
    return sensors


def fill(sensors: Mapping[str, int], *, now: datetime) -> int:
    """Load a year of history for sensors (by code) that have no readings; return the number of readings."""
    end = now.replace(second=0, microsecond=0)
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        found = connection.execute(
            "SELECT sensor_id FROM sensor_state WHERE sensor_id = ANY(%s)", [list(sensors.values())]
        )
        has_readings = {row[0] for row in found}
        missing = {code: sensor for code, sensor in sensors.items() if sensor not in has_readings}
        if not missing:
            return 0
        plan = Plan(list(missing.values()), end - YEAR, end, every_s=EVERY_S, quantities=0, seed=0)
        return load(connection, plan, step=lambda done, rows: None, sources=[Signal(code) for code in missing])


async def live(url: str, data: Path, stop: asyncio.Event, *, now: Clock) -> None:
    """Load the history, then send what each sensor measures, until `stop` is set."""
    kept = demo_files.keys(data, demo_files.HOUSE_KEYS_FILE)
    if not kept:
        return
    try:
        await asyncio.to_thread(_fill_by_keys, kept, now())
    except psycopg.Error:
        _log.warning("The history of the simulated sensors could not be loaded", exc_info=True)
    async with (
        httpx2.AsyncClient(base_url=url, timeout=ANSWER_WITHIN_S, trust_env=False) as client,
        asyncio.TaskGroup() as group,
    ):
        voices = [Voice(code, data, client, keys_file=demo_files.HOUSE_KEYS_FILE) for code in kept if code in SIGNALS]
        speaking = [group.create_task(voice.speak()) for voice in voices]
        while not stop.is_set():
            at = now()
            for voice in voices:
                voice.add({"observed_at": at.isoformat(), "values": SIGNALS[voice.code](at.timestamp())})
            await _pause(stop)
        for task in speaking:
            task.cancel()


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), LIVE_EVERY_S)
    except TimeoutError:
        return


def _fill_by_keys(kept: Mapping[str, StationKey], now: datetime) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT uuid, id FROM sensors_sensor WHERE uuid = ANY(%s)", [[each.sensor for each in kept.values()]]
        ).fetchall()
    ids: dict[Any, int] = dict(rows)
    fill({code: ids[each.sensor] for code, each in kept.items() if each.sensor in ids}, now=now.astimezone(UTC))


def _known(operator: Operator, kept: StationKey) -> Sensor | None:
    return visible_sensors(operator).select_related("site").filter(uuid=kept.sensor).first()


def _site(operator: Operator, now: datetime) -> Site:
    return visible_sites(operator).filter(name=SITE).first() or create_site(
        by=operator, now=now, name=SITE, notice=NOTICE, time_zone="America/New_York"
    )


def _with_key(
    operator: Operator, site: Site, thing: Thing, sensor: Sensor | None, kept: dict[str, StationKey], now: datetime
) -> tuple[Sensor, StationKey]:
    if sensor is None:
        issued = add_sensor(
            by=operator,
            site=site,
            now=now,
            name=thing.name,
            description=thing.description,
            model="Simulated",
            transport=Transport.HTTP,
            kind=thing.kind,
            quantities=thing.quantities,
        )
        return issued.sensor, StationKey(issued.sensor.uuid, issued.text)
    have = kept.get(thing.code)
    if have and Key.objects.filter(sensor=sensor, digest=digest(have.key), revoked_at=None).exists():
        return sensor, have
    return sensor, StationKey(sensor.uuid, rotate_key(by=operator, sensor=sensor, now=now).text)
