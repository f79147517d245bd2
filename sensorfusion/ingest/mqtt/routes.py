"""From a topic to the adapter that reads it, and to the names of the sensors it means.

Devices that know nothing of this platform publish where they always do. Whose they are is said by the site in front
of their topic, `sites/<site id>/tele/kitchen/SENSOR`, or for all others by the one site that this broker is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sensorfusion.ingest.adapters.adapter import Message
from sensorfusion.ingest.adapters.catalogue import FOREIGN, foreign
from sensorfusion.ingest.adapters.own import FILTER, OWN
from sensorfusion.ingest.batch import Sent
from sensorfusion.ingest.mqtt.registered import Name

SITES = "sites"
SHARE = "$share/sensorfusion/"  # of several workers the broker gives every message to one


@dataclass(frozen=True, slots=True)
class Part:
    """One sensor's readings in a message."""

    name: Name
    sent: Sequence[Sent]


class Routes:
    """Reads messages; `site` is where topics without a site belong, empty for nowhere."""

    def __init__(self, site: str = "") -> None:
        self._site = site

    def filters(self) -> list[str]:
        """List the topics to subscribe to."""
        bare = [each for adapter in FOREIGN for each in adapter.filters] if self._site else []
        return [SHARE + each for each in (FILTER, f"{SITES}/#", *bare)]

    def read(self, topic: str, payload: bytes, received_at: datetime) -> list[Part]:
        """Find the readings in a message; nothing where it holds none.

        :raises Refused: what cannot be read.
        """
        site, levels = self._site, topic.split("/")
        if levels[0] == "sf":
            return [Part(Name(found.device), found.sent) for found in OWN.read(Message(levels, payload, received_at))]
        if levels[0] == SITES and len(levels) > 2:
            site, levels = levels[1], levels[2:]
        adapter = foreign(levels)
        if adapter is None or not site:
            return []
        return [
            Part(Name(found.device, site), found.sent) for found in adapter.read(Message(levels, payload, received_at))
        ]
