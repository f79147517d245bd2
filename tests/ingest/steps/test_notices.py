"""What was not understood is kept for its owner: counted, bounded, without secrets, and told to those who look."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import utc_now
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import Noticed
from sensorfusion.ingest.steps import notices as module
from sensorfusion.ingest.steps.batch import Note
from sensorfusion.ingest.steps.notices import MOST_OF_SENSOR, MOST_OF_SITE, WRITTEN_EVERY_S, Notices
from sensorfusion.readings.storage.connections import pool
from tests.conftest import Cast
from tests.ingest.conftest import read, until

pytestmark = pytest.mark.django_db(transaction=True)

EM = Note("not_understood", "em:0", "The component em:0 is not understood.")
ROWS = "SELECT code, subject, detail, count FROM sensors_notice ORDER BY id"


@dataclass
class Minutes:
    """A monotonic clock that a test moves."""

    at: float = 1_000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Noting:
    notices: Notices
    clock: Minutes
    pool: AsyncConnectionPool
    told: list[Noticed] = field(default_factory=list)


@pytest.fixture
async def noting(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Noting]:
    monkeypatch.setattr(module, "PAUSE_S", 0.0)
    connections, listener, clock = pool(), Listener(), Minutes()
    await connections.open()
    await listener.start()
    await until(lambda: listener.is_hearing)
    made = Noting(Notices(connections, now=utc_now, clock=clock), clock, connections)
    listener.on(Noticed, made.told.append)
    yield made
    await made.notices.stop()
    await listener.stop()
    await connections.close()


async def test_a_note_is_written_at_once_and_told(noting: Noting, cast: Cast) -> None:
    noting.notices.note(cast.sensor.pk, [EM])

    await until(lambda: read(ROWS) == [(*EM, 1)])
    await until(lambda: bool(noting.told))
    [told] = noting.told
    assert (told.sensor, told.code, told.subject, told.detail, told.count) == (cast.sensor.pk, *EM, 1)
    assert datetime.fromisoformat(told.at) <= utc_now()


async def test_the_same_kind_again_is_counted_and_written_once_a_minute(noting: Noting, cast: Cast) -> None:
    noting.notices.note(cast.sensor.pk, [EM])
    await until(lambda: read(ROWS) == [(*EM, 1)])

    for _ in range(20):
        noting.notices.note(cast.sensor.pk, [EM._replace(detail="newer")])
        await asyncio.sleep(0)
    assert read(ROWS) == [(*EM, 1)]
    noting.clock.at += WRITTEN_EVERY_S
    noting.notices.note(cast.sensor.pk, [EM._replace(detail="newest")])

    await until(lambda: read(ROWS) == [("not_understood", "em:0", "newest", 22)])


async def test_what_waits_is_written_when_the_server_stops(noting: Noting, cast: Cast) -> None:
    noting.notices.note(cast.sensor.pk, [EM])
    await until(lambda: read(ROWS) == [(*EM, 1)])
    noting.notices.note(cast.sensor.pk, [EM, EM])

    await noting.notices.stop()

    assert read(ROWS) == [(*EM, 3)]


async def test_several_processes_add_up(noting: Noting, cast: Cast) -> None:
    other = Notices(noting.pool, now=utc_now)
    noting.notices.note(cast.sensor.pk, [EM])
    other.note(cast.sensor.pk, [EM])

    await other.stop()

    await until(lambda: read(ROWS) == [(*EM, 2)])


async def test_a_flood_of_kinds_keeps_the_newest(noting: Noting, cast: Cast) -> None:
    for number in range(3 * MOST_OF_SENSOR):
        noting.notices.note(cast.sensor.pk, [Note("not_understood", f"field {number}", "x")])
        await asyncio.sleep(0)
        if number % MOST_OF_SENSOR == MOST_OF_SENSOR - 1:
            await until(lambda: f"field {number}" in read("SELECT subject FROM sensors_notice"))  # noqa: B023

    await noting.notices.stop()
    kept = read("SELECT subject FROM sensors_notice ORDER BY last_at DESC")
    assert len(kept) == MOST_OF_SENSOR
    assert f"field {3 * MOST_OF_SENSOR - 1}" in kept
    assert "field 0" not in kept


async def test_one_request_with_ten_thousand_kinds_stays_bounded(noting: Noting, cast: Cast) -> None:
    noting.notices.note(cast.sensor.pk, [Note("bad_name", str(number), "x") for number in range(10_000)])
    noting.notices.note_site(str(cast.site.uuid), [Note("unknown_topic", str(n), "x") for n in range(10_000)])

    await noting.notices.stop()

    assert read("SELECT count(*) FROM sensors_notice WHERE sensor_id IS NOT NULL") == [MOST_OF_SENSOR]
    assert read("SELECT count(*) FROM sensors_notice WHERE sensor_id IS NULL") == [MOST_OF_SITE]


async def test_a_site_has_notices_of_its_own(noting: Noting, cast: Cast) -> None:
    for _ in range(2):
        noting.notices.note_site(str(cast.site.uuid), [Note("unknown_topic", "a/b", "Nothing reads it.")])
    noting.notices.note(cast.sensor.pk, [EM])

    await noting.notices.stop()

    columns = "sensor_id, site_id, subject, count"
    assert read(f"SELECT {columns} FROM sensors_notice ORDER BY subject") == [
        (None, cast.site.pk, "a/b", 2),
        (cast.sensor.pk, None, "em:0", 1),
    ]


async def test_the_deleted_cost_the_others_nothing(noting: Noting, cast: Cast) -> None:
    noting.notices.note(987_654, [EM])
    noting.notices.note(cast.sensor.pk, [EM])
    noting.notices.note_site(str(uuid4()), [EM])
    noting.notices.note_site("no-site", [EM])

    await noting.notices.stop()

    assert read("SELECT sensor_id FROM sensors_notice") == [cast.sensor.pk]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("PASSKEY=0123456789ABCDEF0123456789ABCDEF&x", "PASSKEY=…&x"),
        ("topic sf_7k2m9q4x-" + "Ab3" * 12, "topic sf_7k2m9q4x-…"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\0a\ud800\u202eb", "a? b"),
        ("x" * 5_000, "x" * 199 + "…"),
    ],
)
async def test_text_of_devices_is_redacted_and_cut(noting: Noting, cast: Cast, given: str, kept: str) -> None:
    noting.notices.note(cast.sensor.pk, [Note("not_understood", given, given)])

    await noting.notices.stop()

    [(subject, detail)] = read("SELECT subject, detail FROM sensors_notice")
    assert subject == kept
    assert detail[:150] == kept[:150]
    assert len(detail) <= 500


async def test_nothing_is_lost_while_the_database_is_away(
    noting: Noting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_AFTER_S", 0.01)
    store, calls = module._store, []

    async def failing(*given: Any) -> None:
        calls.append(given)
        if len(calls) < 3:
            raise psycopg.OperationalError("gone")
        await store(*given)

    monkeypatch.setattr(module, "_store", failing)
    noting.notices.note(cast.sensor.pk, [EM])
    await until(lambda: len(calls) > 0)
    noting.notices.note(cast.sensor.pk, [EM])

    await until(lambda: read("SELECT sum(count) FROM sensors_notice") == [2])


async def test_no_notes_cost_nothing(noting: Noting, cast: Cast) -> None:
    noting.notices.note(cast.sensor.pk, [])

    assert noting.notices._books == {}
    assert noting.notices._task is None
