"""Readings over a WebSocket: one receipt per message, in order, after COMMIT."""

import json
from typing import Any

import pytest
from channels.testing import ApplicationCommunicator

from sensorfusion.ingest.doors.socket import IngestSocket
from sensorfusion.ingest.doors.socket_protocol import CloseCode
from sensorfusion.sensors.models import Sensor
from tests.described import assert_close_described, assert_described
from tests.ingest.conftest import MAX_BODY_BYTES, Server, change, stored
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)


class Client:
    """A station with a socket."""

    def __init__(self, server: Server, *, header: str = "") -> None:
        headers = [(b"authorization", f"Bearer {header}".encode())] if header else []
        application = IngestSocket(server.pipeline, max_body_bytes=MAX_BODY_BYTES)
        self._end = ApplicationCommunicator(application, {"type": "websocket", "headers": headers})

    async def connect(self) -> "Client":
        await self._end.send_input({"type": "websocket.connect"})
        assert (await self._end.receive_output())["type"] == "websocket.accept"
        return self

    async def say(self, message: Any) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        await self._end.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> Any:
        message = json.loads((await self._end.receive_output(timeout=PATIENCE_S))["text"])
        assert_described("ingest", message)
        return message

    async def hear_close(self) -> int:
        closing = await self._end.receive_output(timeout=PATIENCE_S)
        assert closing["type"] == "websocket.close"
        assert_close_described("ingest", closing["code"])
        return int(closing["code"])

    async def leave(self) -> None:
        await self._end.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._end.wait()


async def test_an_api_token_sends_for_the_sensors_that_are_named(server: Server, shed: Sensor, token: str) -> None:
    client = await Client(server, header=token).connect()

    await client.say({"id": 1, "sensor": "Shed", "values": {"temperature": 3}})
    await client.say({"sensor": "nobody", "values": {"temperature": 3}})

    receipt, refused = await client.hear(), await client.hear()
    await client.leave()
    assert (receipt["id"], receipt["sensors"]) == (1, {str(shed.uuid): 1})
    assert refused["rejected"][0]["code"] == "unknown_sensor"


async def test_each_message_gets_its_receipt_in_order(server: Server) -> None:
    client = await Client(server, header=server.key).connect()
    for number in range(40):
        await client.say({"id": number, "observed_at": 1700000000 + number, "values": {"temperature": 20}})

    receipts = [await client.hear() for _ in range(40)]

    assert receipts[0] == {"type": "receipt", "accepted": 1, "duplicates": 0, "rejected": [], "seq": 1, "id": 0}
    assert [receipt["id"] for receipt in receipts] == list(range(40))
    assert len(stored()) == 40
    await client.leave()


async def test_the_key_may_come_in_the_first_message(server: Server) -> None:
    client = await Client(server).connect()
    await client.say({"action": "authenticate", "key": server.key})
    assert await client.hear() == {"type": "authenticated"}

    await client.say([{"temperature": 1}, {"temperature": 999}])

    receipt = await client.hear()
    assert (receipt["accepted"], receipt["rejected"][0]["index"]) == (1, 1)
    await client.leave()


@pytest.mark.parametrize("first", ["garbage", {"temperature": 20}, {"action": "authenticate"}])
async def test_who_does_not_show_a_key_is_sent_away(server: Server, first: object) -> None:
    client = await Client(server).connect()
    await client.say(first)

    assert await client.hear_close() == CloseCode.NOT_SIGNED_IN


async def test_a_wrong_key_is_told_and_sent_away(server: Server) -> None:
    client = await Client(server, header="sf_aaaaaaaa-" + "x" * 32).connect()
    await client.say({"temperature": 20})

    assert (await client.hear())["code"] == "unknown_key"
    assert await client.hear_close() == CloseCode.NOT_SIGNED_IN
    await client.leave()


async def test_a_key_revoked_meanwhile_ends_the_socket(server: Server) -> None:
    client = await Client(server, header=server.key).connect()
    await client.say({"temperature": 20})
    await client.hear()
    change("UPDATE sensors_key SET revoked_at = now()")
    change(f"""NOTIFY sensorfusion, '{{"kind":"KeyChanged","sensor":{server.heard[0].sensor}}}'""")
    await server.settled()

    await client.say({"temperature": 21})

    assert (await client.hear())["code"] == "revoked_key"
    assert await client.hear_close() == CloseCode.REVOKED
    await client.leave()


@pytest.mark.parametrize(
    ("message", "code"), [("garbage", "unreadable"), ("[]", "nothing_usable"), ("7", "unreadable")]
)
async def test_a_bad_message_is_answered_and_the_socket_goes_on(server: Server, message: str, code: str) -> None:
    client = await Client(server, header=server.key).connect()
    await client.say(message)
    assert (await client.hear())["code"] == code

    await client.say({"temperature": 20})

    assert (await client.hear())["accepted"] == 1
    await client.leave()


async def test_what_was_sent_before_leaving_is_stored(server: Server) -> None:
    client = await Client(server, header=server.key).connect()
    for number in range(5):
        await client.say({"observed_at": 1700000000 + number, "temperature": 20})

    await client.leave()

    assert len(stored()) == 5
