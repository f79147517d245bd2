"""Clocks that are not set, ahead or without a zone, played at every door and adapter that takes a device's time."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx2
import pytest
from channels.routing import URLRouter
from django.urls import re_path

from sensorfusion.clock import utc_now
from sensorfusion.domain.quality import Flag
from sensorfusion.ingest.doors.consoles.catalogue import CONSOLES, console_doors
from sensorfusion.ingest.doors.platforms import PROTOCOLS, platform_doors
from sensorfusion.ingest.mqtt.adapters.catalogue import ADAPTERS
from sensorfusion.sensors.models import Sensor
from tests.cases import player
from tests.conftest import Cast
from tests.ingest.conftest import MAX_BODY_BYTES, Server, change, key, read, server, stored, until
from tests.ingest.doors.conftest import platform, site
from tests.ingest.mqtt.conftest import Publisher, broker, broker_process, publisher, working
from tests.mosquitto import Mosquitto

__all__ = ["broker", "broker_process", "key", "platform", "publisher", "server", "site"]  # fixtures
pytestmark = [pytest.mark.sockets, pytest.mark.django_db(transaction=True)]
FLAGGED = {"observed_at": int(Flag.SUSPECT)}


@pytest.fixture
async def doors(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of all doors for devices."""
    found = [
        *console_doors(server.ingest, max_body_bytes=MAX_BODY_BYTES),
        *platform_doors(server.ingest, max_body_bytes=MAX_BODY_BYTES),
    ]
    routes = [re_path(pattern, door) for pattern, door in found]
    transport = httpx2.ASGITransport(app=URLRouter(routes))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sensors.test") as client:
        yield client


async def play(name: str, doors: httpx2.AsyncClient, server: Server) -> httpx2.Response:
    return await player.request(name, key=server.key, now=utc_now()).send(doors)


def ages() -> list[float]:
    """Seconds between each reading and its arrival."""
    return [(received - at).total_seconds() for at, received in read("SELECT observed_at, received_at FROM reading")]


class TestRequests:
    async def test_milliseconds_since_the_start_are_no_time(self, doors: httpx2.AsyncClient, server: Server) -> None:
        answer = await play("telemetry/uptime-as-time.http", doors, server)

        assert answer.json()["accepted"] == 1
        assert ages() == [0]
        assert stored("flags") == [FLAGGED]
        await until(lambda: bool(read("SELECT 1 FROM sensors_notice WHERE code = 'clock_not_set'")))

    @pytest.mark.parametrize("name", ["telemetry/seconds.http", "telemetry/numbers-in-text.http"])
    async def test_seconds_and_numbers_in_text_are_times(
        self, name: str, doors: httpx2.AsyncClient, server: Server
    ) -> None:
        await play(name, doors, server)

        assert ages() == [pytest.approx(60, abs=5)]
        assert stored("flags") == [None]

    async def test_a_station_that_is_ahead_is_kept_and_its_owner_is_told(
        self, doors: httpx2.AsyncClient, server: Server
    ) -> None:
        answers = [await play("consoles/clock-ahead.http", doors, server) for _ in range(3)]

        assert [each.text for each in answers] == ["success\n"] * 3
        assert all(flags == FLAGGED for flags in stored("flags"))
        assert ages()[0] == pytest.approx(-9 * 3600, abs=5)
        await until(lambda: bool(read("SELECT 1 FROM sensors_notice")))
        [(code, detail)] = read("SELECT code, detail FROM sensors_notice")
        assert code == "clock_ahead"
        assert "clock is 9 hours ahead" in detail


WARSAW = ZoneInfo("Europe/Warsaw")  # where the cast's site is


# For every door that takes a time: a request with a time, given as seconds since 1970.
def _console(path: str) -> Callable[[str, float], tuple[str, str, bytes]]:
    def of(key: str, at: float) -> tuple[str, str, bytes]:
        when = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d+%H:%M:%S")
        return "GET", f"{path}?ID=x&siteid=x&PASSWORD={key}&siteAuthenticationKey={key}&tempf=50&dateutc={when}", b""

    return of


def _json(path: str, body: Callable[[float], object]) -> Callable[[str, float], tuple[str, str, bytes]]:
    return lambda key, at: ("POST", path.replace("KEY", key), json.dumps(body(at)).encode())


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


