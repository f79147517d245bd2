"""A sensor's readings as a file over HTTP: permissions, formats, and aborted responses."""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from django.test import AsyncClient, Client

from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.export import export
from sensorfusion.readings.export.streaming import AT_ONCE, PART_BYTES, SLOTS, SLOWEST_BYTES_PER_S, Streamed, TooSlow
from sensorfusion.readings.notes.services import make_note
from tests.conftest import Cast
from tests.ingest.conftest import until
from tests.patience import PATIENCE_S
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
HOURS = [datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in range(5)]


def address(cast: Cast, query: str = "") -> str:
    return f"/api/v1/sensors/{cast.sensor.uuid}/export{query}"


async def content(response: Any) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    pieces = [piece async for piece in response]
    await sync_to_async(response.close)()
    return b"".join(pieces)


@pytest.fixture
def client_of_member(cast: Cast) -> AsyncClient:
    store(cast.sensor, [(at, {"temperature": at.hour + 0.5}) for at in HOURS])
    client = AsyncClient()
    client.force_login(cast.member)
    return client


async def test_csv_is_what_comes_unasked(cast: Cast, client_of_member: AsyncClient) -> None:
    response = await client_of_member.get(address(cast))

    lines = (await content(response)).decode().split("\r\n")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="Orchard-station.csv"'
    assert lines[0] == "sensor,observed_at,received_at,seq,temperature,flags"
    assert lines[1] == "Orchard station,2026-11-20T00:00:00Z,2026-11-20T00:00:01Z,1,0.5,"
    assert len(lines) == 1 + len(HOURS) + 1


async def test_ndjson_of_a_window(cast: Cast, client_of_member: AsyncClient) -> None:
    query = "?format=ndjson&from=2026-11-20T01:00:00Z&to=2026-11-20T03:00:00Z"

    lines = (await content(await client_of_member.get(address(cast, query)))).splitlines()

    assert [msgspec.json.decode(line)["values"] for line in lines] == [{"temperature": 1.5}, {"temperature": 2.5}]


async def test_parquet_has_typed_columns(cast: Cast, client_of_member: AsyncClient) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    found = parquet.read_table(io.BytesIO(await content(await client_of_member.get(address(cast, "?format=parquet")))))

    assert found.column("observed_at").to_pylist() == HOURS
    assert found.column("temperature").to_pylist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert str(found.schema.field("observed_at").type) == "timestamp[us, tz=UTC]"


async def test_parquet_has_the_notes_of_its_span_in_its_metadata(cast: Cast, client_of_member: AsyncClient) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    @sync_to_async
    def noted() -> None:
        make_note(by=cast.owner, sensor=cast.sensor, starts_at=HOURS[1], text="Cleaned", now=HOURS[4])
        make_note(by=cast.owner, sensor=cast.sensor, starts_at=HOURS[4], text="Later", now=HOURS[4])

    await noted()
    span = "?format=parquet&to=2026-11-20T03:00:00Z"
    found = parquet.read_table(io.BytesIO(await content(await client_of_member.get(address(cast, span)))))

    (note,) = msgspec.json.decode(found.schema.metadata[b"notes"])
    assert (note["sensor"], note["kind"], note["text"], note["end"]) == (cast.sensor.name, "note", "Cleaned", None)
    assert note["start"] == "2026-11-20T01:00:00Z"


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
async def test_every_member_of_the_site_may_have_the_file(cast: Cast, who: str) -> None:
    client = AsyncClient()
    await client.aforce_login(getattr(cast, who))

    assert (await content(await client.get(address(cast)))).startswith(b"sensor,")


def test_to_an_outsider_there_is_no_such_sensor(cast: Cast, client: Client) -> None:
    client.force_login(cast.outsider)

    assert client.get(address(cast)).status_code == 404


def test_nobody_has_it_without_signing_in(cast: Cast, client: Client) -> None:
    assert client.get(address(cast)).status_code == 401


@pytest.mark.parametrize("query", ["?format=xml", "?from=yesterday", "?to=2026-11-20T00:00:00"])
def test_what_cannot_be_understood_is_refused(cast: Cast, client: Client, query: str) -> None:
    client.force_login(cast.member)

    response = client.get(address(cast, query))

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


