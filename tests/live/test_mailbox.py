"""A socket's outgoing half, with clients that read, read slowly, and do not read."""

import asyncio
import gc
import weakref
from collections import deque
from typing import Any

import pytest

from sensorfusion.live import protocol
from sensorfusion.live.counts import Counts
from sensorfusion.live.mailbox import LIMITS, Limits, Mailbox, SocketGone
from sensorfusion.live.protocol import CloseCode, Frame
from tests.live import clockwork
from tests.live.world import FakeSocket, mailbox, reading, uuid_of

FEW = Limits(frames=3, notices=5)


def one(sensor: int, seq: int) -> Frame:
    return protocol.readings([reading(sensor, seq)])


def task_of(box: Mailbox) -> Any:
    return box._task


def test_while_the_client_reads_nothing_waits_and_no_task_is_made() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)

        box.deliver(one(1, 1))
        box.deliver(one(1, 2))

        assert socket.seqs(1) == [1, 2]
        assert task_of(box) is None

    clockwork.run(story())


def test_sockets_share_the_event_of_a_frame() -> None:
    async def story() -> None:
        sockets = [FakeSocket() for _ in range(3)]
        frame = one(1, 1)

        for socket in sockets:
            mailbox(socket).deliver(frame)

        assert {id(socket.events[0]) for socket in sockets} == {id(frame.event)}

    clockwork.run(story())


def test_what_follows_a_blocked_message_comes_after_it_in_order() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)
        socket.fill()
        for seq in range(1, 6):
            box.deliver(one(1, seq))
        await asyncio.sleep(1)
        assert socket.sent == []

        socket.drain()
        await box.finished()
        box.deliver(one(1, 6))

        assert socket.seqs(1) == [1, 2, 3, 4, 5, 6]
        assert task_of(box) is None

    clockwork.run(story())


def test_a_mailbox_has_a_queue_only_while_it_is_not_idle() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)
        for seq in (1, 3):
            assert not isinstance(box._queue, deque)
            socket.fill()
            box.deliver(one(1, seq))
            box.deliver(one(1, seq + 1))
            assert isinstance(box._queue, deque)
            socket.drain()
            await box.finished()

        assert not isinstance(box._queue, deque)
        assert socket.seqs(1) == [1, 2, 3, 4]
        box.end(CloseCode.RESTART)
        await box.finished()
        assert socket.code == CloseCode.RESTART

    clockwork.run(story())


def test_past_the_bound_only_the_newest_of_each_sensor_is_left_and_a_gap_tells_of_the_others() -> None:
    async def story() -> None:
        socket, counts = FakeSocket(), Counts()
        box = mailbox(socket, counts, FEW)
        socket.fill()
        for seq in range(1, 21):
            box.deliver(one(1, seq))
        box.deliver(one(2, 7))

        socket.drain()
        await box.finished()

        assert socket.seqs(1) == [1, 20]
        assert socket.seqs(2) == [7]
        assert socket.of_type("gap") == [{"type": "gap", "sensor": uuid_of(1), "after": 1, "until": 19}]
        kinds = [message["type"] for message in socket.sent]
        assert kinds.index("gap") < len(kinds) - 1  # before the newest reading
        assert (counts.conflated, counts.gaps, counts.too_slow) == (18, 1, 0)

    clockwork.run(story())


def test_what_waits_is_bounded_by_size_too() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket, limits=Limits(octets=2_000))
        socket.fill()
        for seq in range(1, 1_000):
            box.deliver(one(1, seq))
        assert box._octets < 3_000

        socket.drain()
        await box.finished()
        assert socket.seqs(1)[-1] == 999

    clockwork.run(story())


def test_a_flood_at_a_client_that_does_not_read_costs_one_reading_per_sensor() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket, limits=FEW)
        socket.fill()
        for seq in range(1, 2_000):
            for sensor in (1, 2):
                box.deliver(one(sensor, seq))

        assert len(box._queue) == 0
        assert {sensor: each.seq for sensor, each in box._newest.items()} == {1: 1_999, 2: 1_999}
        await box.stop()

    clockwork.run(story())


def test_gaps_of_a_second_fall_join_those_of_the_first() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket, limits=FEW)
        socket.fill()
        for seq in range(1, 10):
            box.deliver(one(1, seq))
        box._queue_the_newest()
        for seq in range(10, 20):
            box.deliver(one(1, seq))

        socket.drain()
        await box.finished()

        gaps = [(gap["after"], gap["until"]) for gap in socket.of_type("gap")]
        assert gaps == [(1, 8), (8, 18)]
        assert socket.seqs(1) == [1, 19]

    clockwork.run(story())


