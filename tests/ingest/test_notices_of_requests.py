"""Whatever a request brings that is not stored is kept as a notice of its sensor; the rest of it is stored."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from sensorfusion.clock import utc_now
from sensorfusion.ingest.steps.batch import Note, Sent
from sensorfusion.ingest.steps.ignored import Ignored
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.ingest.conftest import Server, read, stored

pytestmark = pytest.mark.django_db(transaction=True)

NO_FORMATTER = Note("no_values", "uplink", "The uplink has no decoded payload. Add a payload formatter.")


async def noticed(server: Server) -> list[Any]:
    """Return the notices of all sensors, written."""
    await server.ingest._notices.stop()
    return read(
        "SELECT s.name, n.code, n.subject, n.count FROM sensors_notice n JOIN sensors_sensor s ON s.id = n.sensor_id"
        " ORDER BY n.code, n.subject"
    )


async def test_rejected_values_and_readings_are_noticed(server: Server) -> None:
    batch = [{"temperature": 900, "humidity": 60}, {"temperature": 950}, {"observed_at": "soon", "values": {"x": 1}}]

    answer = await server.post(batch)

    assert answer.json()["accepted"] == 1
    assert await noticed(server) == [
        ("Orchard station", "bad_time", "", 1),
        ("Orchard station", "out_of_range", "temperature", 2),
    ]


async def test_a_refused_request_is_noticed(server: Server) -> None:
    assert (await server.post(headers={"content-type": "application/json"}, content=b"{")).status_code == 400
    assert (await server.post({"temperature": 900})).status_code == 422

    assert await noticed(server) == [
        ("Orchard station", "out_of_range", "temperature", 1),
        ("Orchard station", "unreadable", "", 1),
    ]


async def test_a_stranger_leaves_nothing(server: Server) -> None:
    await server.post({"temperature": 900}, key="sf_00000000-" + "x" * 32)

    assert await noticed(server) == []


async def test_what_is_the_servers_fault_is_no_notice(server: Server, cast: Cast) -> None:
    refusals = server.ingest._refusals
    for code in ("overloaded", "database_away"):
        refusals.of_request(RequestRefused(code, sensor=cast.sensor.pk), None)

    assert await noticed(server) == []


async def test_a_clock_that_is_ahead_is_noticed_and_the_reading_kept(server: Server) -> None:
    at = utc_now() + timedelta(hours=9)

    await server.post({"observed_at": at.isoformat(), "values": {"temperature": 21.4}})

    assert stored() == [{"temperature": 21.4}]
    assert await noticed(server) == [("Orchard station", "clock_ahead", "observed_at", 1)]


async def test_a_misspelt_name_is_stored_and_asked_about(server: Server) -> None:
    answer = await server.post({"temprature": 21.4, "leaf_colour": 3})

    assert stored() == [{"temprature": 21.4, "leaf_colour": 3}]
    (hint,) = answer.json()["hints"]
    assert (hint["quantity"], hint["code"]) == ("temprature", "name_like_a_quantity")
    assert hint["detail"].startswith("Did you mean temperature?")
    assert await noticed(server) == [("Orchard station", "name_like_a_quantity", "temprature", 1)]


async def test_notes_of_a_reading_are_noticed_and_the_reading_stored(server: Server) -> None:
    receipt = await deliver(server, lambda: [Sent({"temperature": 21.4}, notes=[NO_FORMATTER])])

    assert receipt.accepted == 1
    assert await noticed(server) == [("Orchard station", "no_values", "uplink", 1)]


async def test_a_request_that_holds_only_notes_is_accepted(server: Server) -> None:
    def ignore() -> Sequence[Sent]:
        raise Ignored(NO_FORMATTER)

    assert await deliver(server, ignore) == Receipt(0, 0, [], None)
    assert await noticed(server) == [("Orchard station", "no_values", "uplink", 1)]


async def test_notes_do_not_make_a_refused_request_accepted(server: Server) -> None:
    with pytest.raises(RequestRefused, match="could be used"):
        await deliver(server, lambda: [Sent({"temperature": 900}, notes=[NO_FORMATTER])])

    assert [row[1] for row in await noticed(server)] == ["no_values", "out_of_range"]


async def test_what_carries_nothing_by_design_is_no_notice(server: Server) -> None:
    def ignore() -> Sequence[Sent]:
        raise Ignored

    with pytest.raises(Ignored):
        await deliver(server, ignore)
    assert await noticed(server) == []


async def test_a_gateways_notes_go_to_the_sensor_that_it_names(server: Server, shed: Sensor, token: str) -> None:
    def ignore() -> Sequence[Sent]:
        raise Ignored(NO_FORMATTER, sensor="eui-70b3")

    assert (await deliver(server, ignore, key=token)).accepted == 0
    assert await noticed(server) == [("Shed", "no_values", "uplink", 1)]


async def test_a_gateways_rejected_values_go_to_their_sensors(server: Server, shed: Sensor, token: str) -> None:
    batch = [
        {"sensor": "eui-70b3", "values": {"temperature": 900, "humidity": 60}},
        {"sensor": "Orchard station", "values": {"humidity": 600, "temperature": 6}},
        {"sensor": "nobody", "values": {"humidity": 60}},
    ]

    await server.post(batch, key=token)

    assert await noticed(server) == [
        ("Orchard station", "out_of_range", "humidity", 1),
        ("Shed", "out_of_range", "temperature", 1),
    ]


async def test_a_viewers_token_leaves_nothing(server: Server, members_token: str) -> None:
    await server.post([{"sensor": "Orchard station", "values": {"temperature": 900}}], key=members_token)

    assert await noticed(server) == []


async def deliver(server: Server, decode: Any, *, key: str = "") -> Receipt:
    return await server.pipeline.receive_by_key(key=key or server.key, body=b"", decode=lambda _: decode())
