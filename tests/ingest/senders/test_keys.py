"""Valid keys are cached, and invalidated as soon as they are revoked."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from sensorfusion.sensors import services
from sensorfusion.sensors.models import Key
from tests.conftest import Cast
from tests.ingest.conftest import Server

pytestmark = pytest.mark.django_db(transaction=True)


async def elsewhere(change: Callable[[], object]) -> None:
    """Call a service as another process would: beside the event loop, on a connection of its own."""

    def run() -> None:
        try:
            change()
        finally:
            connection.close()

    await asyncio.to_thread(run)


async def until_refused(server: Server) -> tuple[float, str]:
    started = time.monotonic()
    while time.monotonic() - started < 10:
        answer = await server.post({"temperature": 20})
        if answer.status_code != 200:
            return time.monotonic() - started, answer.json()["code"]
        await asyncio.sleep(0.01)
    raise AssertionError("still taken after ten seconds")


async def test_a_revoked_key_stops_working_within_a_second(server: Server, cast: Cast, now: datetime) -> None:
    assert (await server.post({"temperature": 20})).status_code == 200

    def revoke() -> None:
        services.revoke_key(by=cast.owner, key=Key.objects.get(), now=now)

    await elsewhere(revoke)

    took_s, code = await until_refused(server)
    assert code == "revoked_key"
    assert took_s < 1


async def test_a_paused_sensor_is_refused_and_a_resumed_one_taken_again(server: Server, cast: Cast) -> None:
    assert (await server.post({"temperature": 20})).status_code == 200

    await elsewhere(lambda: services.pause(by=cast.owner, sensor=cast.sensor))
    assert (await until_refused(server))[1] == "sensor_paused"

    await elsewhere(lambda: services.resume(by=cast.owner, sensor=cast.sensor))
    assert (await server.post({"temperature": 20})).status_code == 200


async def test_a_rotated_key_works_at_once_beside_the_old_one(server: Server, cast: Cast, now: datetime) -> None:
    issued: list[str] = []

    def rotate() -> None:
        issued.append(services.rotate_key(by=cast.owner, sensor=cast.sensor, now=now).text)

    await elsewhere(rotate)

    assert (await server.post({"temperature": 20}, key=issued[0])).status_code == 200
    assert (await server.post({"temperature": 20})).status_code == 200


async def test_nothing_is_trusted_from_memory_while_the_listener_is_deaf(
    server: Server, cast: Cast, now: datetime
) -> None:
    assert (await server.post({"temperature": 20})).status_code == 200
    await server.listener.stop()

    def revoke() -> None:
        services.revoke_key(by=cast.owner, key=Key.objects.get(), now=now)

    await elsewhere(revoke)

    assert (await server.post({"temperature": 20})).json()["code"] == "revoked_key"
