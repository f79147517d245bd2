"""A sensor of the platform that got the data of one case: stored, edited and rolled up as the platform does it.

This is the only part of these tests that calls the platform other than by its API; the oracle never does.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

import time_machine
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Sent as SentReading
from sensorfusion.ingest.steps.batch import Source
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.storage.retention import Retention
from sensorfusion.sensors.models import Sensor, Site, Status
from tests.readings.rolled import work
from tests.truth.made_data import Case, Made, Sent, made
from tests.truth.oracle.buckets import Buckets
from tests.truth.oracle.calendar import DAY, Calendar
from tests.truth.oracle.evaporation import Where
from tests.truth.oracle.quantities import COMBINES
from tests.truth.oracle.stored import Excluded, Reading, all_readings, counted

WHERE: Final = Where(52.24, 21.01, 113.0)
# What the owner chose; tests/truth/page/said.py writes the same by hand.
SHOWN: Final = {"humidity": {"decimals": 1}, "pressure": {"label": "Barometer"}}


@dataclass
class Station:
    """A sensor, and what is told of it."""

    case: Case
    made: Made
    owner: Operator
    sensor: Sensor
    readings: Sequence[Reading] = ()
    kept: Sequence[Reading] = ()  # those that retention left

    @property
    def now(self) -> datetime:
        return self.made.now

    @property
    def excluded(self) -> Sequence[Excluded]:
        return self.made.excluded

    @cached_property
    def buckets(self) -> Buckets:
        """The readings that count, in the site's calendar."""
        first, last = (datetime.fromtimestamp(at, UTC).date() for at in (self.readings[0].at, self.now.timestamp()))
        calendar = Calendar(self.case.zone, self.case.starts_h, first - 40 * DAY, last + 40 * DAY)
        return Buckets(counted(self.readings, self.excluded), calendar)

    @cached_property
    def names(self) -> list[str]:
        """The quantities that the sensor has sent."""
        return sorted({name for each in self.readings for name in each.values if name in COMBINES})

    def get(self, endpoint: str, **query: Any) -> Any:
        """Return the answer of an address below the sensor's."""
        return self.answer(f"/api/v1/sensors/{self.sensor.uuid}/{endpoint}", **query).json()

    def answer(self, address: str, **query: Any) -> Any:
        """Return a response as of the station's now."""
        with time_machine.travel(self.now, tick=False):
            answer = self._client.get(address, query or None)
        assert answer.status_code == 200, (address, query, answer.content[:300])
        return answer

    def page(self, span: str) -> str:
        """Return the report page of a range as HTML."""
        browser = Client()
        with time_machine.travel(self.now, tick=False):
            browser.force_login(self.owner)
            answer = browser.get(f"/sensors/{self.sensor.uuid}/", {"r": span})
        assert answer.status_code == 200, (span, answer.content[:300])
        return answer.content.decode()

    def visit(self, address: str) -> Any:
        """Return what somebody without an account is answered."""
        with time_machine.travel(self.now, tick=False):
            answer = Client().get(address)
        assert answer.status_code == 200, (address, answer.content[:300])
        return answer

    def post(self, endpoint: str, body: dict[str, Any]) -> Any:
        with time_machine.travel(self.now, tick=False):
            answer = self._client.post(f"/api/v1/sensors/{self.sensor.uuid}/{endpoint}", body, format="json")
        assert answer.status_code in (200, 201), answer.content[:300]
        return answer.json()

    def delete(self, start: datetime, end: datetime) -> None:
        address = f"/api/v1/sensors/{self.sensor.uuid}/readings"
        with time_machine.travel(self.now, tick=False):
            answer = self._client.delete(f"{address}?from={start.timestamp()}&to={end.timestamp()}")
        assert answer.status_code == 200, answer.content[:300]

    @cached_property
    def _client(self) -> APIClient:
        client = APIClient()
        client.force_authenticate(self.owner)
        return client


@contextmanager
def standing(case: Case, data: Made | None = None) -> Iterator[Station]:
    """Make a station with the data of a case, ask for all its readings, and then let retention remove the older."""
    owner = Operator.objects.create(email="owner@example.org", name="Owner")
    site = Site.objects.create(
        name="Orchard",
        time_zone=case.zone,
        day_starts_h=case.starts_h,
        latitude=WHERE.latitude,
        longitude=WHERE.longitude,
        elevation_m=WHERE.elevation_m,
    )
    Membership.objects.create(operator=owner, site=site, role=Role.OWNER)
    sensor = Sensor.objects.create(
        site=site,
        name="Orchard station",
        status=Status.ACTIVE,
        quantities=SHOWN,
    )
    station = Station(case, data or made(case), owner, sensor)
    try:
        _store(station)
        _edit(station)
        _roll_up(station)
        station.readings = station.kept = _readings(station)
        if case.is_retained:
            _retain(station)
            station.kept = _readings(station)
        yield station
    finally:
        _empty_tables()


def _empty_tables() -> None:
    """Remove all rows but those that migrations make, such as permissions: tests that come later need them."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    ours = [connection.ops.quote_name(name) for name in names if not name.startswith(("auth_", "django_"))]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(ours)} RESTART IDENTITY CASCADE")


def _readings(station: Station) -> list[Reading]:
    return all_readings(lambda address: station.answer(address).json(), str(station.sensor.uuid))


def _store(station: Station) -> None:
    with WriterConnection(conninfo()) as writer:
        for received_at, batch in station.made.batches:
            drafts = check([_as_sent(each) for each in batch], received_at=received_at, is_import=True).drafts
            source = Source(station.sensor.pk, str(station.sensor.uuid))
            writer.store([WriteRequest(source, received_at, drafts)])
            _roll_up(station)


def _as_sent(one: Sent) -> SentReading:
    return SentReading(values=dict(one.values), observed_at=one.at.isoformat())


def _edit(station: Station) -> None:
    for start, end in station.made.deleted:
        station.delete(start, end)
    for each in station.made.excluded:
        _exclude(station, each)
    for each in station.made.restored:
        number = _exclude(station, each)
        station.post(f"exclusions/{number}/restore", {})


def _exclude(station: Station, each: Excluded) -> int:
    body = {"start": _text(each.start), "end": _text(each.end), "reason": "was cleaned"}
    if each.quantity:
        body["quantity"] = each.quantity
    return int(station.post("exclusions", body)["id"])


def _text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _roll_up(station: Station) -> None:
    chores = work(station.now)
    with closing(chores.connection):
        chores.all()


def _retain(station: Station) -> None:
    Site.objects.update(keep_months=1)
    chores = work(station.now)
    retention = Retention(now=lambda: station.now, sleep=lambda _: None)
    with closing(chores.connection):
        chores.all()
        while retention.run(chores.connection):
            pass
