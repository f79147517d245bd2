"""What happens to alerts, for the sockets that follow it: by site, each event once and in the order of its seq.

An announcement only marks a site; one task then reads what is new to its followers. So a lost announcement does no
harm, resuming is the same as going on, and who may see the site is asked at each delivery.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from sensorfusion.events.messages import Alerted, Resumed
from sensorfusion.live import protocol
from sensorfusion.live.hub import DatabaseAway
from sensorfusion.live.mailbox import Mailbox
from sensorfusion.live.viewer import Viewer

RETRY_S: Final = 1.0
# How many missed events of a site are sent; a `gap` names older ones. A slow socket's queue has room for them.
CATCH_UP: Final = 400

_log = logging.getLogger(__name__)


class Place(NamedTuple):
    """A site's public name, and how far its events are."""

    uuid: str
    seq: int


class SiteEvent(NamedTuple):
    """An event with its encoded message."""

    site: int
    seq: int
    wire: bytes


class History(Protocol):
    """Database reads of the feed (`alerts.messages.history`); each may raise `DatabaseAway`."""

    async def places(self, operator: int) -> dict[int, Place]: ...

    async def readers(self, sites: Collection[int]) -> set[tuple[int, int]]: ...

    async def events(self, after: Mapping[int, int]) -> list[SiteEvent]: ...


@dataclass(slots=True)
class _Follower:
    viewer: Viewer
    positions: dict[int, int]  # the seq that was sent, by site

    def may_see(self, site: int, readers: Collection[tuple[int, int]]) -> bool:
        held = self.viewer.credential
        return (held.operator, site) in readers and held.reaches(site)


class AlertFeed:
    """The sockets of this process that follow alerts."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._followers: dict[Mailbox, _Follower] = {}
        self._marked: dict[int, int | None] = {}  # sites, and after which seq a new follower begins
        self._changed = asyncio.Event()

    async def follow(self, viewer: Viewer, mailbox: Mailbox, request: protocol.Alerts) -> None:
        """Follow the sites that the operator may see, those in `after` from there on.

        :raises DatabaseAway: nothing is followed then. :raises SocketGone: if the socket ends meanwhile.
        """
        held = viewer.credential
        places = await self._history.places(held.operator)
        places = {site: place for site, place in places.items() if held.reaches(site)}
        told = {site: min(request.after.get(place.uuid, place.seq), place.seq) for site, place in places.items()}
        entries = [(place.uuid, told[site]) for site, place in places.items()]
        await mailbox.send(protocol.alerts(request.id, entries))
        for site, place in places.items():
            if place.seq - told[site] > CATCH_UP:
                first = place.seq - CATCH_UP
                await mailbox.send(protocol.alert_gap(place.uuid, after=told[site], until=first))
                told[site] = first
        self._followers[mailbox] = _Follower(viewer, told)
        self._mark(dict.fromkeys(places))

    def leave(self, mailbox: Mailbox) -> None:
        self._followers.pop(mailbox, None)

    def on_alerted(self, event: Alerted) -> None:
        if self._followers:
            self._mark({event.site: event.after})

    def on_resumed(self, event: Resumed) -> None:
        self._mark({site: None for each in self._followers.values() for site in each.positions})

    async def run(self) -> None:
        """Send what is new, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            marked, self._marked = self._marked, {}
            try:
                await self._send_new(marked)
            except DatabaseAway as error:
                _log.warning("Alerts of the live stream wait for the database: %s", error)
                self._mark(marked)
                await asyncio.sleep(RETRY_S)

    def _mark(self, sites: Mapping[int, int | None]) -> None:
        for site, after in sites.items():
            before = self._marked.get(site)
            self._marked[site] = after if before is None else before if after is None else min(before, after)
        if sites:
            self._changed.set()

    async def _send_new(self, marked: Mapping[int, int | None]) -> None:
        readers = await self._history.readers(marked)
        for each in self._followers.values():
            for site, after in marked.items():
                if not each.may_see(site, readers):
                    each.positions.pop(site, None)
                elif after is not None:
                    each.positions.setdefault(site, after)
        while after_by_site := self._behind(marked):
            events = await self._history.events(after_by_site)
            for event in events:
                self._send(event)
            marked = {event.site: None for event in events}

    def _behind(self, sites: Collection[int]) -> dict[int, int]:
        """Return the lowest position of a follower, by site."""
        found: dict[int, int] = {}
        for each in self._followers.values():
            for site in each.positions.keys() & set(sites):
                found[site] = min(found.get(site, each.positions[site]), each.positions[site])
        return found

    def _send(self, event: SiteEvent) -> None:
        frame = protocol.Frame(event.wire)
        for mailbox, each in self._followers.items():
            if each.positions.get(event.site, event.seq) < event.seq:
                each.positions[event.site] = event.seq
                mailbox.deliver(frame)
