"""Keeps every socket within its operator's access, while rights and sensors change.

An announcement only marks the operators or sensors it concerns; one task then queries the current state and corrects
the sockets. So a burst of changes costs few queries, a repeated announcement does no harm, and a missed one is made up
for when the listener reconnects. Once a minute every socket's own credential is checked, because an expiry is not
announced.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from sensorfusion.events.messages import AccessChanged, Resumed, SensorChanged
from sensorfusion.live.hub import DatabaseAway, Hub
from sensorfusion.live.liveness import LivenessMonitor
from sensorfusion.live.protocol import CloseCode
from sensorfusion.live.rights import Credential, Known, Seen
from sensorfusion.live.viewer import Viewer

CHECK_EVERY_S: Final = 60.0
RETRY_S: Final = 1.0
# Queried at once: large enough for few queries, small enough not to block the loop.
AT_ONCE: Final = 500

_log = logging.getLogger(__name__)


class Asked(Protocol):
    """Queries about access; each may raise `DatabaseAway`."""

    async def still_good(self, held: Sequence[Credential]) -> set[Credential]:
        """Return those credentials by which a socket may stay open."""

    async def sight(self, operators: Collection[int]) -> dict[int, dict[int, Seen]]:
        """Return for each operator the visible sensors."""

    async def known(self, sensors: Iterable[int]) -> dict[int, Known]:
        """Return these sensors as they are now, without deleted ones."""


@dataclass(slots=True)
class _Marks:
    """What has to be queried again."""

    everything: bool = False
    credentials: bool = False  # of all sockets
    operators: set[int] = field(default_factory=set)
    sensors: set[int] = field(default_factory=set)


class Access:
    """The sockets of this process, and which of them must be checked again."""

    def __init__(
        self, rights: Asked, *, hub: Hub, liveness_monitor: LivenessMonitor, check_every_s: float = CHECK_EVERY_S
    ) -> None:
        self._rights = rights
        self._hub = hub
        self._liveness_monitor = liveness_monitor
        self._check_every_s = check_every_s
        self._viewers: dict[int, set[Viewer]] = defaultdict(set)
        self._marks = _Marks()
        self._changed = asyncio.Event()

    def enter(self, viewer: Viewer) -> None:
        self._viewers[viewer.credential.operator].add(viewer)

    def leave(self, viewer: Viewer) -> None:
        viewers = self._viewers[viewer.credential.operator]
        viewers.discard(viewer)
        if not viewers:
            del self._viewers[viewer.credential.operator]

    def on_access_changed(self, event: AccessChanged) -> None:
        self._mark(_Marks(operators={event.operator} & self._viewers.keys()))

    def on_sensor_changed(self, event: SensorChanged) -> None:
        self._mark(_Marks(sensors={event.sensor} if self._viewers else set()))

    def on_resumed(self, event: Resumed) -> None:
        self._mark(_Marks(everything=True))

    async def run(self) -> None:
        """Apply changes until cancelled."""
        loop = asyncio.get_running_loop()
        check_at = loop.time() + self._check_every_s
        while True:
            try:
                async with asyncio.timeout_at(check_at):
                    await self._changed.wait()
            except TimeoutError:
                check_at = loop.time() + self._check_every_s
                self._mark(_Marks(credentials=True))
            try:
                await self.review()
            except DatabaseAway as error:
                _log.warning("Cannot check the access of live sockets: %s", error)
                await asyncio.sleep(RETRY_S)

    async def review(self) -> None:
        """Query everything that is marked, and correct the sockets.

        :raises DatabaseAway: the marks are kept.
        """
        self._changed.clear()
        marks, self._marks = self._marks, _Marks()
        try:
            await self._follow_up(marks)
        except DatabaseAway:
            self._mark(marks)
            raise

    async def _follow_up(self, marks: "_Marks") -> None:
        if marks.everything:
            marks.operators |= self._viewers.keys()
            marks.sensors |= self._hub.topics.keys()
            await self._hub.compare()
        for operators in _parts(self._viewers.keys() if marks.credentials else marks.operators):
            await self._check_credentials(operators)
        for operators in _parts(marks.operators):
            marks.sensors |= await self._compare_sight(operators)
        for sensors in _parts(marks.sensors):
            await self._check_sensors(sensors)
            await self._hub.compare(sensors)  # an exclusion advances seq without a reading

    async def _check_credentials(self, operators: Collection[int]) -> None:
        held = [(viewer, viewer.credential) for operator in operators for viewer in self._viewers.get(operator, ())]
        good = await self._rights.still_good(list({credential for _, credential in held}))
        for viewer, credential in held:
            if credential not in good and viewer.credential == credential:
                viewer.end(CloseCode.RIGHTS_GONE)

    async def _compare_sight(self, operators: Collection[int]) -> set[int]:
        """Show what has become visible; return the sensors that an operator follows without access."""
        doubtful: set[int] = set()
        for operator, visible in (await self._rights.sight(operators)).items():
            for viewer in self._viewers.get(operator, ()):
                seen = reached(visible, viewer.credential)
                doubtful |= viewer.following.keys() - seen.keys()
                for sensor in viewer.following.keys() & seen.keys():
                    if not seen[sensor].may_edit:
                        viewer.hide_refusals(sensor)
                if viewer.follows_all and (new := seen.keys() - viewer.following.keys()):
                    viewer.show({sensor: seen[sensor].uuid for sensor in sorted(new)})
        return doubtful

    async def _check_sensors(self, sensors: Collection[int]) -> None:
        known = await self._rights.known(sensors)
        for viewer in [viewer for viewers in self._viewers.values() for viewer in viewers]:
            for sensor in viewer.following.keys() & set(sensors):
                _set_right(viewer, sensor, known.get(sensor))
            if viewer.follows_all:
                new = _seen_by(viewer.credential, known)
                viewer.show({sensor: uuid for sensor, uuid in new.items() if sensor not in viewer.following})
        for sensor, now in known.items():
            self._liveness_monitor.judge(sensor, now.rhythm, name=now.name)

    def _mark(self, marks: "_Marks") -> None:
        if marks.everything or marks.credentials or marks.operators or marks.sensors:
            self._marks = _Marks(
                self._marks.everything or marks.everything,
                self._marks.credentials or marks.credentials,
                self._marks.operators | marks.operators,
                self._marks.sensors | marks.sensors,
            )
            self._changed.set()


def _set_right(viewer: Viewer, sensor: int, known: Known | None) -> None:
    if known is None:
        viewer.bury(sensor)
        return
    may_edit = known.may_edit.get(viewer.credential.operator)
    if may_edit is None or not viewer.credential.reaches(known.site):
        viewer.revoke(sensor)
    elif not may_edit:
        viewer.hide_refusals(sensor)


def reached(visible: Mapping[int, Seen], credential: Credential) -> Mapping[int, Seen]:
    """Return what may be seen with a credential of all that its operator sees."""
    if credential.sites is None:
        return visible
    return {sensor: seen for sensor, seen in visible.items() if credential.reaches(seen.site)}


def _seen_by(credential: Credential, known: Mapping[int, Known]) -> dict[int, str]:
    return {
        sensor: now.uuid
        for sensor, now in known.items()
        if credential.operator in now.may_edit and credential.reaches(now.site)
    }


def _parts(ids: Iterable[int]) -> Iterator[list[int]]:
    items = list(ids)
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
