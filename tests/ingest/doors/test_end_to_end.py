"""From a console to a browser's socket, through the whole application of one process."""

import asyncio
from typing import Any

import httpx2
import pytest
from django.db import connections

from sensorfusion.server.asgi import build
from sensorfusion.server.process import Process
from tests.conftest import Cast
from tests.ingest.conftest import stored, until
from tests.live.conftest import HOST, PAGE, Client, cookie_of, django

pytestmark = pytest.mark.django_db(transaction=True)
SENT = {
    "/weatherstation/updateweatherstation.php?ID=X&PASSWORD={key}&tempf=51.44&humidity=76": None,
    "/pwsupdate/pwsupdate.php?ID=X&PASSWORD={key}&tempf=51.44&humidity=76": None,
    "/automaticreading?siteid=X&siteAuthenticationKey={key}&tempf=51.44&humidity=76": None,
    "/api/v2/send?siteid=X&siteAuthenticationKey={key}&tempf=51.44&humidity=76": None,
    "/data/report/{key}/": "PASSKEY=34271334ED1FADA6D8B988B14267E55D&tempf=51.44&humidity=76",
    "/data/report/{key}/stationtype=AMBWeatherV4.3.4&tempf=51.44&humidity=76": None,
}


async def next_reading(viewer: Client) -> dict[str, Any]:
    """Return the next reading message, skipping messages about the sensor."""
    while (message := await viewer.hear())["type"] != "readings":
        assert message["type"] == "sensor"
    [reading] = message["readings"]
    return dict(reading)


async def test_what_consoles_send_is_in_the_database_and_on_a_live_socket(cast: Cast, key: str) -> None:
    process = Process()
    application: Any = build(process)
    await process.started()
    await until(lambda: process.listener.is_hearing)
    viewer = Client(
        process.live.socket, "/ws/live/", headers=[HOST, PAGE, await django(lambda: cookie_of(cast.member))]
    )
    outsider = Client(
        process.live.socket, "/ws/live/", headers=[HOST, PAGE, await django(lambda: cookie_of(cast.outsider))]
    )
    try:
        for each in (viewer, outsider):
            assert (await each.connect())[0]
            assert (await each.ask("request.data"))["type"] == "snapshot"
        transport = httpx2.ASGITransport(app=application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as console:
            for path, body in SENT.items():
                method = "POST" if body else "GET"
                answer = await console.request(method, path.format(key=key), content=body)
                assert answer.status_code == 200, path
                heard = await next_reading(viewer)

                assert heard["sensor"] == str(cast.sensor.uuid)
                assert heard["values"] == {"temperature": 10.8, "humidity": 76}
        assert await outsider.hears_nothing()
    finally:
        for each in (viewer, outsider):
            await each.disconnect()
        await process.stop()
        await asyncio.to_thread(connections.close_all)
    assert stored() == [{"temperature": 10.8, "humidity": 76}] * len(SENT)
