"""What is counted before it is added stays below its limit when several requests or processes do it at once.

Each counts, and then waits for the others a moment before it adds: without a lock all of them would find room.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from psycopg_pool import AsyncConnectionPool
from pytest_django import Settings

from sensorfusion.accounts import services as accounts
from sensorfusion.accounts.models import ApiToken, Invitation, Role
from sensorfusion.clock import utc_now
from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.files import uploads
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.ingest.senders import unclaimed_consoles
from sensorfusion.ingest.senders.unclaimed_consoles import ShownConsole, UnclaimedConsoles
from sensorfusion.ingest.senders.unknown_names import MOST_OF_ONE, UnknownNames
from sensorfusion.ingest.steps.batch import Gateway, Note
from sensorfusion.ingest.steps.notices import MOST_OF_SENSOR, Notices
from sensorfusion.readings.export.jobs import services as exports
from sensorfusion.readings.export.jobs.services import Ordered
from sensorfusion.readings.models import ExportJob, ExportOf
from sensorfusion.readings.storage.connections import pool
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.models import Poll
from sensorfusion.sensors.polls.services import save_poll
from sensorfusion.sensors.quotas import services as quotas
from sensorfusion.sensors.services import add_sensor, create_site
from sensorfusion.sensors.sites import invitations
from sensorfusion.sensors.sites.membership import require_joining
from tests.conftest import Cast
from tests.ingest.conftest import read

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4
NUMBERS = count()
POLL = PollDetails(url="https://device.example.org/", interval_s=60, headers="", fields="temperature = $.t", is_on=True)


def a_token(cast: Cast) -> None:
    accounts.issue_token(operator=cast.owner, label="x", now=utc_now())


def a_sensor(cast: Cast) -> None:
    add_sensor(by=cast.owner, site=cast.site, now=utc_now(), name=f"sensor {next(NUMBERS)}")


def a_site(cast: Cast) -> None:
    create_site(by=cast.owner, now=utc_now(), name=f"site {next(NUMBERS)}")


def a_poll(cast: Cast) -> None:
    sensor = Sensor.objects.create(site=cast.site, name=f"polled {next(NUMBERS)}")
    save_poll(by=cast.owner, sensor=sensor, details=POLL, now=utc_now())


def an_upload(cast: Cast) -> FileImport:
    file = SimpleUploadedFile("a.csv", b"x")
    return uploads.receive(by=cast.owner, sensor=cast.sensor, uploaded=file, now=utc_now())


def an_export(cast: Cast) -> None:
    ordered = Ordered(of=ExportOf.READINGS, format="csv", sensors=[cast.sensor])
    exports.make_export(by=cast.owner, ordered=ordered, now=utc_now())


def an_import(cast: Cast) -> None:
    kept = FileImport.objects.create(operator=cast.owner, sensor=cast.sensor, file_name="b", key=str(next(NUMBERS)))
    uploads._begin(kept, now=utc_now())


# By the setting that limits it: what adds one, and how many there are.
KINDS: dict[str, tuple[Callable[[Cast], object], Callable[[], int]]] = {
    "operator_tokens": (a_token, ApiToken.objects.count),
    "site_sensors": (a_sensor, lambda: Sensor.objects.exclude(name__endswith="station").count()),
    "operator_sites": (a_site, lambda: Site.objects.filter(name__startswith="site ").count()),
    "operator_polls": (a_poll, Poll.objects.count),
    "operator_uploads": (an_upload, FileImport.objects.count),
    "operator_exports": (an_export, ExportJob.objects.count),
    "operator_imports": (an_import, FileImport.objects.filter(state=ImportState.RUNNING).count),
}
# Those that are there before: the cast's.
THERE = {"site_sensors": 1, "operator_sites": 1}


def at_once(run: Callable[[], object]) -> int:
    """Call a function in several threads; return how often it was refused."""
    refused: list[Refusal] = []

    def in_thread() -> None:
        try:
            run()
        except Refusal as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=in_thread) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return len(refused)


def waiting_after(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a count: after it, wait until all have counted, but not for those that a lock holds up."""
    meeting = threading.Barrier(AT_ONCE)

    def counted(*given: Any, **named: Any) -> Any:
        found = original(*given, **named)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(0.5)
        return found

    return counted