REQUESTS: Mapping[str, Callable[[str, float], tuple[str, str, bytes]]] = {
    "wunderground": _console("/weatherstation/updateweatherstation.php"),
    "pwsweather": _console("/pwsupdate/pwsupdate.php"),
    "wow": _console("/automaticreading"),
    "wow_be": _console("/api/v2/send"),
    "wslink": lambda key, at: (  # a local time, of the site as long as nothing else is known
        "GET",
        f"/data/upload.php?wsid=x&wspw={key}&t1tem=10&datetime={datetime.fromtimestamp(at, WARSAW):%Y-%m-%d+%H:%M:%S}",
        b"",
    ),
    "ecowitt": lambda key, at: (
        "POST",
        f"/in/{key}/data/report/",
        f"tempf=50&dateutc={datetime.fromtimestamp(at, UTC):%Y-%m-%d+%H:%M:%S}".encode(),
    ),
    "senml": _json("/api/v1/senml", lambda at: [{"n": "temp", "bt": at, "u": "Cel", "v": 1}]),
    "telemetry": _json("/api/v1/KEY/telemetry", lambda at: {"ts": at * 1000, "values": {"temperature": 1}}),
    "write": lambda key, at: ("POST", "/api/v2/write?precision=s", f"w temperature=1 {int(at)}".encode()),
    "write_v1": lambda key, at: ("POST", "/write?precision=s", f"w temperature=1 {int(at)}".encode()),
    "push": lambda key, at: ("POST", "/api/live/push/x", f"w temperature=1 {int(at)}000000000".encode()),
    "measurements": _json("/data/3.0/measurements?appid=KEY", lambda at: [{"dt": int(at), "temperature": 1}]),
    "ttn": _json(
        "/in/KEY/ttn/up",
        lambda at: {"received_at": _iso(at), "uplink_message": {"decoded_payload": {"temperature": 1}}},
    ),
    "chirpstack": _json("/in/KEY/chirpstack?event=up", lambda at: {"time": _iso(at), "object": {"temperature": 1}}),
    "update": _json("/update.json?api_key=KEY", lambda at: {"created_at": _iso(at), "field1": 1}),
    "update_plain": _json("/update?api_key=KEY", lambda at: {"created_at": _iso(at), "field1": 1}),
    "bulk": _json(
        "/channels/1/bulk_update.json",
        lambda at: {"write_api_key": "KEY", "updates": [{"created_at": _iso(at), "field1": 1}]},
    ),
}


def _requested(name: str, key: str, at: float) -> httpx2.Request:
    method, path, body = REQUESTS[name](key, at)
    headers = {"authorization": f"Bearer {key}"} if name in ("senml", "write", "write_v1", "push") else {}
    kind = "application/x-www-form-urlencoded" if name == "ecowitt" else "application/json"
    content = body.replace(b"KEY", key.encode())
    return httpx2.Request(
        method, f"http://sensors.test{path}", headers=headers | {"content-type": kind}, content=content
    )


def test_every_door_has_a_request_here() -> None:
    paths = [REQUESTS[name]("sf_aaaaaaaa-x", 0.0)[1].partition("?")[0].lstrip("/") for name in REQUESTS]
    doors = [[pattern] for pattern, _ in PROTOCOLS] + [list(console.patterns) for console in CONSOLES]

    unplayed = [each for each in doors if not any(re.search(pattern, path) for pattern in each for path in paths)]

    assert unplayed == []


@pytest.mark.parametrize("name", sorted(REQUESTS))
@pytest.mark.parametrize("at", [12.0, 946_684_805.0], ids=["1970", "2000"])
async def test_every_door_dates_a_clock_that_is_not_set_by_the_arrival(
    name: str, at: float, doors: httpx2.AsyncClient, server: Server
) -> None:
    answer = await doors.send(_requested(name, server.key, at))

    assert answer.status_code < 300, answer.text
    assert ages() == [pytest.approx(0, abs=1)]
    assert [flags["observed_at"] for flags in stored("flags")] == [int(Flag.SUSPECT)]


@pytest.mark.parametrize("name", sorted(REQUESTS))
async def test_every_door_keeps_the_time_of_a_clock_that_is_set(
    name: str, doors: httpx2.AsyncClient, server: Server
) -> None:
    at = utc_now().timestamp() - 3600

    await doors.send(_requested(name, server.key, at))

    assert ages() == [pytest.approx(3600, abs=2)]
    assert stored("flags") == [None]


