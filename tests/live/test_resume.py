"""The start of streams."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from sensorfusion.live import protocol
from sensorfusion.live.resume import Start, catch_up, starts
from tests.live import clockwork
from tests.live.world import FakeDatabase, FakeSocket, mailbox


def test_a_new_client_begins_now() -> None:
    assert starts({1: 50}, after={}) == {1: Start(50, 50)}


def test_a_returning_client_goes_on_from_what_it_has() -> None:
    assert starts({1: 50, 2: 9}, after={1: 44}) == {1: Start(44, 44), 2: Start(9, 9)}


def test_zero_is_everything() -> None:
    assert starts({1: 50}, after={1: 0}) == {1: Start(0, 0)}


def test_a_client_ahead_of_a_restored_database_goes_on_from_what_there_is() -> None:
    assert starts({1: 50}, after={1: 70}) == {1: Start(50, 50)}


def test_what_is_too_much_for_one_sensor_is_left_to_http() -> None:
    most = protocol.CATCH_UP_READINGS

    assert starts({1: most + 50}, after={1: 20}) == {1: Start(20, 50)}


def test_what_is_too_much_for_all_together_is_left_to_http() -> None:
    many = dict.fromkeys(range(12), protocol.CATCH_UP_READINGS)

    found = starts(many, after=dict.fromkeys(many, 0))

    assert [found[sensor].first for sensor in range(12)] == [0] * 10 + [protocol.CATCH_UP_READINGS] * 2


class Return:
    """A client that resumes after ten changes of each of two sensors."""

    def __init__(self) -> None:
        self.database = FakeDatabase([1, 2], page=3)
        for minute in range(10):
            self.database.store(1, minute, 1.0)
            self.database.store(2, minute, 1.0)
        self.socket = FakeSocket()
        self.follows = {1, 2}
        self.joined: dict[int, int] = {}
        self.refusals = 0

    def join(self, sensor: int, seq: int) -> bool:
        if self.refusals:
            self.refusals -= 1
            return False
        self.joined[sensor] = seq
        return True

    async def catch_up(self, behind: Mapping[int, int]) -> None:
        box = mailbox(self.socket)
        await catch_up(behind, mailbox=box, database=self.database, follows=self.follows, join=self.join)
        await box.finished()


def returning(story: Callable[[Return], Coroutine[Any, Any, None]]) -> None:
    clockwork.run(story(Return()))


def test_what_was_missed_comes_page_by_page_and_then_the_stream_is_joined() -> None:
    async def story(client: Return) -> None:
        await client.catch_up({1: 0, 2: 7})

        assert (client.socket.seqs(1), client.socket.seqs(2)) == (list(range(1, 11)), [8, 9, 10])
        assert client.joined == {1: 10, 2: 10}

    returning(story)


def test_who_is_not_let_in_yet_reads_again() -> None:
    async def story(client: Return) -> None:
        client.refusals = 3
        await client.catch_up({1: 9})

        assert (client.socket.seqs(1), client.joined) == ([10], {1: 10})
        assert client.database.asked == 4

    returning(story)


def test_a_sensor_that_is_left_meanwhile_sends_nothing_more_and_is_not_joined() -> None:
    async def story(client: Return) -> None:
        client.socket.fill()
        catching_up = asyncio.create_task(client.catch_up({1: 0, 2: 0}))
        await asyncio.sleep(1)
        client.follows.discard(1)
        client.socket.drain()
        await catching_up

        assert client.socket.seqs(1) == [1, 2, 3, 4, 5, 6]  # one page was being sent, the next was waiting
        assert client.socket.seqs(2) == list(range(1, 11))
        assert client.joined == {2: 10}

    returning(story)


def test_a_deleted_sensor_is_not_waited_for() -> None:
    async def story(client: Return) -> None:
        async def nothing(after: Mapping[int, int]) -> dict[int, Any]:
            return {}

        client.database.changes = nothing  # type: ignore[method-assign]
        await client.catch_up({1: 0})

        assert client.joined == {}

    returning(story)