def test_every_quota_that_is_counted_here_is_in_the_table(settings: Settings) -> None:
    names = {
        name for name in (each.name for each in fields(settings.ENVIRONMENT)) if name.startswith(("operator_", "site_"))
    }
    # Counted by the writer after they are stored, bytes as the uploads, and requests in the memory of a process.
    others = {"site_readings_per_day", "site_stored_mb", "operator_upload_mb", "operator_imported_per_day"}
    others |= {"operator_requests_per_minute"}

    assert names - others == KINDS.keys()


@pytest.mark.parametrize("setting", KINDS)
def test_the_last_place_is_taken_once(
    setting: str, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **{setting: THERE.get(setting, 0) + 1})
    add, made = KINDS[setting]
    for module in (accounts, quotas, exports):
        monkeypatch.setattr(module, "require_room", waiting_after(module.require_room))

    refused = at_once(lambda: add(cast))

    assert (made(), refused) == (1, AT_ONCE - 1)


def test_the_last_invitation_is_made_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 1)
    monkeypatch.setattr(invitations, "require_joining", waiting_after(require_joining))

    def add() -> None:
        email = f"guest{next(NUMBERS)}@example.org"
        invitations.invite(by=cast.owner, site=cast.site, email=email, role=Role.VIEWER, now=utc_now())

    assert at_once(add) == AT_ONCE - 1
    assert Invitation.objects.count() == 1


async def slowly(connections: AsyncConnectionPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each background writer wait before it commits, so that the others count without its rows."""
    original = connections.connection

    def connection_of(*given: Any, **named: Any) -> Any:
        return _Slow(original(*given, **named))

    monkeypatch.setattr(connections, "connection", connection_of)


class _Slow:
    """A connection whose transactions end a little later."""

    def __init__(self, opening: Any) -> None:
        self._opening = opening

    async def __aenter__(self) -> Any:
        link = await self._opening.__aenter__()
        return _SlowToEnd(link)

    async def __aexit__(self, *error: Any) -> None:
        await asyncio.sleep(0.2)
        await self._opening.__aexit__(*error)


class _SlowToEnd:
    def __init__(self, link: Any) -> None:
        self._link = link

    def __getattr__(self, name: str) -> Any:
        return getattr(self._link, name)

    def transaction(self) -> Any:
        return _SlowTransaction(self._link.transaction())


class _SlowTransaction(_Slow):
    async def __aenter__(self) -> Any:
        return await self._opening.__aenter__()


async def test_background_writers_hold_their_bounds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unclaimed_consoles, "MOST_PER_NETWORK", 3)
    connections = pool()
    await connections.open()
    await slowly(connections, monkeypatch)
    consoles = UnclaimedConsoles(connections, now=utc_now)
    names = UnknownNames(connections, now=utc_now)
    processes = [Notices(connections, now=utc_now) for _ in range(2)]
    for _ in range(2):
        for number in range(AT_ONCE):
            digest = next(NUMBERS).to_bytes(32)
            consoles.note(ShownConsole(digest, "PASSKEY", "ABCD", "GW2000", "Ecowitt", "198.51.100.1"))
            names.note(Gateway(cast.owner.pk), [f"{digest[-1]} {number} {each}" for each in range(MOST_OF_ONE)])
        await asyncio.gather(consoles.stop(), names.stop())
    for place, each in enumerate(processes):
        each.note(cast.sensor.pk, [Note("bad_name", f"{place} {kind}", "x") for kind in range(MOST_OF_SENSOR)])
    await asyncio.gather(*(each.stop() for each in processes))
    await connections.close()

    assert read("SELECT count(*) FROM sensors_unclaimedconsole") == [3]
    assert read("SELECT count(*) FROM sensors_unknownname") == [MOST_OF_ONE]
    assert read("SELECT count(*) FROM sensors_notice") == [MOST_OF_SENSOR]