# For every adapter with a time of its own: the device's name, its topic, and the message with a time as it writes it.
TIMED: Mapping[str, tuple[str, str, Callable[[datetime], object]]] = {
    "own": ("", "sf/v1/UUID/readings", lambda at: {"observed_at": at.timestamp(), "temperature": 1}),
    "tasmota": (
        "tasmota/a",
        "tele/a/SENSOR",
        lambda at: {"Time": f"{at:%Y-%m-%dT%H:%M:%S}", "DS18B20": {"Temperature": 1}, "TempUnit": "C"},
    ),
    "zigbee2mqtt": (
        "zigbee2mqtt/a",
        "zigbee2mqtt/a",
        lambda at: {"temperature": 1, "last_seen": int(at.timestamp() * 1000)},
    ),
    "shelly": (
        "shelly/a",
        "a/events/rpc",
        lambda at: {
            "src": "a",
            "method": "NotifyFullStatus",
            "params": {"ts": at.timestamp(), "temperature:0": {"id": 0, "tC": 1}},
        },
    ),
    "rtl_433": (
        "rtl_433/A/1",
        "rtl_433/a/events",
        lambda at: {"time": f"{at:%Y-%m-%d %H:%M:%S}", "model": "A", "id": 1, "temperature_C": 1},
    ),
    "thingsboard": (
        "a",
        "v1/gateway/telemetry",
        lambda at: {"a": [{"ts": int(at.timestamp() * 1000), "values": {"temperature": 1}}]},
    ),
    "openmqttgateway": (
        "theengs/AA:BB:CC:DD:EE:FF",
        "home/gw/BTtoMQTT/AABBCCDDEEFF",
        lambda at: {"id": "AA:BB:CC:DD:EE:FF", "tempc": 1, "unixtime": int(at.timestamp())},
    ),
    "weewx": ("weewx", "weather/loop", lambda at: {"dateTime": f"{at.timestamp():.1f}", "outTemp_C": "1"}),
}
# Those whose messages have no time; a new adapter is to be listed here or above.
UNTIMED = {"esphome", "shelly-first"}


def test_every_adapter_is_played_or_has_no_time() -> None:
    assert {adapter.name for adapter in ADAPTERS} <= TIMED.keys() | UNTIMED


def registered(cast: Cast, device: str) -> Sensor:
    """Name the orchard's sensor like the device."""
    change(f"UPDATE sensors_sensor SET external_id = '{device}' WHERE id = {cast.sensor.id}")
    return cast.sensor


def worker_of(broker: Mosquitto, cast: Cast, client: str = "", *, for_good: bool = True):  # type: ignore[no-untyped-def]  # as `working`
    return working(broker, client or f"clocks-{uuid4()}", site=str(cast.site.uuid), for_good=for_good)


def found_at(sensor: Sensor) -> list[datetime]:
    return read(f"SELECT observed_at FROM reading WHERE sensor_id = {sensor.id} ORDER BY observed_at")


