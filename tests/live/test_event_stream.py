"""The live stream as server-sent events, from a client's view: who may follow what, resuming, and the end."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.utils import timezone

from sensorfusion.accounts.models import ApiToken
from sensorfusion.accounts.services import end_token
from sensorfusion.accounts.tries.unknown_credentials import BURST
from sensorfusion.events.messages import ReadingsRefused
from sensorfusion.sensors import services
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.sockets import as_events
from tests.conftest import Cast
from tests.described import assert_described
from tests.live.conftest import HOST, Message, Platform, cookie_of, django, token_of
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)

_Untyped: Any = ApplicationCommunicator  # asgiref has no types for it


@dataclass
class Events:
    """A client of the stream."""

    platform: Platform
    headers: list[tuple[bytes, bytes]]
    last_id: str = ""
    _unread: str = field(default="", init=False)

    async def ask(self, query: str = "", *, method: str = "GET") -> int:
        """Send the request, and return the status of its answer."""
        resumed = [(b"last-event-id", self.last_id.encode())] if self.last_id else []
        scope = {
            "type": "http",
            "method": method,
            "path": "/api/v1/stream",
            "query_string": query.encode(),
            "headers": [HOST, *self.headers, *resumed],
            "client": ("198.51.100.7", 1),
        }
        self._asked = _Untyped(self.platform.live.event_stream, scope)
        await self._asked.send_input({"type": "http.request", "body": b"", "more_body": False})
        self.start = await self._asked.receive_output(PATIENCE_S)
        return int(self.start["status"])

    async def problem(self) -> Message:
        body = await self._asked.receive_output(PATIENCE_S)
        found: Message = json.loads(body["body"])
        return found

    async def block(self) -> str:
        """Return the next block of lines, as far as its blank line."""
        while "\n\n" not in self._unread:
            part = await self._asked.receive_output(PATIENCE_S)
            if not part.get("more_body"):
                raise EOFError
            self._unread += part["body"].decode()
        block, _, self._unread = self._unread.partition("\n\n")
        return block

    async def hear(self) -> Message:
        lines = dict(line.split(": ", 1) for line in (await self.block()).splitlines())
        self.last_id = lines["id"]
        message: Message = json.loads(lines["data"])
        assert_described("live", message)
        return message

    async def seqs(self, upto: int) -> list[int]:
        """Return the seqs of the readings that come, as far as this one."""
        heard: list[int] = []
        while not heard or heard[-1] < upto:
            message = await self.hear()
            heard += [reading["seq"] for reading in message.get("readings", ())]
        return heard

    async def go_away(self) -> None:
        await self._asked.send_input({"type": "http.disconnect"})
        await self._asked.wait(PATIENCE_S)
        self._unread = ""


async def program(platform: Platform, operator: Any, *sites: Any) -> Events:
    token = await django(lambda: token_of(operator, *sites))
    return Events(platform, [(b"authorization", f"Bearer {token}".encode())])


async def test_snapshot_then_every_change(cast: Cast, platform: Platform) -> None:
    await platform.store(cast.sensor, 1, temperature=20.5)
    client = await program(platform, cast.member)

    assert await client.ask(f"sensor={cast.sensor.uuid}") == 200
    assert dict(client.start["headers"])[b"content-type"] == b"text/event-stream"
    snapshot = await client.hear()
    assert [(each["sensor"], each["seq"]) for each in snapshot["sensors"]] == [(str(cast.sensor.uuid), 1)]
    await platform.store(cast.sensor, 2, temperature=20.6)

    [reading] = (await client.hear())["readings"]
    assert (reading["seq"], reading["values"]) == (2, {"temperature": 20.6})
    await client.go_away()


async def test_everything_that_may_be_seen_without_a_sensor_also_what_comes_later(
    cast: Cast, platform: Platform
) -> None:
    client = await program(platform, cast.owner)
    await client.ask()
    assert [each["sensor"] for each in (await client.hear())["sensors"]] == [str(cast.sensor.uuid)]

    added = await django(lambda: services.add_sensor(by=cast.owner, site=cast.site, now=timezone.now(), name="Second"))

    assert [each["sensor"] for each in (await client.hear())["sensors"]] == [str(added.sensor.uuid)]
    await client.go_away()


@pytest.mark.parametrize("query", ["", "sensor={}"], ids=["all", "one"])
async def test_a_client_that_comes_back_has_everything_once(query: str, cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)
    heard: list[int] = []
    minutes = iter(range(1, 60))
    await client.ask(query.format(cast.sensor.uuid))
    await client.hear()

    for during, missed in ((3, 0), (0, 4), (2, 1), (1, 7)):
        for _ in range(during):
            await platform.store(cast.sensor, next(minutes), temperature=20.0)
        heard += await client.seqs(len(heard) + during) if during else []
        await client.go_away()
        for _ in range(missed):
            await platform.store(cast.sensor, next(minutes), temperature=20.0)
        await client.ask(query.format(cast.sensor.uuid))
        await client.hear()
        heard += await client.seqs(len(heard) + missed) if missed else []

    assert heard == list(range(1, 19))
    await client.go_away()


async def test_a_client_that_follows_alerts_resumes_both(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)
    query = f"sensor={cast.sensor.uuid}&alerts=true"
    await client.ask(query)
    assert [(await client.hear())["type"] for _ in range(2)] == ["snapshot", "alerts"]
    await client.go_away()
    assert client.last_id.count("~!") == 1

    assert await client.ask(query) == 200
    assert [(await client.hear())["type"] for _ in range(2)] == ["snapshot", "alerts"]
    await client.go_away()


async def test_alerts_only_are_followed_without_readings(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)

    assert await client.ask("alerts=only") == 200
    assert (await client.hear())["type"] == "alerts"
    await platform.store(cast.sensor, 1, temperature=20.0)

    assert platform.live.hub.counts.frames == 0
    await client.go_away()


async def test_refusals_are_told_to_those_who_may_edit_the_sensor(cast: Cast, platform: Platform) -> None:
    editor, member = [await program(platform, each) for each in (cast.editor, cast.member)]
    for client in (editor, member):
        assert await client.ask(f"sensor={cast.sensor.uuid}&refusals=true") == 200
    assert [(await editor.hear())["type"]] == ["snapshot"]
    heard = [await member.hear() for _ in range(2)]

    assert [each.get("code", each["type"]) for each in heard] == ["snapshot", "not_allowed"]
    event = ReadingsRefused(cast.sensor.pk, at="2026-11-20T10:00:00Z", status=400, code="bad_json", detail="No JSON.")
    platform.live.hub.tell_refused(event)

    assert (await editor.hear())["code"] == "bad_json"
    for client in (editor, member):
        await client.go_away()


async def test_events_without_ids_name_no_places(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)

    await client.ask("ids=false")

    assert "id:" not in await client.block()
    await client.go_away()


async def test_a_page_is_known_by_its_cookie(cast: Cast, platform: Platform) -> None:
    cookie = await django(lambda: cookie_of(cast.owner))

    for more in ([], [(b"sec-fetch-site", b"same-origin")]):
        client = Events(platform, [cookie, *more])
        assert await client.ask() == 200
        assert (await client.hear())["type"] == "snapshot"
        await client.go_away()


@pytest.mark.parametrize(
    "more", [(b"sec-fetch-site", b"cross-site"), (b"origin", b"https://evil.example")], ids=["site", "origin"]
)
async def test_cookies_of_another_site_s_page_do_not_count(
    more: tuple[bytes, bytes], cast: Cast, platform: Platform
) -> None:
    cookie = await django(lambda: cookie_of(cast.owner))

    assert await Events(platform, [cookie, more]).ask() == 401


@pytest.mark.parametrize("headers", [[], [(b"authorization", b"Bearer sft_unknown")]], ids=["nothing", "unknown"])
async def test_strangers_are_refused_before_the_stream_begins(
    headers: list[tuple[bytes, bytes]], cast: Cast, platform: Platform
) -> None:
    client = Events(platform, headers)

    assert await client.ask(f"sensor={cast.sensor.uuid}") == 401
    assert (await client.problem())["code"] == "not_signed_in"
    assert (b"www-authenticate", b"Bearer") in client.start["headers"]


async def test_tries_of_tokens_are_counted(cast: Cast, platform: Platform) -> None:
    statuses = [await Events(platform, [(b"authorization", b"Bearer sft_guess")]).ask() for _ in range(BURST + 2)]

    assert statuses[0] == 401
    assert statuses[-1] == 429


async def test_an_outsider_is_told_that_there_is_no_such_sensor(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.outsider)

    assert await client.ask(f"sensor={cast.sensor.uuid}") == 404
    assert (await client.problem())["code"] == "unknown_sensor"


@pytest.mark.parametrize(
    ("query", "last_id", "status", "code"),
    [
        ("sensors=1", "", 400, "unknown_parameter"),
        ("alerts=maybe", "", 400, "unknown_parameter"),
        ("refusals=true", "", 400, "unknown_parameter"),
        ("sensor=house&alerts=only", "", 400, "unknown_parameter"),
        ("sensor=house", "", 404, "unknown_sensor"),
        ("", "41", 400, "bad_position"),
        ("&".join(f"sensor={place}" for place in range(1_001)), "", 400, "too_many_sensors"),
    ],
)
async def test_what_is_not_understood_is_said(
    query: str, last_id: str, status: int, code: str, cast: Cast, platform: Platform
) -> None:
    client = await program(platform, cast.owner)
    client.last_id = last_id

    assert await client.ask(query) == status
    assert (await client.problem())["code"] == code


async def test_other_methods_are_not_answered(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)

    assert await client.ask(method="POST") == 405
    assert (b"allow", b"GET") in client.start["headers"]


async def test_the_stream_ends_with_the_token(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)
    await client.ask()
    await client.hear()

    await django(lambda: end_token(token=ApiToken.objects.get(operator=cast.owner)))

    with pytest.raises(EOFError):
        await client.block()
    assert await client.ask() == 401


async def test_the_end_of_a_sensor_s_stream_is_told(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)
    await client.ask()
    await client.hear()

    await django(lambda: services.delete_sensor(by=cast.owner, sensor=Sensor.objects.get(pk=cast.sensor.pk)))

    assert (await client.hear())["state"] == "deleted"
    assert client.last_id == ""
    await client.go_away()


async def test_a_server_that_stops_ends_the_response(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)
    await client.ask()
    await client.hear()

    await platform.live.hub.close()

    with pytest.raises(EOFError):
        await client.block()


async def test_a_silent_stream_is_kept_alive(cast: Cast, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_events, "KEEP_ALIVE_S", 0.01)
    client = await program(platform, cast.owner)
    await client.ask()
    await client.hear()

    assert await client.block() == ":"
    await client.go_away()


async def test_nothing_is_left_of_a_client_that_went_away(cast: Cast, platform: Platform) -> None:
    before = asyncio.all_tasks()
    client = await program(platform, cast.owner)
    await client.ask()
    await client.hear()
    await client.go_away()

    assert platform.live.hub.counts.sockets == 0
    assert not {task for task in asyncio.all_tasks() - before if "event stream" in task.get_name()}


async def test_a_request_with_a_body_is_not_read_for_ever(cast: Cast, platform: Platform) -> None:
    client = await program(platform, cast.owner)
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [HOST, *client.headers]}
    await asyncio.wait_for(platform.live.event_stream({**scope, "client": ("192.0.2.1", 1)}, receive, send), PATIENCE_S)

    assert answers[0]["status"] in (200, 400)
    assert len(answers) < 10
