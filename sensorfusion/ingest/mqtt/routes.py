"""From a topic to the adapter that reads it, and to the names of the sensors it means.

Devices that know nothing of this platform publish where they always do. Whose they are is said by the site in front
of their topic, `sites/<site id>/tele/kitchen/SENSOR`, or for all others by the one site that this broker is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sensorfusion.ingest.mqtt.adapters.adapter import Message
from sensorfusion.ingest.mqtt.adapters.catalogue import FOREIGN, foreign
from sensorfusion.ingest.mqtt.adapters.own_topic import FILTER, OWN
from sensorfusion.ingest.mqtt.registered import Name
from sensorfusion.ingest.steps.batch import Sent

SITES = "sites"
SHARE = "$share/sensorfusion/"  # MQTT 5, 4.8.2: of several workers the broker gives every message to one


@dataclass(frozen=True, slots=True)
class Part:
    """One sensor's readings in a message."""

    name: Name
    sent: Sequence[Sent]


class Routes:
    """Reads messages; `site` is where topics without a site belong, empty for nowhere."""

    def __init__(self, site: str = "", *, is_shared: bool = False) -> None:
        self._site = site
        self._is_shared = is_shared

    def filters(self) -> list[str]:
        """List the topics to subscribe to."""
        bare = [each for adapter in FOREIGN for each in adapter.filters] if self._site else []
        wanted = [FILTER, f"{SITES}/#", *bare]
        return [SHARE + each for each in wanted] if self._is_shared else wanted

    def former(self) -> list[str]:
        """List what an earlier run with other settings may have subscribed to, and would get besides."""
        every = [FILTER, f"{SITES}/#", *(each for adapter in FOREIGN for each in adapter.filters)]
        wanted = set(self.filters())
        return [each for plain in every for each in (plain, SHARE + plain) if each not in wanted]

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
