"""The poller with a device and a database: when it polls, what it stores and reports."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.polling import poller as poller_module
from sensorfusion.ingest.polling import poller as polling
from sensorfusion.ingest.polling.answer import Understood, understand
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.ingest.polling.poller import Poller
from sensorfusion.ingest.polling.presets import PRESETS
from sensorfusion.ingest.senders.quotas import Limits
from sensorfusion.readings.storage.connections import pool
from sensorfusion.sensors.keys.encryption import encrypt
from sensorfusion.sensors.models import Poll, Sensor, Status
from tests.advisory_locks import holders
from tests.conftest import Cast
from tests.ingest.conftest import Server, change, elsewhere, read, stored, until
from tests.ingest.polling.conftest import OPENWEATHERMAP, Device
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.sockets, pytest.mark.django_db(transaction=True)]
START = datetime(2026, 11, 22, 6, tzinfo=UTC)
LINES = "temperature = $.tC °C\nhumidity = $.rh %"


class World:
    """A poller with a clock of its own, and the device that it polls."""

    def __init__(self, device: Device) -> None:
        self.now = START
        self.device = device
        self.poller: Poller
        self.connection: psycopg.AsyncConnection

    async def look(self) -> None:
        await self.poller.look(self.connection)
        await self.poller.settled()

    async def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await self.look()


@pytest.fixture
async def world(server: Server, device: Device, fetcher: Fetcher) -> AsyncIterator[World]:
    world, connections = World(device), pool()
    await connections.open()
    world.poller = Poller(connections, server.pipeline, fetcher, now=lambda: world.now, spread=lambda: 1.0)
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as world.connection:
        yield world
    await connections.close()


@pytest.fixture
def asked(cast: Cast, device: Device) -> Poll:
    return poll(cast.sensor, device)


@pytest.fixture
def other_asked(cast: Cast, device: Device) -> Poll:
    return poll(cast.other_sensor, device, url="http://127.0.0.1:1/")


def poll(sensor: Sensor, device: Device, **given: Any) -> Poll:
    said = {"url": device.url, "fields": LINES, "interval_s": 60, "next_at": START, "changed_at": START}
    return Poll.objects.create(sensor=sensor, **{**said, **given})


def told(column: str) -> Any:
    (value,) = read(f"SELECT {column} FROM sensors_poll")
    return value


async def test_answer_is_stored_as_any_reading_is(asked: Poll, world: World) -> None:
    await world.look()

    assert stored() == [{"temperature": 21.5, "humidity": 55.2}]
    assert told("answered_at") == START
    assert told("next_at") == START + timedelta(seconds=60)


async def test_answer_is_parsed_off_the_event_loop(asked: Poll, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def parsed(*given: Any, **more: Any) -> Understood:
        threads.append(threading.current_thread())
        return understand(*given, **more)

    monkeypatch.setattr(polling, "understand", parsed)

    await world.look()

    assert stored() == [{"temperature": 21.5, "humidity": 55.2}]
    assert threading.current_thread() not in threads


async def test_each_is_asked_at_its_interval_and_in_step(asked: Poll, world: World) -> None:
    await world.look()
    await world.later(59)
    assert len(world.device.requests) == 1
    await world.later(4)

    assert len(world.device.requests) == 2
    assert told("next_at") == START + timedelta(seconds=120)


async def test_time_of_the_answer_makes_the_same_answer_one_reading(asked: Poll, device: Device, world: World) -> None:
    change("UPDATE sensors_poll SET time_path = 'time'")

    await world.look()
    await world.later(60)

    assert len(device.requests) == 2
    assert stored("observed_at") == [datetime.fromtimestamp(1795327260, UTC)]


async def test_headers_go_along(asked: Poll, device: Device, world: World) -> None:
    change(f"UPDATE sensors_poll SET headers = '{encrypt('X-API-Key: 0123abc')}'")

    await world.look()

    assert "X-API-Key: 0123abc" in device.requests[0]


async def test_failures_are_told_and_asked_about_ever_less_often(asked: Poll, world: World) -> None:
    world.device.status = 503
    waits = []
    for _ in range(9):
        await world.look()
        waits.append((told("next_at") - world.now).total_seconds())
        world.now = told("next_at")

    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert told("failing_since") == START
    assert told("trouble") == "it answers 503"
    assert told("answered_at") is None


async def test_after_an_answer_all_is_well_again(asked: Poll, world: World) -> None:
    world.device.status = 503
    await world.look()
    world.device.status = 200
    await world.later(60)

    assert (told("failing_since"), told("failures"), told("trouble")) == (None, 0, "")
    assert (told("next_at") - world.now).total_seconds() == 60


async def test_wish_to_be_left_alone_is_granted(asked: Poll, world: World) -> None:
    world.device.status, world.device.headers = 429, {"Retry-After": "1000"}

    await world.look()

    assert (told("next_at") - world.now).total_seconds() == 1000


async def test_what_is_not_stored_is_told(asked: Poll, world: World) -> None:
    world.device.say({"tC": 21.5, "rh": "wet"})

    await world.look()

    assert stored() == [{"temperature": 21.5}]
    assert told("left_out") == "humidity: 'wet' is not a number"


async def test_answer_without_a_reading_is_a_failure_with_a_reason(asked: Poll, world: World) -> None:
    world.device.say({"something": "else"})

    await world.look()

    assert "there is no $.tC in the answer" in told("trouble")
    assert stored() == []


async def test_nobody_is_asked_twice_at_once(asked: Poll, world: World) -> None:
    world.device.may_answer.clear()
    await world.poller.look(world.connection)
    await until(lambda: bool(world.device.requests))
    world.now += timedelta(seconds=300)
    await world.poller.look(world.connection)
    await asyncio.sleep(0)
    world.device.may_answer.set()
    await world.poller.settled()

    assert len(world.device.requests) == 1
    assert world.device.most_at_once == 1


async def test_one_that_hangs_does_not_hold_up_another(
    cast: Cast, device: Device, asked: Poll, other_asked: Poll, world: World
) -> None:
    device.may_answer.clear()

    await world.poller.look(world.connection)

    await until(
        lambda: bool(read(f"SELECT 1 FROM sensors_poll WHERE trouble <> '' AND sensor_id = {cast.other_sensor.pk}"))
    )
    device.may_answer.set()
    await world.poller.settled()


@pytest.mark.parametrize("reason", ["off", "paused"])
async def test_who_is_switched_off_is_not_asked(cast: Cast, asked: Poll, world: World, reason: str) -> None:
    if reason == "off":
        change("UPDATE sensors_poll SET is_on = false")
    else:
        change(f"UPDATE sensors_sensor SET status = '{Status.PAUSED}'")

    await world.look()

    assert world.device.requests == []


async def test_settings_that_changed_meanwhile_are_not_overwritten(asked: Poll, world: World) -> None:
    world.device.may_answer.clear()
    await world.poller.look(world.connection)
    await until(lambda: bool(world.device.requests))
    change("UPDATE sensors_poll SET changed_at = now(), url = 'http://elsewhere.test/'")
    world.device.may_answer.set()
    await world.poller.settled()

    assert told("next_at") == START
    assert told("answered_at") is None


async def test_another_secret_key_is_told_and_nothing_is_sent(
    asked: Poll, device: Device, world: World, settings: Any
) -> None:
    change(f"UPDATE sensors_poll SET headers = '{encrypt('X-API-Key: 0123abc')}'")
    settings.SECRET_KEY = "another"

    await world.look()

    assert "enter them again" in told("trouble")
    assert device.requests == []


async def test_openweathermap_is_polled_whole(asked: Poll, device: Device, world: World) -> None:
    device.say(OPENWEATHERMAP)
    preset = PRESETS["openweathermap"]
    change(f"UPDATE sensors_poll SET fields = $${preset.fields}$$, time_path = '{preset.time_path}'")

    await world.look()

    [values] = stored()
    assert len(values) == 19
    assert (values["temperature"], values["rain_1h"], values["condition_text"]) == (8.25, 0.42, "light rain")
    assert stored("observed_at") == [datetime.fromtimestamp(1795327200, UTC)]


async def test_poll_stored_before_jsonpath_is_read_as_before(asked: Poll, device: Device, world: World) -> None:
    device.say({"at": {"unix": 1795327200}, "rows": [{"type": 3}, {"type": "1", "t:0": 21.5}], "rh": 40})
    lines = 'temperature = rows[type=1]["t:0"] °C\nhumidity = rh % * 0.1\nrain = main.rain.1h mm'
    change(f"UPDATE sensors_poll SET fields = '{lines}', time_path = 'at.unix'")

    await world.look()

    assert stored() == [{"temperature": 21.5, "humidity": 4.0}]
    assert stored("observed_at") == [datetime.fromtimestamp(1795327200, UTC)]
    assert told("fields") == lines


async def test_questions_under_way_are_dropped_with_the_lock(
    asked: Poll, server: Server, device: Device, fetcher: Fetcher
) -> None:
    connections = pool()
    await connections.open()
    poller = Poller(connections, server.pipeline, fetcher, now=utc_now, look_every_s=0.02)
    device.may_answer.clear()
    await poller.start()
    await until(lambda: device.at_once == 1)

    change(
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database"
        " WHERE datname = current_database() AND locktype = 'advisory' AND objid = 1582301201"
    )

    await until(lambda: device.at_once == 0 or poller._asking == {})
    device.may_answer.set()
    await until(lambda: bool(stored()))  # the lock is acquired again
    await poller.stop()
    await connections.close()


async def test_a_resting_poller_is_woken_by_a_new_poll(
    asked: Poll, server: Server, device: Device, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller_module, "REST_S", 10 * PATIENCE_S)
    connections = pool()
    await connections.open()
    change("UPDATE sensors_poll SET next_at = now() + interval '1 day'")
    poller = Poller(connections, server.pipeline, fetcher, now=utc_now)
    await poller.start()
    await until(lambda: bool(holders(1582301201)))
    change("UPDATE sensors_poll SET next_at = now()")

    poller.wake()

    await until(lambda: len(device.requests) == 1)
    await poller.stop()
    await connections.close()


async def test_only_one_of_two_processes_asks(asked: Poll, server: Server, device: Device, fetcher: Fetcher) -> None:
    connections = pool()
    await connections.open()
    now = datetime.now(UTC)
    pollers = [Poller(connections, server.pipeline, fetcher, now=utc_now, look_every_s=0.02) for _ in range(2)]
    change(f"UPDATE sensors_poll SET next_at = '{now.isoformat()}'")
    for each in pollers:
        await each.start()

    await until(lambda: bool(stored()))
    asking = holders(1582301201)
    for each in pollers:
        await each.stop()
    await connections.close()

    assert asking == 1
    assert len(device.requests) == 1


async def test_the_other_process_goes_on_when_one_ends(
    asked: Poll, server: Server, device: Device, fetcher: Fetcher
) -> None:
    connections = pool()
    await connections.open()
    one, other = (Poller(connections, server.pipeline, fetcher, now=utc_now, look_every_s=0.02) for _ in range(2))
    await one.start()
    await until(lambda: len(device.requests) == 1)
    await one.stop()
    change("UPDATE sensors_poll SET next_at = now()")
    await other.start()

    await until(lambda: len(device.requests) == 2)
    await other.stop()
    await connections.close()


async def test_poll_of_a_site_without_quota_waits_and_those_of_other_sites_go_on(
    asked: Poll, world: World, server: Server, cast: Cast
) -> None:
    server.ingest.quotas._limits = Limits(1, 0)
    await world.look()
    await server.ingest.quotas.refresh()
    await elsewhere(lambda: poll(cast.other_sensor, world.device, interval_s=600))

    await world.later(60)

    assert stored("sensor_id") == [cast.sensor.pk, cast.other_sensor.pk]
    troubles = read("SELECT sensor_id, trouble FROM sensors_poll WHERE trouble <> ''")
    assert [sensor for sensor, _ in troubles] == [cast.sensor.pk]
    assert "has stored 1 readings today" in troubles[0][1]
    assert world.now < min(read("SELECT next_at FROM sensors_poll"))
