"""What is queried again when rights change, and when the database does not answer."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sensorfusion.events.messages import AccessChanged, Resumed, SensorChanged
from sensorfusion.live.hub import DatabaseAway
from sensorfusion.live.liveness import LivenessMonitor
from sensorfusion.live.protocol import CloseCode, RequestData
from sensorfusion.live.reads import Rhythm
from sensorfusion.live.revocation import Access
from sensorfusion.live.rights import Credential, Known, Seen
from sensorfusion.live.viewer import Viewer
from tests.live import clockwork
from tests.live.world import NOON, OPERATOR, FakeDatabase, FakeSocket, hub, mailbox, uuid_of

SITE = 1
RHYTHM = Rhythm(NOON, 60.0, "active")


class Office:
    """Answers queries of rights, and counts them."""

    def __init__(self) -> None:
        self.database = FakeDatabase([1, 2, 3])
        self.hub = hub(self.database)
        self.sees = {1: True, 2: True}
        self.is_good = True
        self.failures = 0
        self.asked: list[str] = []
        self.liveness_monitor = LivenessMonitor(self.hub, None, now=lambda: NOON)  # type: ignore[arg-type]  # never asked here
        self.access = Access(self, hub=self.hub, liveness_monitor=self.liveness_monitor)
        self.socket = FakeSocket()
        self.box = mailbox(self.socket)
        self.viewer = Viewer(
            *(Credential(OPERATOR, token=1), self.box),
            **{"hub": self.hub, "archive": self.database, "judge": self.liveness_monitor.judge, "now": lambda: NOON},  # type: ignore[arg-type]
        )

    async def still_good(self, held: Sequence[Credential]) -> set[Credential]:
        self._answer("credentials")
        return set(held) if self.is_good else set()

    async def sight(self, operators: Collection[int]) -> dict[int, dict[int, Seen]]:
        self._answer("sight")
        return {
            operator: {sensor: Seen(uuid_of(sensor), may_edit, SITE) for sensor, may_edit in self.sees.items()}
            for operator in operators
        }

    async def known(self, sensors: Iterable[int]) -> dict[int, Known]:
        self._answer("sensors")
        may_edit = {sensor: {OPERATOR: self.sees[sensor]} if sensor in self.sees else {} for sensor in sensors}
        return {
            sensor: Known(uuid_of(sensor), SITE, f"Sensor {sensor}", may_edit[sensor], RHYTHM)
            for sensor in sensors
            if sensor in self.database.rows
        }

    def _answer(self, question: str) -> None:
        self.asked.append(question)
        if self.failures:
            self.failures -= 1
            raise DatabaseAway("as the test wants it")


def play(story: Any) -> None:
    async def whole() -> None:
        office = Office()
        office.access.enter(office.viewer)
        await office.viewer.follow_all(RequestData(), {1: uuid_of(1), 2: uuid_of(2)})
        office.socket.sent.clear()
        running = asyncio.create_task(office.access.run())
        await story(office)
        running.cancel()
        await asyncio.wait([running])
        office.access.leave(office.viewer)
        await office.viewer.stop()

    clockwork.run(whole())


def test_a_burst_of_changes_is_few_questions() -> None:
    async def story(office: Office) -> None:
        for _ in range(100):
            office.access.on_access_changed(AccessChanged(OPERATOR))
            office.access.on_sensor_changed(SensorChanged(1, 1))
        await asyncio.sleep(1)

        assert office.asked == ["credentials", "sight", "sensors"]
        assert office.socket.sent == []

    play(story)


def test_changes_that_concern_nobody_here_are_not_asked_about() -> None:
    async def story(office: Office) -> None:
        office.access.on_access_changed(AccessChanged(OPERATOR + 1))
        await asyncio.sleep(1)

        assert office.asked == []

    play(story)


def test_a_right_that_ends_while_the_database_is_away_ends_when_it_is_back() -> None:
    async def story(office: Office) -> None:
        office.failures = 3
        del office.sees[1]
        office.access.on_access_changed(AccessChanged(OPERATOR))
        await asyncio.sleep(10)

        assert [message["code"] for message in office.socket.sent] == ["access_revoked"]
        assert list(office.viewer.following) == [2]

    play(story)


def test_what_was_not_heard_is_made_up_for() -> None:
    async def story(office: Office) -> None:
        del office.sees[1]
        office.sees[3] = False
        office.access.on_resumed(Resumed())
        await asyncio.sleep(1)

        kinds = [(message["type"], message.get("code")) for message in office.socket.sent]
        assert sorted(kinds, key=str) == [("error", "access_revoked"), ("snapshot", None)]
        assert sorted(office.viewer.following) == [2, 3]

    play(story)


def test_a_deleted_sensor_is_told_apart_from_one_that_may_not_be_seen() -> None:
    async def story(office: Office) -> None:
        del office.sees[1], office.database.rows[1]
        office.access.on_access_changed(AccessChanged(OPERATOR))
        await asyncio.sleep(1)

        assert office.socket.sent == [{"type": "sensor", "sensor": uuid_of(1), "state": "deleted"}]

    play(story)


def test_expiry_is_noticed_within_a_minute() -> None:
    async def story(office: Office) -> None:
        office.is_good = False
        await asyncio.sleep(59)
        assert office.socket.code is None

        await asyncio.sleep(2)
        assert office.socket.code == CloseCode.RIGHTS_GONE
        assert office.viewer.following == {}

    play(story)


def test_a_newly_visible_sensor_that_cannot_be_read_sends_the_client_round_again() -> None:
    async def story(office: Office) -> None:
        office.sees[3] = False
        office.database.failures = 1
        office.access.on_access_changed(AccessChanged(OPERATOR))
        await asyncio.sleep(1)

        assert office.socket.code == CloseCode.RESTART

    play(story)


def test_who_may_only_view_is_not_shown_refused_requests() -> None:
    async def story(office: Office) -> None:
        office.hub.topics[1].refusals.add(office.box)
        office.sees[1] = False
        office.access.on_access_changed(AccessChanged(OPERATOR))
        await asyncio.sleep(1)

        assert office.hub.topics[1].refusals == set()

    play(story)