def test_messages_that_are_not_readings_are_never_thinned_out() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket, limits=FEW)
        socket.fill()
        box.deliver(one(1, 1))
        box.deliver(protocol.sensor_state(uuid_of(1), "late"))
        for seq in range(2, 20):
            box.deliver(one(1, seq))

        socket.drain()
        await box.finished()

        assert len(socket.of_type("sensor")) == 1

    clockwork.run(story())


def test_a_client_that_lets_too_many_of_them_wait_is_closed() -> None:
    async def story() -> None:
        socket, counts = FakeSocket(), Counts()
        box = mailbox(socket, counts, FEW)
        socket.fill()
        for _ in range(10):
            box.deliver(protocol.sensor_state(uuid_of(1), "late"))

        socket.drain()
        await box.finished()

        assert socket.code == CloseCode.TOO_SLOW
        assert counts.too_slow == 1

    clockwork.run(story())


def test_who_reads_nothing_for_half_a_minute_is_closed_as_too_slow() -> None:
    async def story() -> None:
        loop, stuck = asyncio.get_running_loop(), []
        socket, counts = FakeSocket(), Counts()
        box = mailbox(socket, counts, on_stuck=lambda: stuck.append(loop.time()))
        socket.fill()
        began = loop.time()
        box.deliver(one(1, 1))

        await box.finished()

        assert loop.time() - began == pytest.approx(LIMITS.blocked_s + LIMITS.goodbye_s)
        assert (counts.too_slow, len(stuck), socket.sent) == (1, 1, [])
        box.deliver(one(1, 2))  # harmless
        with pytest.raises(SocketGone):
            await box.send(one(1, 3))

    clockwork.run(story())


def test_send_waits_for_the_client() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)
        socket.fill()
        await box.send(one(1, 1))  # being written to the transport
        waiting = asyncio.create_task(box.send(one(1, 2)))
        await asyncio.sleep(1)
        assert not waiting.done()

        socket.drain()
        await waiting

        assert socket.seqs(1) == [1, 2]
        await box.finished()

    clockwork.run(story())


def test_what_is_sent_by_request_is_not_thinned_out() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket, limits=FEW)
        socket.fill()
        await box.send(one(1, 1))
        waiting = asyncio.create_task(box.send(one(1, 2)))
        await asyncio.sleep(0)
        for seq in range(3, 20):
            box.deliver(one(1, seq))

        socket.drain()
        await waiting
        await box.finished()

        assert socket.seqs(1) == [1, 2, 19]
        assert [(gap["after"], gap["until"]) for gap in socket.of_type("gap")] == [(2, 18)]

    clockwork.run(story())


def test_a_forgotten_sensor_is_taken_back() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)
        socket.fill()
        box.deliver(one(3, 1))
        box.deliver(protocol.readings([reading(1, 1), reading(2, 1)]))
        box.deliver(one(1, 2))
        box.forget({1})

        socket.drain()
        await box.finished()

        assert (socket.seqs(1), socket.seqs(2), socket.seqs(3)) == ([], [1], [1])

    clockwork.run(story())


def test_a_forgotten_sensor_leaves_neither_newest_nor_gap() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket, limits=FEW)
        socket.fill()
        for seq in range(1, 20):
            box.deliver(protocol.readings([reading(1, seq), reading(2, seq)]))
        box.forget({1})

        socket.drain()
        await box.finished()

        assert socket.seqs(1) == [1]
        assert socket.seqs(2) == [1, 19]
        assert [gap["sensor"] for gap in socket.of_type("gap")] == [uuid_of(2)]

    clockwork.run(story())


def test_the_end_drops_what_waits_unless_asked_to_send_it() -> None:
    async def story() -> None:
        for after_queue, expected in ((False, [1]), (True, [1, 2])):
            socket = FakeSocket()
            box = mailbox(socket)
            socket.fill()
            box.deliver(one(1, 1))
            box.deliver(one(1, 2))
            box.end(CloseCode.RESTART, after_queue=after_queue)
            socket.drain()
            await box.finished()

            assert (socket.seqs(1), socket.code) == (expected, CloseCode.RESTART)

    clockwork.run(story())


