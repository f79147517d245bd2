"""The writer and the pipeline in front of it: groups, limits, disconnecting clients, and shutdown."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from sensorfusion.ingest.doors.readings import decode_body
from sensorfusion.ingest.steps.refused import RequestRefused
from tests.conftest import Cast
from tests.ingest.conftest import Server, change, key_for, serve, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_key(cast: Cast) -> str:
    return key_for(cast.other_sensor)


@pytest.fixture
async def small_server(key: str) -> AsyncIterator[Server]:
    """A capacity of 40 waiting readings, 10 per sensor."""
    async for each in serve(key, capacity=40):
        yield each


def body(count: int, first: int = 0) -> bytes:
    readings = [f'{{"observed_at":{1700000000 + first + n},"temperature":20}}' for n in range(count)]
    return b"[" + ",".join(readings).encode() + b"]"


async def test_what_waits_together_is_committed_together(server: Server) -> None:
    answers = await asyncio.gather(
        *(server.post({"observed_at": 1700000000 + n, "temperature": n % 50}) for n in range(200))
    )

    assert sorted(answer.json()["seq"] for answer in answers) == sorted(change.seq for change in server.heard[-200:])
    assert [answer.json()["accepted"] for answer in answers] == [1] * 200
    assert stored("seq") == list(range(1, 201))


async def test_a_client_that_goes_away_disturbs_nobody_and_its_readings_are_stored(server: Server) -> None:
    await server.post(content=body(1))  # from here on the key is cached
    leaving = asyncio.ensure_future(server.pipeline.receive_by_key(key=server.key, body=body(1, 1), decode=decode_body))
    staying = asyncio.ensure_future(server.pipeline.receive_by_key(key=server.key, body=body(1, 2), decode=decode_body))
    await asyncio.sleep(0)

    leaving.cancel()

    assert (await staying).accepted == 1
    assert (await server.post(content=body(1, 3))).json()["seq"] == 4
    assert len(stored()) == 4


async def test_readings_are_announced_before_the_sender_is_answered(server: Server) -> None:
    receipt = await server.pipeline.receive_by_key(key=server.key, body=body(3), decode=decode_body)

    assert [change.seq for change in server.heard] == [1, 2, 3]
    assert receipt.seq == 3


async def test_a_flood_from_one_sensor_is_turned_away_and_others_go_on(small_server: Server, other_key: str) -> None:
    server = small_server
    await server.post(content=body(1))
    await server.post(content=body(1), key=other_key)

    flood = [asyncio.create_task(server.post(content=body(4, 10 + 10 * n))) for n in range(6)]
    other = asyncio.create_task(server.post(content=body(4, 10), key=other_key))
    statuses = sorted([(await answer).status_code for answer in flood])

    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert (await other).status_code == 200
    refused = next(answer.result() for answer in flood if answer.result().status_code == 429)
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["code"] == "too_fast"
    assert len(stored()) == 2 + 4 * statuses.count(200) + 4


async def test_a_batch_larger_than_the_queue_is_taken_when_nothing_waits(small_server: Server) -> None:
    assert (await small_server.post(content=body(60))).json()["accepted"] == 60


async def test_a_stopped_writer_has_answered_everything_it_took(key: str) -> None:
    async for server in serve(key):
        await server.post(content=body(1))
        tasks = [
            asyncio.ensure_future(server.pipeline.receive_by_key(key=key, body=body(1, n), decode=decode_body))
            for n in range(1, 30)
        ]
        await asyncio.sleep(0)

    assert [(await task).accepted for task in tasks] == [1] * 29
    assert len(stored()) == 30


async def test_a_writer_that_is_not_running_refuses(key: str) -> None:
    async for server in serve(key):
        await server.post(content=body(1))
        pipeline = server.pipeline

    with pytest.raises(RequestRefused) as refused:
        await pipeline.receive_by_key(key=key, body=body(1), decode=decode_body)
    assert refused.value.status == 503


async def test_the_writer_recovers_when_its_connection_dies(server: Server) -> None:
    await server.post(content=body(1))
    change(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%advanced%'"
    )

    answer = await server.post(content=body(1, 1))

    assert answer.json()["accepted"] == 1
    assert len(stored()) == 2
