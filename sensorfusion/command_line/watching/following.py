"""Follows sensors over the API: the stream says which have changed, and the newest values of these are asked for.

So a correction, an exclusion or a missed message cannot leave a value that the platform no longer has.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sensorfusion.clients.python.sensorfusion_reader import ApiError, Reader, Unreachable
from sensorfusion.command_line.watching.tiles import HOURS, Tile, by_hour

ASKED_AT_ONCE: Final = 20  # changed sensors, before what is known is drawn
CHECKED_EVERY: Final = timedelta(seconds=10)  # whether the server is there, if nothing changes
LINES_EVERY: Final = timedelta(minutes=5)


class Board:
    """The sensors that are watched. One thread calls `load` and `renew`; another one follows the stream."""

    def __init__(self, reader: Reader, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self._now = now
        self._tiles: dict[str, Tile] = {}
        self._changed: dict[str, None] = {}  # in their order, each once
        self._guard = threading.Lock()
        self._checked_at = self._drawn_at = now()
        self.away_since: datetime | None = None
        self.ended: ApiError | None = None  # why the stream will not go on

    @property
    def tiles(self) -> list[Tile]:
        return list(self._tiles.values())

    def load(self, **filters: str) -> None:
        """Ask for the sensors, their values and their last hours.

        :raises ApiError: :raises Unreachable: nothing can be shown.
        """
        zones = {site["id"]: site["time_zone"] for site in self._reader.sites()}
        for told in self._reader.sensors(ordering="name", **filters):
            self._tiles[told["id"]] = Tile.of(told, zones[told["site"]])
        for tile in self.tiles:
            tile.take(self._reader.latest(tile.id))
            self._draw(tile)

    def follow(self) -> None:
        """Note which sensors change, until the token ends; runs in a thread of its own."""
        try:
            for message in self._reader.live(*self._tiles).messages():
                self._note(sensors_of(message))
        except ApiError as error:
            self.ended = error

    def renew(self) -> None:
        """Ask for what has changed, and after a while without changes whether the server is there."""
        now = self._now()
        try:
            for sensor in self._due(now):
                self._tiles[sensor].take(self._reader.latest(sensor))
                self._checked_at, self.away_since = now, None
            if now - self._drawn_at >= LINES_EVERY:
                self._drawn_at = now
                for tile in self.tiles:
                    self._draw(tile)
        except (Unreachable, ApiError):
            self._checked_at = now
            self.away_since = self.away_since or now
            self._note(self._tiles)

    def _due(self, now: datetime) -> list[str]:
        with self._guard:
            due = list(self._changed)[:ASKED_AT_ONCE]
            for sensor in due:
                del self._changed[sensor]
        is_quiet = not due and (self.away_since or now - self._checked_at >= CHECKED_EVERY)
        return list(self._tiles)[:1] if is_quiet else due

    def _note(self, sensors: Iterable[str]) -> None:
        with self._guard:
            self._changed.update(dict.fromkeys(sensor for sensor in sensors if sensor in self._tiles))

    def _draw(self, tile: Tile) -> None:
        if not isinstance(tile.values.get(tile.main), int | float) or isinstance(tile.values[tile.main], bool):
            return
        now = self._now()
        found = self._reader.series(tile.id, [tile.main], start=now - timedelta(hours=HOURS), resolution="1h")
        means = found.columns.get(tile.main, {}).get("mean") or [None] * len(found.times)
        tile.hours = by_hour(found.times, means, now=now)


def sensors_of(message: dict[str, Any]) -> list[str]:
    """Return which sensors a message of the stream is about."""
    listed = [*message.get("sensors", ()), *message.get("readings", ())]
    return [each["sensor"] for each in [*listed, message] if isinstance(each.get("sensor"), str)]