def test_the_first_reason_given_is_the_one_the_client_hears() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)
        box.end(CloseCode.RIGHTS_GONE)
        box.end(CloseCode.RESTART)
        await box.finished()

        assert socket.code == CloseCode.RIGHTS_GONE

    clockwork.run(story())


def test_a_client_that_is_gone_is_no_error() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)
        socket.break_off()

        box.deliver(one(1, 1))
        box.deliver(one(1, 2))

        with pytest.raises(SocketGone):
            await box.send(one(1, 3))
        assert task_of(box) is None

    clockwork.run(story())


def test_a_client_that_goes_while_blocked_ends_all_who_wait() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)
        socket.fill()
        box.deliver(one(1, 1))
        waiting = asyncio.create_task(box.send(one(1, 2)))
        await asyncio.sleep(0)

        socket.break_off()

        with pytest.raises(SocketGone):
            await waiting
        await box.finished()

    clockwork.run(story())


def test_an_unexpected_failure_of_the_server_ends_only_this_socket(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(event: dict[str, Any]) -> None:
        raise RuntimeError("no websocket.send after websocket.close")

    async def story() -> None:
        box = Mailbox(broken, uuid_of=uuid_of, on_stuck=lambda: None, counts=Counts())
        box.deliver(one(1, 1))
        box.deliver(one(1, 2))

    clockwork.run(story())


def test_stopping_leaves_no_task_behind() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket)
        socket.fill()
        box.deliver(one(1, 1))
        box.deliver(one(1, 2))

        await box.stop()

        assert asyncio.all_tasks() == {asyncio.current_task()}

    clockwork.run(story())


def test_cancelling_reaches_the_coroutine_that_was_begun() -> None:
    async def story() -> None:
        ended = []

        async def send(event: dict[str, Any]) -> None:
            try:
                await asyncio.sleep(100)
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                ended.append(event)
                raise

        box = Mailbox(send, uuid_of=uuid_of, on_stuck=lambda: None, counts=Counts(), limits=Limits(blocked_s=1_000))
        box.deliver(one(1, 1))
        await asyncio.sleep(150)

        await box.stop()

        assert len(ended) == 1

    clockwork.run(story())


def test_prebuilt_octets_go_straight_into_the_transport() -> None:
    async def story() -> None:
        written: list[bytes] = []
        socket = FakeSocket()

        def write(octets: bytes) -> bool:
            if len(written) < 2:
                written.append(octets)
                return True
            return False

        box = mailbox(socket, write=write)
        frames = [one(1, seq) for seq in (1, 2, 3)]
        for frame in frames:
            box.deliver(frame)

        assert written == [frame.octets for frame in frames[:2]]
        assert socket.seqs(1) == [3]  # the transport was full: the server's own send waits for it

    clockwork.run(story())


def test_a_stopped_mailbox_is_garbage() -> None:
    async def story() -> "weakref.ref[FakeSocket]":
        socket = FakeSocket()
        box = mailbox(socket)
        socket.fill()
        box.deliver(one(1, 1))
        await box.stop()
        return weakref.ref(socket)

    left = clockwork.run(story())
    gc.collect()
    assert left() is None


def test_what_the_hub_leaves_out_takes_its_place_among_what_waits() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket, limits=FEW)
        socket.fill()
        for seq in range(1, 10):
            box.deliver(one(1, seq))
        box.leave_out(1, after=9, until=20)
        box.leave_out(2, after=3, until=5)
        box.deliver(one(1, 21))

        socket.drain()
        await box.finished()
        box.leave_out(1, after=21, until=30)

        gaps = [(gap["sensor"][-1], gap["after"], gap["until"]) for gap in socket.of_type("gap")]
        assert gaps == [("1", 1, 20), ("2", 3, 5), ("1", 21, 30)]
        assert socket.seqs(1) == [1, 21]

    clockwork.run(story())


def test_gaps_of_many_sensors_are_no_reason_to_close() -> None:
    async def story() -> None:
        socket = FakeSocket()
        box = mailbox(socket, limits=FEW)
        socket.fill()
        for seq in range(1, 10):
            for sensor in range(20):
                box.deliver(one(sensor, seq))
        box._queue_the_newest()
        box.deliver(protocol.sensor_state(uuid_of(1), "late"))

        socket.drain()
        await box.finished()

        assert socket.code is None
        assert len(socket.of_type("gap")) >= 19
        assert box._notices == 0

    clockwork.run(story())
