"""Refusals are shown to those who set a sensor up: a burst in full, then one a second, and the newest always."""

import pytest

from sensorfusion.events.messages import ReadingsRefused, SettingUp
from sensorfusion.ingest.steps.refusal_log import BURST
from tests.conftest import Cast
from tests.ingest.conftest import Server, change, until

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "127.0.0.1"  # of the client that tests send with
STRANGE = "sf_00000000-" + "x" * 32


def told_by(server: Server) -> list[ReadingsRefused]:
    told: list[ReadingsRefused] = []
    server.listener.on(ReadingsRefused, told.append)
    return told


async def test_all_refusals_of_a_burst_are_told(server: Server) -> None:
    told = told_by(server)

    for value in range(5):
        await server.post({"temperature": 900 + value})

    await until(lambda: len(told) == 5)
    assert [each.status for each in told] == [422] * 5


async def test_the_newest_of_a_long_burst_is_told(server: Server) -> None:
    told = told_by(server)

    for _ in range(BURST + 5):
        await server.post({"temperature": 900})
    await server.post(headers={"content-type": "application/json"}, content=b"{")

    await until(lambda: bool(told) and told[-1].code == "unreadable")
    assert len(told) <= BURST + 2


async def test_a_wrong_key_is_told_to_who_sets_a_sensor_up_at_that_address(server: Server, cast: Cast) -> None:
    told = told_by(server)
    server.ingest._refusals.set_ups.begin(SettingUp(cast.sensor.pk, HOME))

    await server.post({"temperature": 21}, key=STRANGE)

    await until(lambda: bool(told))
    assert (told[0].sensor, told[0].status, told[0].code) == (cast.sensor.pk, 401, "unknown_key")
    assert HOME in told[0].detail
    assert STRANGE not in told[0].detail


async def test_the_page_of_a_new_sensor_tells_every_process(server: Server, cast: Cast) -> None:
    change(f"""NOTIFY sensorfusion, '{{"kind":"SettingUp","sensor":{cast.sensor.pk},"address":"192.168.1.4"}}'""")
    await server.settled()

    assert list(server.ingest._refusals.set_ups.at("192.168.1.99")) == [cast.sensor.pk]


async def test_a_wrong_key_from_elsewhere_is_told_to_nobody(server: Server, cast: Cast) -> None:
    told = told_by(server)
    server.ingest._refusals.set_ups.begin(SettingUp(cast.sensor.pk, "198.51.100.7"))

    await server.post({"temperature": 21}, key=STRANGE)
    await server.settled()

    assert told == []
