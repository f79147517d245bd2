"""One signed-in socket: the sensors it follows, and how it starts following.

No change is missed and none is sent twice, because a sensor is held at the hub first, read from the database second,
and joined third, at the seq that was read. A client that reconnects with `after` is sent the changes stored since then
before it joins.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sensorfusion.events import tasks
from sensorfusion.live import protocol
from sensorfusion.live.hub import DatabaseAway, Hub
from sensorfusion.live.mailbox import Mailbox, SocketGone
from sensorfusion.live.protocol import CloseCode, Id
from sensorfusion.live.reads import Present, Rhythm, Sites
from sensorfusion.live.resume import Changes, Start, catch_up, starts
from sensorfusion.live.rights import Credential


class Archive(Changes, Protocol):
    """The database reads of a viewer; each may raise `DatabaseAway`."""

    async def ids(self, uuids: Iterable[str], *, operator: int, sites: Sites) -> dict[str, int]:
        """Look up sensors by their public names, without unknown ones and those of other sites."""

    async def present(self, sensors: Iterable[int], *, operator: int, sites: Sites) -> dict[int, Present]:
        """Read the current values of sensors, without those that the operator may not see, or of other sites."""


class Judge(Protocol):
    def __call__(self, sensor: int, rhythm: Rhythm, *, name: str) -> None:
        """Record a sensor's freshly read inputs."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """The options of a client's request, without the sensors."""

    about: Id = None
    after: Mapping[int, int] = field(default_factory=dict)
    refusals: bool = False
    is_by_name: bool = False  # then every unavailable sensor is answered with an error
    is_asked: bool = True  # False if the sensors became visible without a request


class Viewer:
    """Follows sensors for one operator, into one mailbox."""

    __slots__ = (
        "_archive", "_beginning", "_hub", "_judge", "_mailbox", "_now", "_tasks", "credential", "following",
        "follows_all",
    )  # fmt: skip

    def __init__(
        self,
        credential: Credential,
        mailbox: Mailbox,
        *,
        hub: Hub,
        archive: Archive,
        judge: Judge,
        now: Callable[[], datetime],
    ) -> None:
        self.credential = credential
        self.following: dict[int, str] = {}
        self.follows_all = False
        self._mailbox = mailbox
        self._hub = hub
        self._archive = archive
        self._judge = judge
        self._now = now
        self._beginning = asyncio.Lock()  # one at a time: a sensor requested twice must not be joined twice
        self._tasks: set[asyncio.Task[None]] = set()

    async def follow_all(self, request: protocol.RequestData, visible: Mapping[int, str]) -> None:
        """Follow everything the operator may see, including what becomes visible later.

        :raises DatabaseAway: if it could not be read; nothing new is followed then. :raises SocketGone: if the socket
        ends meanwhile.
        """
        self.follows_all = True
        after = {sensor: request.after[uuid] for sensor, uuid in visible.items() if uuid in request.after}
        await self._follow(_Wish(request.id, after), visible)

    async def subscribe(self, request: protocol.Subscribe) -> None:
        """Follow the sensors of a request; each one that cannot be followed is answered with an error of its own.

        :raises DatabaseAway: if it could not be read; nothing new is followed then. :raises SocketGone: if the socket
        ends meanwhile.
        """
        names = dict.fromkeys(_canonical(name) or name for name in request.sensors)
        held = self.credential
        asked = filter(None, map(_canonical, names))
        found = await self._archive.ids(asked, operator=held.operator, sites=held.sites)
        for unknown in [name for name in names if name not in found]:
            await self._mailbox.send(protocol.error("unknown_sensor", about=request.id, sensor=unknown[:64]))
        after = {found[_canonical(name)]: seq for name, seq in request.after.items() if _canonical(name) in found}
        wish = _Wish(request.id, after, request.refusals, is_by_name=True)
        await self._follow(wish, {found[name]: name for name in names if name in found})

    def unsubscribe(self, names: Iterable[str]) -> None:
        """Stop following these sensors, and those that become visible later."""
        self.follows_all = False
        gone = set(map(_canonical, names))
        self._leave(sensor for sensor, uuid in list(self.following.items()) if uuid in gone)

    def show(self, sensors: Mapping[int, str]) -> None:
        """Start following sensors that have become visible."""
        task = asyncio.create_task(self._show(sensors), name="live new sensors")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def revoke(self, sensor: int) -> None:
        """End the stream of a sensor that the operator may no longer see, with an error message."""
        self._mailbox.deliver(protocol.error("access_revoked", sensor=self._leave([sensor])[sensor]))

    def bury(self, sensor: int) -> None:
        """End the stream of a deleted sensor, with a message."""
        self._mailbox.deliver(protocol.sensor_state(self._leave([sensor])[sensor], "deleted"))

    def hide_refusals(self, sensor: int) -> None:
        """Stop sending refused requests of a sensor that the operator may no longer edit."""
        topic = self._hub.topics.get(sensor)
        if topic is not None:
            topic.refusals.discard(self._mailbox)

    def end(self, code: CloseCode) -> None:
        """Unfollow everything and close the socket."""
        self._leave(list(self.following))
        self.follows_all = False
        self._mailbox.end(code)

    async def stop(self) -> None:
        """Unfollow everything and end all tasks; for when the connection is closed."""
        await tasks.end(self._tasks)
        self._leave(list(self.following))

    async def _show(self, sensors: Mapping[int, str]) -> None:
        with contextlib.suppress(SocketGone):
            try:
                await self._follow(_Wish(is_asked=False), sensors)
            except DatabaseAway:  # there is no request to repeat, so make the client reconnect
                self.end(CloseCode.RESTART)

    async def _follow(self, wish: _Wish, sensors: Mapping[int, str]) -> None:
        async with self._beginning:
            if not wish.is_asked:
                sensors = {sensor: uuid for sensor, uuid in sensors.items() if sensor not in self.following}
            room = protocol.MAX_SENSORS - len(self.following.keys() - sensors.keys())
            if len(sensors) > room:
                await self._mailbox.send(protocol.error("too_many_sensors", about=wish.about))
            parts = list(_parts(list(sensors.items())[:room]))
            if not parts and wish.is_asked:
                await self._mailbox.send(protocol.snapshot(wish.about, []))
            for place, part in enumerate(parts, start=1):
                await self._begin(wish, part, more=place < len(parts))

    async def _begin(self, wish: _Wish, part: dict[int, str], *, more: bool) -> None:
        """Hold, read, join."""
        self._leave(part)  # a repeated request starts over
        self.following.update(part)
        self._hub.hold(part)
        try:
            held = self.credential
            present = await self._archive.present(part, operator=held.operator, sites=held.sites)
            await self._refuse(wish, part.keys() - present.keys())
            await self._open(wish, present, more=more)
        except DatabaseAway:
            self._leave(part)
            raise
        finally:
            self._hub.release(part)

    async def _refuse(self, wish: _Wish, unseen: Iterable[int]) -> None:
        for uuid in self._leave(unseen).values():
            if wish.is_by_name:
                await self._mailbox.send(protocol.error("unknown_sensor", about=wish.about, sensor=uuid))

    async def _open(self, wish: _Wish, present: Mapping[int, Present], *, more: bool) -> None:
        beginning = starts({sensor: now.seq for sensor, now in present.items()}, after=wish.after)
        now = self._now()
        entries = [
            present[sensor].encode(seq=start.told, now=now)
            for sensor, start in beginning.items()
            if sensor in self.following
        ]
        await self._mailbox.send(protocol.snapshot(wish.about, entries, more=more))
        behind = {}
        for sensor, start in beginning.items():
            if sensor in self.following:  # not revoked meanwhile
                await self._begin_one(wish, sensor, present[sensor], start)
            if sensor in self.following and (start.first < present[sensor].seq or not self._join(sensor, start.first)):
                behind[sensor] = start.first
        await catch_up(behind, mailbox=self._mailbox, database=self._archive, follows=self.following, join=self._join)

    async def _begin_one(self, wish: _Wish, sensor: int, present: Present, start: Start) -> None:
        self._judge(sensor, present.rhythm, name=present.name)
        if start.told < start.first:
            await self._mailbox.send(protocol.gap(present.uuid, after=start.told, until=start.first))
        if wish.refusals and not present.may_edit:
            await self._mailbox.send(protocol.error("not_allowed", about=wish.about, sensor=present.uuid))
        elif wish.refusals and sensor in self.following:
            self._hub.topics[sensor].refusals.add(self._mailbox)

    def _join(self, sensor: int, seq: int) -> bool:
        return self._hub.join(self._mailbox, sensor, seq)

    def _leave(self, sensors: Iterable[int]) -> dict[int, str]:
        """Stop delivering these sensors; return the public names of those that were followed."""
        left = {sensor: self.following.pop(sensor) for sensor in sensors if sensor in self.following}
        for sensor in left:
            self._hub.leave(self._mailbox, sensor)
        self._mailbox.forget(left)
        return left


def _canonical(name: str) -> str:
    """Return a sensor's public name as it is stored; empty if it is invalid."""
    try:
        return str(UUID(name))
    except ValueError:
        return ""


def _parts(items: list[tuple[int, str]]) -> Iterator[dict[int, str]]:
    """Split the sensors into parts of one snapshot each."""
    for start in range(0, len(items), protocol.SNAPSHOT_SENSORS):
        yield dict(items[start : start + protocol.SNAPSHOT_SENSORS])
