"""The live stream's reads from PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.live import reads as history
from sensorfusion.live.hub import DatabaseAway
from sensorfusion.live.reads import Database, Readings
from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.readings.storage.connections import pool
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.live.conftest import TEN, Platform, django

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def readings(transactional_db: None) -> AsyncIterator[Readings]:
    connections = pool()
    await connections.open()
    yield Readings(Database(connections))
    await connections.close()


async def test_public_names_are_looked_up_and_unknown_ones_left_out(cast: Cast, readings: Readings) -> None:
    known, unknown = str(cast.sensor.uuid), "5e5e5e5e-0000-4000-8000-000000000000"

    assert await readings.ids([known, unknown], operator=cast.owner.pk) == {known: cast.sensor.pk}


async def test_the_present_of_a_sensor_is_for_those_who_may_see_it(cast: Cast, readings: Readings) -> None:
    both = [cast.sensor.pk, cast.other_sensor.pk]

    seen = {
        name: await readings.present(both, operator=getattr(cast, name).pk) for name in ("owner", "member", "outsider")
    }

    assert {name: list(found) for name, found in seen.items()} == {
        "owner": [cast.sensor.pk],
        "member": [cast.sensor.pk],
        "outsider": [cast.other_sensor.pk],
    }
    assert (seen["owner"][cast.sensor.pk].may_edit, seen["member"][cast.sensor.pk].may_edit) == (True, False)


async def test_the_present_of_a_closed_account_is_empty(cast: Cast, readings: Readings) -> None:
    cast.owner.is_active = False
    await django(cast.owner.save)

    assert await readings.present([cast.sensor.pk], operator=cast.owner.pk) == {}


async def test_what_is_read_is_what_was_announced(cast: Cast, platform: Platform, readings: Readings) -> None:
    announced: list[Any] = []
    platform.stream.listen(announced.extend)
    for minute in range(3):
        await platform.store(cast.sensor, minute, temperature=20.25 + minute, humidity=60)
    await platform.store(cast.sensor, 0, pressure=1013.2)  # merges into the first

    page = (await readings.changes({cast.sensor.pk: 0}))[cast.sensor.pk]

    assert [reading.seq for reading in page.readings] == [2, 3, 4]
    assert (page.upto, page.is_last) == (4, True)
    for read, told in zip(page.readings, announced[1:], strict=True):
        assert msgspec.json.decode(read.wire) == msgspec.json.decode(told.wire)
        assert (read.sensor, read.observed_at, read.received_at) == (told.sensor, told.observed_at, told.received_at)
    assert b" " not in page.readings[0].wire


async def test_announced_and_read_readings_name_what_an_exclusion_covers(
    cast: Cast, platform: Platform, readings: Readings
) -> None:
    announced: list[Any] = []
    platform.stream.listen(announced.extend)
    await platform.store(cast.sensor, 0, temperature=20.25, humidity=60)
    for quantity, begin, end in (("temperature", 1, 3), ("", 2, 3)):
        span = {"start": TEN + timedelta(minutes=begin), "end": TEN + timedelta(minutes=end), "now": TEN}
        asked: dict[str, Any] = {"by": cast.owner, "sensor": cast.sensor, "quantity": quantity, "reason": "Off", **span}
        await django(partial(exclude, **asked))
    for minute in (1, 2, 3):
        await platform.store(cast.sensor, minute, temperature=20.25 + minute, humidity=60)

    read = (await readings.changes({cast.sensor.pk: 1}))[cast.sensor.pk].readings

    named = [msgspec.json.decode(each.wire).get("excluded") for each in read[-3:]]
    assert named == [["temperature"], ["humidity", "temperature"], None]
    assert [msgspec.json.decode(each.wire).get("excluded") for each in announced[-3:]] == named


async def test_changes_come_in_pages(cast: Cast, platform: Platform, readings: Readings, monkeypatch: Any) -> None:
    monkeypatch.setattr(history, "PAGE_READINGS_OF_ONE", 2)
    for minute in range(3):
        await platform.store(cast.sensor, minute, temperature=minute)

    first = (await readings.changes({cast.sensor.pk: 0}))[cast.sensor.pk]
    second = (await readings.changes({cast.sensor.pk: first.upto}))[cast.sensor.pk]

    assert ([reading.seq for reading in first.readings], first.upto, first.is_last) == ([1, 2], 2, False)
    assert ([reading.seq for reading in second.readings], second.upto, second.is_last) == ([3], 3, True)


async def test_changes_of_many_sensors_come_together(cast: Cast, platform: Platform, readings: Readings) -> None:
    gone = await django(lambda: Sensor.objects.create(site=cast.site, name="Gone"))
    await django(gone.delete)
    for sensor in (cast.sensor, cast.other_sensor, cast.sensor):
        await platform.store(sensor, 1, temperature=sensor.pk)

    pages = await readings.changes({cast.sensor.pk: 0, cast.other_sensor.pk: 1, 987_654: 0})

    assert {sensor: [reading.seq for reading in page.readings] for sensor, page in pages.items()} == {
        cast.sensor.pk: [1],
        cast.other_sensor.pk: [],
    }
    assert await readings.seqs([cast.sensor.pk, cast.other_sensor.pk]) == {cast.sensor.pk: 1, cast.other_sensor.pk: 1}


async def test_a_sensor_without_readings_is_at_zero(cast: Cast, readings: Readings) -> None:
    page = (await readings.changes({cast.sensor.pk: 0}))[cast.sensor.pk]

    assert (page.readings, page.upto, page.is_last) == ([], 0, True)


async def test_the_rhythm_is_what_was_set_or_else_learned(cast: Cast, platform: Platform, readings: Readings) -> None:
    for minute in (0, 2, 4, 6, 8):
        await platform.store(cast.sensor, minute, temperature=1)
    learned = (await readings.rhythms([cast.sensor.pk]))[cast.sensor.pk]
    cast.sensor.interval_s = 30
    await django(cast.sensor.save)
    chosen = (await readings.rhythms([cast.sensor.pk]))[cast.sensor.pk]

    assert (learned.last_at, learned.interval_s, chosen.interval_s) == (TEN.replace(minute=8), 120.0, 30.0)
    assert learned.state(datetime(2026, 11, 20, 10, 9, tzinfo=UTC)) == "live"
    assert learned.next_change_at(datetime(2026, 11, 20, 10, 9, tzinfo=UTC)) == datetime(
        2026, 11, 20, 10, 13, tzinfo=UTC
    )


async def test_a_database_that_does_not_answer_is_away(cast: Cast, readings: Readings, monkeypatch: Any) -> None:
    monkeypatch.setattr(history, "ANSWER_WITHIN_S", 0.1)
    async with await psycopg.AsyncConnection.connect(conninfo()) as other:
        await other.execute("LOCK TABLE sensor_state IN ACCESS EXCLUSIVE MODE")

        with pytest.raises(DatabaseAway):
            await readings.seqs([cast.sensor.pk])

    assert await readings.seqs([cast.sensor.pk]) == {}


async def test_a_pool_that_is_closed_is_away(transactional_db: None) -> None:
    with pytest.raises(DatabaseAway):
        await Readings(Database(pool())).seqs([1])
