"""The demo site: real observations of three airports in 2013, shifted to the last twelve months.

It is created once and found again afterwards; renamed objects keep their names. Each run adds the observations that
are missing up to now, so a demo that was off for a week has no gap.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.accounts.services import make_operator
from sensorfusion.demo import demo_files
from sensorfusion.demo.demo_files import StationKey
from sensorfusion.demo.shift_year import year_before
from sensorfusion.demo.stations import STATIONS, Station, lines, shifted_lines
from sensorfusion.ingest.files.loading import Loader, Report
from sensorfusion.ingest.files.rows import Line
from sensorfusion.ingest.steps.batch import Source
from sensorfusion.ingest.storing.imports import Store
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors.fields import SensorDetails
from sensorfusion.sensors.keys.secrets import digest
from sensorfusion.sensors.models import Key, Sensor, Site, Status, Transport
from sensorfusion.sensors.queries import visible_sensors, visible_sites
from sensorfusion.sensors.services import add_sensor, create_site, rotate_key
from sensorfusion.terminal.progress import Step

EMAIL = "demo@sensorfusion.local"
SITE = "New York airports"
NOTICE = "Demo: real 2013 observations, moved in time. Between the hourly values the demo interpolates."
BATCH = 5000
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's operator, site and sensors. The password is empty if it was changed."""

    operator: Operator
    password: str
    site: Site
    sensors: dict[str, Sensor]  # by the station's code


@transaction.atomic
def prepare(*, data: Path, now: datetime) -> Demo:
    """Create the demo's operator, site, sensors and keys, as far as they are missing."""
    operator, password = _operator(data, now)
    kept = demo_files.keys(data)
    known = {code: sensor for code, each in kept.items() if (sensor := _known(operator, each.sensor))}
    site = next((sensor.site for sensor in known.values()), None) or _site(operator, now)
    keys, sensors = {}, {}
    for station in STATIONS:
        sensor = known.get(station.code) or Sensor.objects.filter(site=site, name=station.name).first()
        sensors[station.code], keys[station.code] = _with_key(operator, site, station, sensor, kept, now)
    if keys != kept:
        demo_files.keep_keys(data, keys)
    return Demo(operator, password, site, sensors)


def fill_up(*, demo: Demo, store: Store, now: Callable[[], datetime], step: Step) -> Report:
    """Store the stations' observations that are missing between a year ago and now.

    :raises Interrupted: the database went down; the rest is added by the next run.
    """
    sensors = {code: sensor for code, sensor in demo.sensors.items() if sensor.status != Status.PAUSED}
    missing = _missing(sensors, now())
    targets = _Stations({code: Source(sensor.pk, str(sensor.uuid)) for code, sensor in sensors.items()})
    with Loader(targets=targets, store=store, now=now) as loader:
        for start in range(0, len(missing), BATCH):
            loader.load(missing[start : start + BATCH])
            step(loader.report.rows, loader.report.rows)
        loader.finish()
        return loader.report


class _Stations:
    """A target that assigns each row to the sensor of its station."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self._sources = sources

    def expect(self, names: AbstractSet[str]) -> None:
        pass

    def of(self, name: str) -> Source | None:
        return self._sources.get(name)

    def problem(self, name: str) -> str:
        return f"there is no station {name}"


def _operator(data: Path, now: datetime) -> tuple[Operator, str]:
    operator = operator_by_email(EMAIL)
    password = demo_files.password(data)
    if operator is None:
        password = password or demo_files.make_password(data)
        return make_operator(email=EMAIL, password=password, name="Demo", now=now), password
    if not password:  # the database was created with another data directory
        password = demo_files.make_password(data)
        operator.set_password(password)
        operator.save(update_fields=["password"])
    return operator, password if operator.check_password(password) else ""


def _known(operator: Operator, uuid: UUID) -> Sensor | None:
    return visible_sensors(operator).select_related("site").filter(uuid=uuid).first()


def _site(operator: Operator, now: datetime) -> Site:
    return visible_sites(operator).filter(name=SITE).first() or create_site(
        by=operator,
        now=now,
        name=SITE,
        notice=NOTICE,
        time_zone="America/New_York",
        latitude=40.703,
        longitude=-73.94,
        elevation_m=5.0,
    )


def _with_key(
    operator: Operator, site: Site, station: Station, sensor: Sensor | None, kept: dict[str, StationKey], now: datetime
) -> tuple[Sensor, StationKey]:
    """Return the station's sensor and a valid key."""
    if sensor is None:
        issued = add_sensor(by=operator, site=site, now=now, **_details(station))
        return issued.sensor, StationKey(issued.sensor.uuid, issued.text)
    key = kept.get(station.code)
    if key and Key.objects.filter(sensor=sensor, digest=digest(key.key), revoked_at=None).exists():
        return sensor, key
    return sensor, StationKey(sensor.uuid, rotate_key(by=operator, sensor=sensor, now=now).text)


def _details(station: Station) -> SensorDetails:
    return {
        "name": station.name,
        "description": station.description,
        "model": "ASOS",
        "transport": Transport.HTTP,
        "latitude": station.latitude,
        "longitude": station.longitude,
        "elevation_m": station.elevation_m,
    }


def _missing(sensors: dict[str, Sensor], now: datetime) -> Sequence[Line]:
    """Return the missing observations of all stations in order of time, so that an interruption leaves no gap.

    An hour for which the replayer sent readings is not filled, because its rain is counted already.
    """
    stored_until = dict(
        SensorState.objects.filter(sensor__in=sensors.values()).values_list("sensor_id", "stored_until")
    )
    begin = year_before(now)
    after = {code: _next_after(stored_until.get(sensor.pk), begin) for code, sensor in sensors.items()}
    earliest = min(after.values(), default=now)
    if earliest >= now:
        return []
    found = shifted_lines(lines(), after=earliest, until=now)
    return [
        line
        for line in found
        if line.sensor in after and datetime.fromisoformat(str(line.sent.observed_at)) > after[line.sensor]
    ]


def _next_after(stored_until: datetime | None, begin: datetime) -> datetime:
    """Return the instant after which whole hours are missing."""
    if stored_until is None or stored_until < begin:
        return begin
    return stored_until + HOUR - timedelta(microseconds=1)
