"""The live stream answers or closes after any input, and other clients are not affected."""

import json
from typing import Any

import pytest

from sensorfusion.sensors import services
from tests.conftest import PASSWORD, Cast
from tests.live.conftest import Platform, django
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)

DEEP = 20_000
UUID = "00000000-0000-4000-8000-000000000000"
TEXTS = [
    "garbage",
    "",
    "\0",
    "[" * DEEP,
    '{"action":' * DEEP,
    '{"action":"ping","id":' + "[" * DEEP,
    "[]",
    "null",
    "{}",
    '{"action":7}',
    '{"action":"nothing"}',
    '{"action":"ping","id":' + "9" * 40 + "}",
    '{"action":"ping","id":-' + "9" * 40 + "}",
    '{"action":"ping","id":' + "9" * 5_000 + "}",
    '{"action":"ping","id":"' + "x" * 5_000 + '"}',
    '{"action":"ping","id":"\\ud800"}',
    '{"action":"ping","id":"\\u0000"}',
    '{"action":"subscribe"}',
    '{"action":"subscribe","sensors":"all"}',
    '{"action":"subscribe","sensors":[7]}',
    '{"action":"subscribe","sensors":["\\u0000","", "' + "x" * 5_000 + '"]}',
    f'{{"action":"subscribe","sensors":["{{{UUID}}}","urn:uuid:{UUID}"]}}',
    '{"action":"subscribe","sensors":["SENSOR"],"after":{"SENSOR":' + "9" * 40 + "}}",
    '{"action":"subscribe","sensors":["SENSOR"],"after":{"SENSOR":9223372036854775807}}',
    '{"action":"subscribe","sensors":["SENSOR"],"after":{"SENSOR":-1}}',
    '{"action":"subscribe","sensors":["SENSOR","SENSOR","SENSOR"]}',
    '{"action":"subscribe","sensors":["OTHER"],"after":{"OTHER":0},"refusals":true}',
    '{"action":"unsubscribe","sensors":["\\u0000"]}',
    '{"action":"authenticate","token":"\\u0000"}',
    '{"action":"authenticate","token":"' + "x" * 2_000 + '"}',
    '{"action":"subscribe","sensors":[' + ",".join(f'"{number:032x}"' for number in range(1_500)) + "]}",
    '{"action":"subscribe","sensors":[' + ",".join(f'"{number:032x}"' for number in range(10_001)) + "]}",
    "x" * 10_000_000,
]


async def test_whatever_a_program_says_it_is_answered_or_closed(cast: Cast, platform: Platform) -> None:
    await platform.store(cast.sensor, 0, temperature=1)
    await platform.store(cast.other_sensor, 0, temperature=271.828)
    listening = await platform.watching(cast.owner, cast.sensor)
    for said in TEXTS:
        client = await platform.program(cast.owner)
        text = said.replace("SENSOR", str(cast.sensor.uuid)).replace("OTHER", str(cast.other_sensor.uuid))
        await client.send_input({"type": "websocket.receive", "text": text})
        await client.say("ping", id="after")  # the first may have no answer

        heard = await client.receive_output(timeout=PATIENCE_S)

        assert heard["type"] in ("websocket.send", "websocket.close"), said[:40]
        assert "271.828" not in str(heard)
        await client.disconnect()  # raises what the application raised
        platform.clients.remove(client)

    await platform.store(cast.sensor, 1, temperature=2)
    assert (await listening.hear_readings(1))[0]["values"] == {"temperature": 2}


STRANGERS = [{"bytes": b"\xff\xfe"}, {"bytes": b""}, {"text": "[" * DEEP}, {"text": '{"action":"ping"}'}]


@pytest.mark.parametrize("event", STRANGERS, ids=["no UTF-8", "nothing", "open lists", "a ping"])
async def test_whatever_a_stranger_says_they_are_sent_away(platform: Platform, event: dict[str, Any]) -> None:
    client = platform.client()
    assert (await client.connect())[0]
    await client.send_input({"type": "websocket.receive", **event})

    assert (await client.receive_output(timeout=PATIENCE_S))["type"] == "websocket.send"
    assert (await client.receive_output(timeout=PATIENCE_S))["type"] == "websocket.close"


async def test_closing_the_account_ends_its_sockets(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.outsider, cast.other_sensor)

    await django(lambda: services.close_account(operator=cast.outsider, password=PASSWORD))

    assert await client.hear_the_end() == 4410


async def test_foreign_sensor_is_answered_as_one_that_does_not_exist(cast: Cast, platform: Platform) -> None:
    await platform.store(cast.sensor, 0, temperature=1)
    own, foreign, unknown = str(cast.sensor.uuid), str(cast.other_sensor.uuid), UUID
    client = await platform.program(cast.owner)
    for spelling in (str, str.upper, lambda name: f"{{{name}}}", lambda name: f"urn:uuid:{name}"):
        said = {}
        for name in (foreign, unknown):
            await client.send_json_to(
                {"action": "subscribe", "id": 7, "sensors": [spelling(name), spelling(name), own]}
            )
            heard = [await client.receive_json_from(PATIENCE_S) for _ in range(2)]
            said[name] = json.dumps(heard).replace(name, "NAME")
            await client.send_json_to({"action": "unsubscribe", "sensors": [own]})
        assert said[foreign].replace("seq", "") == said[unknown].replace("seq", "")
        assert "unknown_sensor" in said[foreign]