@pytest.mark.parametrize("name", sorted(TIMED))
async def test_every_adapter_stores_a_message_once_at_its_own_time(
    name: str, cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    """In time, waiting at the broker for hours, and delivered again; the device's clock shows the site's time."""
    device, topic, said = TIMED[name]
    sensor = registered(cast, device)
    topic = topic.replace("UUID", str(sensor.uuid))
    client, now = f"clocks-{uuid4()}", utc_now().replace(microsecond=0)
    change("UPDATE sensors_site SET time_zone = 'UTC'")
    async with worker_of(broker, cast, client, for_good=False) as worker:
        publisher.say(topic, said(now))
        await until(lambda: worker.settled == 1)

    waited = [now - timedelta(minutes=5 * number) for number in range(36, 0, -1)]
    publisher.say(topic, *(said(at) for at in waited), said(now), *(said(at) for at in waited[:3]))

    async with worker_of(broker, cast, client) as worker:
        await until(lambda: worker.settled == 40)
    assert found_at(sensor) == [*waited, now]


@pytest.mark.parametrize("name", sorted(TIMED))
async def test_every_adapter_dates_a_clock_that_is_not_set_by_the_arrival(
    name: str, cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    device, topic, said = TIMED[name]
    sensor = registered(cast, device)

    async with worker_of(broker, cast) as worker:
        publisher.say(topic.replace("UUID", str(sensor.uuid)), said(datetime(1970, 1, 1, 0, 0, 12, tzinfo=UTC)))
        await until(lambda: worker.settled == 1)

    assert ages() == [pytest.approx(0, abs=1)]
    assert stored("flags") == [FLAGGED]


class TestMessages:
    async def test_a_backlog_without_a_zone_is_at_its_times(
        self, cast: Cast, broker: Mosquitto, publisher: Publisher
    ) -> None:
        """The clock shows UTC, the site is in Warsaw: learned from one message, before the platform is stopped."""
        sensor, client, now = registered(cast, "tasmota/freezer"), f"clocks-{uuid4()}", utc_now()
        case = player.messages("mqtt/backlog-without-zone.jsonl", now=now)
        live = json.loads(case[0].payload) | {"Time": f"{now:%Y-%m-%dT%H:%M:%S}"}
        async with worker_of(broker, cast, client, for_good=False) as worker:
            publisher.say(case[0].topic, live)
            await until(lambda: worker.settled == 1)
        assert read(f"SELECT utc_offset_s FROM sensors_sensor WHERE id = {sensor.id}") == [0]
        for each in case:
            publisher.say(each.topic, each.payload)

        async with worker_of(broker, cast, client) as worker:
            await until(lambda: worker.settled == 36)

        wanted = [now.replace(microsecond=0) - timedelta(seconds=300 * number) for number in range(36, -1, -1)]
        assert found_at(sensor) == wanted
        assert stored("flags") == [None] * 37

    async def test_a_backlog_that_another_broker_held_teaches_nothing(
        self, cast: Cast, broker: Mosquitto, publisher: Publisher
    ) -> None:
        """It arrives while the platform runs; the first message alone looks like one from another zone."""
        change("UPDATE sensors_site SET time_zone = 'UTC'")
        sensor, now = registered(cast, "tasmota/freezer"), utc_now()
        case = player.messages("mqtt/backlog-without-zone.jsonl", now=now)

        async with worker_of(broker, cast) as worker:
            publisher.say(case[0].topic, *(each.payload for each in case))
            await until(lambda: worker.settled == 36)

        wanted = [now.replace(microsecond=0) - timedelta(seconds=300 * number) for number in range(36, 0, -1)]
        assert found_at(sensor) == wanted
        assert read(f"SELECT utc_offset_s FROM sensors_sensor WHERE id = {sensor.id}") == [None]

    async def test_epoch_seconds_in_text_are_a_time(self, cast: Cast, broker: Mosquitto, publisher: Publisher) -> None:
        sensor, now = registered(cast, "rtl_433/U/1"), utc_now()

        async with worker_of(broker, cast) as worker:
            for each in player.messages("mqtt/rtl433-unix-time.jsonl", now=now):
                publisher.say(each.topic, each.payload)
            await until(lambda: worker.settled == 2)

        assert found_at(sensor) == [now.replace(microsecond=0) - timedelta(minutes=20)]

    async def test_seconds_since_the_start_are_no_time(
        self, cast: Cast, broker: Mosquitto, publisher: Publisher
    ) -> None:
        registered(cast, "shelly/shellyhtg3-ee")

        async with worker_of(broker, cast) as worker:
            [said] = player.messages("mqtt/shelly-clock-not-set.jsonl", now=utc_now())
            publisher.say(said.topic, said.payload)
            await until(lambda: worker.settled == 1)

        assert ages() == [pytest.approx(0, abs=1)]
        assert stored("flags") == [FLAGGED]

    async def test_a_station_that_repeats_itself_has_two_readings(
        self, cast: Cast, broker: Mosquitto, publisher: Publisher
    ) -> None:
        """Three messages at once, in UTC at a site in Warsaw: the first teaches the offset, the others follow it."""
        sensor, now = registered(cast, "rtl_433/Acurite-5n1/1011/B"), utc_now()

        async with worker_of(broker, cast) as worker:
            for each in player.messages("mqtt/acurite-two-messages.jsonl", now=now):
                publisher.say(each.topic, each.payload)
            await until(lambda: worker.settled == 3)

        first = now.replace(microsecond=0)
        assert found_at(sensor) == [first, first + timedelta(seconds=18)]
