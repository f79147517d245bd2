"""Which sockets get which frames, and when."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from unittest.mock import patch

import pytest

from sensorfusion.events.messages import Noticed, ReadingsRefused
from sensorfusion.live import protocol
from sensorfusion.live.hub import GRACE_S, TICK_S, Hub
from sensorfusion.live.mailbox import Mailbox
from sensorfusion.live.protocol import CloseCode
from sensorfusion.live.watching import Watcher
from tests.live import clockwork
from tests.live.world import FakeDatabase, FakeSocket, hub, mailbox, reading, uuid_of


class Room:
    """A hub, its database, and sockets that follow sensors from seq 0."""

    def __init__(self, sensors: int = 3) -> None:
        self.database = FakeDatabase(range(1, sensors + 1))
        self.hub: Hub = hub(self.database)
        self.boxes: dict[FakeSocket, Mailbox] = {}

    def socket(self, *sensors: int, seq: int = 0) -> FakeSocket:
        socket = FakeSocket()
        box = self.boxes[socket] = mailbox(socket, self.hub.counts)
        self.hub.welcome(box)
        names = {sensor: uuid_of(sensor) for sensor in sensors}
        self.hub.hold(names)
        assert all(self.hub.join(box, sensor, seq) for sensor in sensors)
        self.hub.release(names)
        return socket


def clockworked(story: Callable[[Room], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def test() -> None:
        async def whole() -> None:
            room = Room()
            await story(room)
            await room.hub.close()

        clockwork.run(whole())

    test.__name__ = test.__qualname__ = story.__name__
    return test


@clockworked
async def test_a_reading_goes_to_those_who_follow_its_sensor(room: Room) -> None:
    follower, other = room.socket(1), room.socket(2)

    room.hub.publish([reading(1, 1)])

    assert (follower.seqs(1), other.sent) == ([1], [])
    assert (room.hub.counts.frames, room.hub.counts.delivered, room.hub.counts.sockets) == (1, 1, 2)


@clockworked
async def test_a_sensor_nobody_follows_costs_nothing(room: Room) -> None:
    room.hub.publish([reading(1, 1)])

    assert (room.hub.topics, room.hub.counts.frames) == ({}, 0)


@clockworked
async def test_sockets_that_follow_the_same_share_one_frame(room: Room) -> None:
    pair = [room.socket(1, 2), room.socket(1, 2)]
    single = room.socket(1)

    room.hub.publish([reading(1, 1), reading(2, 1), reading(3, 1)])

    assert pair[0].straight[0] is pair[1].straight[0]
    assert [each["seq"] for each in pair[0].sent[0]["readings"]] == [1, 1]
    assert (single.seqs(1), single.seqs(2)) == ([1], [])
    assert room.hub.counts.frames == 2


@clockworked
async def test_an_idle_socket_is_written_to_straight_and_any_other_by_its_mailbox(room: Room) -> None:
    idle, full, closing = room.socket(1), room.socket(1), room.socket(1)
    full.fill()
    room.boxes[closing].end(CloseCode.RESTART)

    room.hub.publish([reading(1, 1)])
    await asyncio.sleep(TICK_S)
    full.drain()
    await asyncio.sleep(TICK_S)
    room.hub.publish([reading(1, 2)])

    assert (len(idle.straight), idle.seqs(1)) == (2, [1, 2])
    assert (len(full.straight), full.seqs(1)) == (1, [1, 2])  # the first had to wait
    assert (closing.straight, closing.seqs(1), closing.code) == ([], [], CloseCode.RESTART)
    assert room.boxes[idle].frames == 2


@clockworked
async def test_a_watcher_is_stirred_beside_those_that_get_the_readings(room: Room) -> None:
    stirred: list[bool] = []
    before, watcher = room.socket(1), Watcher(lambda: stirred.append(True))
    room.hub.hold({1: uuid_of(1)})
    assert room.hub.join(watcher, 1, 0)
    room.hub.release([1])
    after = room.socket(1)

    room.hub.publish([reading(1, 1)])

    assert (len(stirred), before.seqs(1), after.seqs(1)) == (1, [1], [1])
    room.hub.leave(watcher, 1)


@clockworked
async def test_the_first_batch_after_a_quiet_moment_goes_out_at_once(room: Room) -> None:
    follower = room.socket(1)
    for seq in (1, 2):
        room.hub.publish([reading(1, seq)])
        assert follower.seqs(1)[-1] == seq
        await asyncio.sleep(TICK_S)


@clockworked
async def test_what_comes_faster_is_gathered_into_one_frame_per_tick(room: Room) -> None:
    follower = room.socket(1, 2)
    for seq in range(1, 6):
        room.hub.publish([reading(1, seq)])
        room.hub.publish([reading(2, seq)])
    assert follower.seqs(1) == [1]

    await asyncio.sleep(TICK_S)

    assert follower.seqs(1) == follower.seqs(2) == [1, 2, 3, 4, 5]
    assert len(follower.sent) == 2


def test_sending_takes_no_more_than_half_of_the_loop() -> None:
    async def story() -> None:
        room = Room()
        room.socket(1)
        spent = iter([0.0, 0.3, 0.3, 0.3])
        room.hub._pace.clock = lambda: next(spent)
        room.hub.publish([reading(1, 1)])  # takes 0.3 s

        assert room.hub._quiet_at - asyncio.get_running_loop().time() == pytest.approx(0.3)
        room.hub._touched.clear()

    clockwork.run(story())


@clockworked
async def test_an_announcement_that_comes_again_is_ignored(room: Room) -> None:
    follower = room.socket(1)
    room.hub.publish([reading(1, 1), reading(1, 2)])
    await asyncio.sleep(1)

    room.hub.publish([reading(1, 1), reading(1, 2)])
    await asyncio.sleep(1)

    assert follower.seqs(1) == [1, 2]
    assert room.database.asked == 0


@clockworked
async def test_announcements_that_overtake_each_other_are_put_in_order_without_the_database(room: Room) -> None:
    follower = room.socket(1)
    room.hub.publish([reading(1, 2)])
    await asyncio.sleep(GRACE_S / 2)
    assert follower.sent == []

    room.hub.publish([reading(1, 1)])
    await asyncio.sleep(1)

    assert follower.seqs(1) == [1, 2]
    assert (room.database.asked, room.hub.counts.holes) == (0, 0)


@clockworked
async def test_a_lost_announcement_is_filled_in_from_the_database(room: Room) -> None:
    follower = room.socket(1)
    stored = [room.database.store(1, minute, minute) for minute in range(9)]

    room.hub.publish(stored[8:])
    await asyncio.sleep(1)

    assert follower.seqs(1) == list(range(1, 10))
    assert room.hub.counts.holes > 0


@clockworked
async def test_a_hole_waits_for_a_database_that_is_away(room: Room) -> None:
    follower = room.socket(1)
    room.database.failures = 2
    stored = [room.database.store(1, minute, minute) for minute in range(3)]

    room.hub.publish(stored[2:])
    await asyncio.sleep(5)

    assert follower.seqs(1) == [1, 2, 3]


@clockworked
async def test_a_hole_that_is_too_large_becomes_a_gap(room: Room) -> None:
    follower = room.socket(1)
    room.database.page = 1_000
    stored = [room.database.store(1, minute, 1) for minute in range(protocol.CATCH_UP_READINGS + 5)]

    room.hub.publish(stored[-1:])
    await asyncio.sleep(5)

    assert follower.of_type("gap") == [{"type": "gap", "sensor": uuid_of(1), "after": 0, "until": 5}]
    assert follower.seqs(1) == list(range(6, protocol.CATCH_UP_READINGS + 6))


@clockworked
async def test_what_follows_a_gap_is_sent_although_the_database_fails(room: Room) -> None:
    follower = room.socket(1)
    stored = [room.database.store(1, minute, 1) for minute in range(30)]
    room.database.failures = 1
    with patch.object(protocol, "CATCH_UP_READINGS", 8):
        room.hub.publish([stored[22], stored[29]])
        await asyncio.sleep(2 * GRACE_S)

        assert (follower.seqs(1), follower.of_type("gap")[0]["until"]) == ([23], 22)
        await asyncio.sleep(5)
        assert follower.seqs(1) == list(range(23, 31))


@clockworked
async def test_a_change_without_a_reading_becomes_a_gap(room: Room) -> None:
    follower, other = room.socket(1), room.socket(2)
    room.hub.publish([room.database.store(1, 0, 1)])
    room.database.seq[1] += 1  # an exclusion

    await room.hub.compare([1])
    await asyncio.sleep(5)
    room.hub.publish([room.database.store(1, 1, 2)])

    assert follower.of_type("gap") == [{"type": "gap", "sensor": uuid_of(1), "after": 1, "until": 2}]
    assert follower.seqs(1) == [1, 3]
    assert other.sent == []


@clockworked
async def test_comparing_finds_what_no_announcement_told_of(room: Room) -> None:
    follower = room.socket(1, 2)
    room.database.store(1, 0, 1.0)

    await room.hub.compare()
    await asyncio.sleep(1)

    assert (follower.seqs(1), follower.seqs(2)) == ([1], [])


@clockworked
async def test_a_database_that_came_back_older_starts_its_sensors_afresh(room: Room) -> None:
    follower, other = room.socket(1), room.socket(2)
    room.hub.publish([reading(1, seq) for seq in range(1, 8)])
    room.database.seq[1] = 3  # restored from a backup

    await room.hub.compare()
    await room.boxes[follower].finished()
    again = room.socket(1, seq=3)
    await asyncio.sleep(1)
    room.hub.publish([reading(1, 4)])

    assert (follower.code, other.code) == (CloseCode.RESTART, None)
    assert again.seqs(1) == [4]


@clockworked
async def test_who_has_read_further_than_the_stream_has_come_gets_nothing_twice(room: Room) -> None:
    early = room.socket(1)
    stored = [room.database.store(1, minute, 1.0) for minute in range(4)]
    room.hub.publish(stored[:1])
    late = room.socket(1, seq=3)  # read from the database before two announcements arrived

    room.hub.publish(stored[1:])
    await asyncio.sleep(1)

    assert (early.seqs(1), late.seqs(1)) == ([1, 2, 3, 4], [4])


@clockworked
async def test_who_has_read_further_makes_the_hub_fetch_what_it_was_not_told(room: Room) -> None:
    early = room.socket(1)
    for minute in range(3):
        room.database.store(1, minute, 1.0)  # all announcements are lost
    room.hub.publish([room.database.after(1, 0)[0]])
    late = room.socket(1, seq=3)

    await asyncio.sleep(1)

    assert (early.seqs(1), late.seqs(1)) == ([1, 2, 3], [])


@clockworked
async def test_who_joins_behind_what_is_kept_has_to_read_again(room: Room) -> None:
    room.socket(1)
    room.hub.publish([reading(1, seq) for seq in range(1, 4)])
    socket = FakeSocket()
    room.hub.hold({1: uuid_of(1)})

    assert not room.hub.join(mailbox(socket), 1, 2)
    room.hub.release([1])


@clockworked
async def test_who_joins_is_sent_what_went_out_while_it_read(room: Room) -> None:
    room.socket(1)
    room.hub.publish([reading(1, 1)])
    socket = FakeSocket()
    box = mailbox(socket)
    room.hub.hold({1: uuid_of(1)})
    room.hub.publish([reading(1, 2)])
    room.hub.publish([reading(1, 3)])

    assert room.hub.join(box, 1, 1)
    room.hub.release([1])

    assert socket.seqs(1) == [2, 3]
    room.hub.leave(box, 1)


@clockworked
async def test_who_leaves_gets_nothing_more_and_the_topic_goes_with_the_last(room: Room) -> None:
    one, other = room.socket(1), room.socket(1)
    room.hub.leave(room.boxes[one], 1)
    room.hub.publish([reading(1, 1)])
    assert (one.sent, other.seqs(1)) == ([], [1])

    room.hub.leave(room.boxes[other], 1)
    room.hub.publish([reading(1, 2)])

    assert (other.seqs(1), room.hub.topics) == ([1], {})


@clockworked
async def test_what_is_gathered_for_a_topic_that_goes_is_dropped(room: Room) -> None:
    one = room.socket(1)
    room.hub.publish([reading(1, 1)])
    room.hub.publish([reading(1, 2)])  # waits for the tick

    room.hub.leave(room.boxes[one], 1)
    await asyncio.sleep(1)

    assert one.seqs(1) == [1]


@clockworked
async def test_a_slow_socket_does_not_delay_the_others(room: Room) -> None:
    slow, quick = room.socket(1), room.socket(1)
    slow.fill()
    for seq in range(1, 50):
        room.hub.publish([reading(1, seq)])
        await asyncio.sleep(TICK_S)
        assert quick.seqs(1)[-1] == seq

    assert slow.sent == []
    slow.drain()
    await room.boxes[slow].finished()
    assert slow.seqs(1) == quick.seqs(1)


@clockworked
async def test_a_message_about_a_sensor_comes_after_its_readings_so_far(room: Room) -> None:
    follower = room.socket(1)
    room.hub.publish([reading(1, 1)])
    room.hub.publish([reading(1, 2)])  # waits for the tick

    room.hub.tell(1, protocol.sensor_state(uuid_of(1), "late"))
    room.hub.tell(2, protocol.sensor_state(uuid_of(2), "late"))  # has no followers

    assert [message["type"] for message in follower.sent] == ["readings", "readings", "sensor"]


@clockworked
async def test_a_refused_request_is_shown_to_those_who_asked_for_it(room: Room) -> None:
    setting_up, watching = room.socket(1), room.socket(1)
    room.hub.topics[1].refusals.add(room.boxes[setting_up])

    room.hub.tell_refused(ReadingsRefused(1, "2026-11-22T06:00:00Z", 422, "empty", "No values."))
    room.hub.tell_refused(ReadingsRefused(2, "2026-11-22T06:00:00Z", 422, "empty", "No values."))

    assert [message["code"] for message in setting_up.of_type("refused")] == ["empty"]
    assert watching.sent == []


@clockworked
async def test_a_notice_is_shown_to_those_who_asked_for_refusals(room: Room) -> None:
    setting_up, watching = room.socket(1), room.socket(1)
    room.hub.topics[1].refusals.add(room.boxes[setting_up])

    for sensor in (1, 2):
        room.hub.tell_noticed(Noticed(sensor, "2026-11-22T06:00:00Z", "not_understood", "em:0", "x", 1))

    assert [message["subject"] for message in setting_up.of_type("notice")] == ["em:0"]
    assert watching.sent == []


@clockworked
async def test_a_batch_larger_than_a_frame_travels_in_several(room: Room) -> None:
    follower = room.socket(1)

    room.hub.publish([reading(1, seq) for seq in range(1, 1_202)])

    assert [len(message["readings"]) for message in follower.sent] == [500, 500, 201]


@clockworked
async def test_the_end_sends_what_waits_and_closes_everybody(room: Room) -> None:
    follower, slow, dead = room.socket(1), room.socket(1), room.socket(1)
    slow.fill()
    dead.fill()
    room.hub.publish([reading(1, 1)])
    room.hub.publish([reading(1, 2)])
    asyncio.get_running_loop().call_later(1, slow.drain)

    await room.hub.close()

    assert (follower.seqs(1), follower.code) == ([1, 2], CloseCode.RESTART)
    assert (slow.seqs(1), slow.code) == ([1, 2], CloseCode.RESTART)
    assert dead.code is None