def test_a_server_without_pyarrow_says_so(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    client.force_login(cast.member)

    response = client.get(address(cast, "?format=parquet"))

    assert (response.status_code, response.json()["code"]) == (501, "not_installed")


async def test_memory_holds_one_portion(
    cast: Cast, client_of_member: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks arrive while the rest is still in the database."""
    monkeypatch.setattr(export, "AT_ONCE", 2)
    response = await client_of_member.get(address(cast, "?format=ndjson"))
    assert isinstance(response, StreamingHttpResponse)

    sizes = [len(piece.splitlines()) async for piece in response]

    assert sizes == [2, 2, 1, 0]
    await sync_to_async(response.close)()


# Streaming


def pieces(log: list[str]) -> Iterator[bytes]:
    try:
        for _ in range(3):
            log.append("made")
            yield b"piece"
    finally:
        log.append("closed")


async def first(stream: Streamed) -> bytes:
    iterator: AsyncIterator[bytes] = aiter(stream)
    return await anext(iterator)


async def test_a_file_that_is_broken_off_is_not_made_to_its_end() -> None:
    log: list[str] = []
    stream = Streamed(pieces(log), operator=1)

    assert await first(stream) == b"piece"
    await asyncio.to_thread(stream.close)

    assert log == ["made", "closed"]


async def test_places_are_given_back_also_by_what_never_began() -> None:
    for _ in range(3):
        streams = [Streamed(pieces([]), operator=number) for number in range(AT_ONCE)]
        with pytest.raises(Refusal, match="4 exports are under way"):
            Streamed(pieces([]), operator=AT_ONCE)
        for stream in streams:
            await asyncio.to_thread(stream.close)
            stream.close()  # closing twice is harmless


async def test_an_operator_has_one_export_at_a_time(cast: Cast, client_of_member: AsyncClient) -> None:
    running = await client_of_member.get(address(cast))
    second = await client_of_member.get(address(cast))
    others = AsyncClient()
    await others.aforce_login(cast.owner)

    assert (second.status_code, second.json()["code"]) == (429, "one_at_a_time")
    assert int(second["Retry-After"]) > 0
    assert (await content(await others.get(address(cast)))).startswith(b"sensor,")
    await content(running)
    assert (await content(await client_of_member.get(address(cast)))).startswith(b"sensor,")


async def test_slot_is_free_before_the_client_sees_the_end_of_its_file(
    cast: Cast, client_of_member: AsyncClient
) -> None:
    running = await client_of_member.get(address(cast))
    assert isinstance(running, StreamingHttpResponse)
    assert b"".join([piece async for piece in running]).startswith(b"sensor,")

    following = await client_of_member.get(address(cast))  # the first one is not yet closed

    assert (await content(following)).startswith(b"sensor,")
    running.close()


async def test_client_that_does_not_read_loses_its_slot() -> None:
    is_closed = threading.Event()

    def unread() -> Iterator[bytes]:
        try:
            yield b"piece"
            yield b"never asked for"
        finally:
            is_closed.set()

    stream = Streamed(unread(), operator=1, patience_s=0.01)
    iterator: AsyncIterator[bytes] = aiter(stream)
    assert await anext(iterator) == b"piece"

    assert await asyncio.to_thread(is_closed.wait, PATIENCE_S)
    await asyncio.to_thread(stream.close)

    with pytest.raises(TooSlow):
        await anext(iterator)
    await until(lambda: 1 not in SLOTS._taken)  # the thread that gave up gives the slot back last


async def test_client_that_reads_slowly_and_steadily_gets_its_file() -> None:
    now = [0.0]
    large = bytes(10 * PART_BYTES)
    stream = Streamed((each for each in (large, large)), operator=1, patience_s=10.0, clock=lambda: now[0])
    read = b""

    async for part in stream:
        read += part
        now[0] += PART_BYTES / SLOWEST_BYTES_PER_S

    await asyncio.to_thread(stream.close)
    assert read == large + large
    assert stream._patience_s == pytest.approx(10.0)
