"""Sensors become silent and live again."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sensorfusion.live.hub import DatabaseAway
from sensorfusion.live.liveness import LivenessMonitor
from sensorfusion.live.reads import Rhythm
from tests.live import clockwork
from tests.live.world import NOON, FakeDatabase, FakeSocket, hub, mailbox, reading, uuid_of

MINUTE = Rhythm(NOON, 60.0, "active")  # late after 150 s, offline after 600 s


class Watch:
    """One sensor with a follower, an adjustable clock, and the sensor's state in the database."""

    def __init__(self, rhythm: Rhythm = MINUTE) -> None:
        self.hub = hub(FakeDatabase([1]))
        self.rhythm = rhythm
        self.now = NOON
        self.asked = self.failures = 0
        self.liveness_monitor = LivenessMonitor(self.hub, self, now=lambda: self.now)
        self.follower = FakeSocket()
        self.hub.hold({1: uuid_of(1)})
        self.hub.join(mailbox(self.follower), 1, 0)
        self.hub.release([1])
        self.liveness_monitor.judge(1, rhythm, name="North")

    async def rhythms(self, sensors: Iterable[int]) -> dict[int, Rhythm]:
        self.asked += 1
        if self.failures:
            self.failures -= 1
            raise DatabaseAway("as the test wants it")
        return dict.fromkeys(sensors, self.rhythm)

    async def after(self, seconds: float) -> list[str]:
        """Advance the clock, and return the states sent to the follower so far."""
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(2)
        return [message["state"] for message in self.follower.of_type("sensor")]

    async def watched(self, story: Any) -> None:
        running = asyncio.create_task(self.liveness_monitor.run())
        await story(self)
        running.cancel()
        await asyncio.wait([running])


def play(story: Any, watch: Any = Watch) -> None:
    async def whole() -> None:
        await watch().watched(story)

    clockwork.run(whole())


def test_silence_is_told_when_it_begins_and_once() -> None:
    async def story(watch: Watch) -> None:
        assert await watch.after(149) == []
        assert await watch.after(1) == ["late"]
        assert await watch.after(449) == ["late"]
        assert await watch.after(1) == ["late", "offline"]
        assert await watch.after(10_000) == ["late", "offline"]

    play(story)


def test_a_sensor_that_goes_on_is_asked_about_and_not_told_of() -> None:
    async def story(watch: Watch) -> None:
        watch.rhythm = Rhythm(NOON + timedelta(seconds=140), 60.0, "active")
        assert await watch.after(150) == []
        assert watch.asked == 1
        assert await watch.after(139) == []
        assert await watch.after(1) == ["late"]

    play(story)


def test_a_silent_sensor_that_sends_again_is_live_right_behind_its_reading() -> None:
    async def story(watch: Watch) -> None:
        await watch.after(700)
        watch.rhythm = Rhythm(watch.now, 60.0, "active")
        watch.hub.publish([reading(1, 1)])
        await asyncio.sleep(0)
        await asyncio.sleep(0)

        assert await watch.after(0) == ["offline", "live"]
        assert [message["type"] for message in watch.follower.sent[-2:]] == ["readings", "sensor"]

    play(story)


def test_old_readings_of_a_silent_sensor_do_not_make_it_live() -> None:
    async def story(watch: Watch) -> None:
        await watch.after(700)
        for seq in range(1, 200):
            watch.hub.publish([reading(1, seq)])
        before = watch.asked

        assert await watch.after(0) == ["offline"]
        assert watch.asked - before == 1

    play(story)


def test_a_pending_sensor_becomes_live_with_its_first_reading() -> None:
    async def story(watch: Watch) -> None:
        watch.rhythm = Rhythm(NOON, None, "active")
        watch.hub.publish([reading(1, 1)])

        assert await watch.after(0) == ["live"]

    play(story, lambda: Watch(Rhythm(None, None, "pending")))


def test_what_cannot_be_asked_now_is_asked_later() -> None:
    async def story(watch: Watch) -> None:
        watch.failures = 2
        watch.now += timedelta(seconds=150)
        await asyncio.sleep(10)

        assert await watch.after(0) == ["late"]

    play(story)


def test_a_pause_and_a_new_name_are_told_together() -> None:
    async def story(watch: Watch) -> None:
        watch.liveness_monitor.judge(1, Rhythm(NOON, 60.0, "paused"), name="South")
        watch.liveness_monitor.judge(1, Rhythm(NOON, 60.0, "paused"), name="South")

        assert watch.follower.of_type("sensor") == [
            {"type": "sensor", "sensor": uuid_of(1), "state": "paused", "name": "South"}
        ]

    play(story)


def test_a_sensor_nobody_follows_any_more_is_not_asked_about() -> None:
    async def story(watch: Watch) -> None:
        (box,) = watch.hub.topics[1].mailboxes
        watch.hub.leave(box, 1)
        watch.liveness_monitor.judge(1, MINUTE)

        await watch.after(10_000)
        assert watch.asked == 0

    play(story)


def test_a_clock_that_moved_back_does_no_harm() -> None:
    async def story(watch: Watch) -> None:
        await watch.after(150)
        watch.now = datetime.min.replace(tzinfo=NOON.tzinfo) + timedelta(days=400)
        await watch.liveness_monitor.look()

    play(story)


def test_coming_and_going_does_not_pile_up() -> None:
    async def story(watch: Watch) -> None:
        (box,) = watch.hub.topics[1].mailboxes
        for second in range(100):
            watch.hub.leave(box, 1)
            watch.hub.hold({1: uuid_of(1)})
            watch.hub.join(box, 1, 0)
            watch.hub.release([1])
            watch.liveness_monitor.judge(1, Rhythm(NOON + timedelta(seconds=second), 60.0, "active"))

        assert len(watch.liveness_monitor._heap) == 1
        watch.rhythm = Rhythm(NOON + timedelta(seconds=99), 60.0, "active")
        assert await watch.after(248) == []
        assert await watch.after(1) == ["late"]

    play(story)
