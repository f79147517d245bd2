"""The protocols of weather consoles and their URL patterns, in the order in which they are matched."""

from collections.abc import Iterator

from sensorfusion.ingest.composition import Ingest
from sensorfusion.ingest.doors.consoles.door import Console, ConsoleDoor
from sensorfusion.ingest.doors.consoles.ecowitt import ECOWITT
from sensorfusion.ingest.doors.consoles.pwsweather import PWSWEATHER
from sensorfusion.ingest.doors.consoles.wow import WOW, WOW_BE
from sensorfusion.ingest.doors.consoles.wslink import WSLINK
from sensorfusion.ingest.doors.consoles.wunderground import WUNDERGROUND

CONSOLES: tuple[Console, ...] = (WUNDERGROUND, PWSWEATHER, WOW, WOW_BE, ECOWITT, WSLINK)


def console_doors(ingest: Ingest, *, max_body_bytes: int) -> Iterator[tuple[str, ConsoleDoor]]:
    """Yield every URL pattern with the door that serves it."""
    for console in CONSOLES:
        door = ConsoleDoor(
            ingest.pipeline, ingest.consoles, ingest.unclaimed_consoles, console, max_body_bytes=max_body_bytes
        )
        for pattern in console.patterns:
            yield pattern, door
