"""Routes a topic to its adapter, and to the names of the sensors in the message.

Devices that do not know this platform publish to their usual topics. The site of a device is given by a prefix of its
topic, `sites/<site id>/tele/kitchen/SENSOR`; for topics without a prefix it is the one site configured for this broker.
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
SHARE = "$share/sensorfusion/"  # MQTT 5, 4.8.2: the broker delivers each message to one of several workers


@dataclass(frozen=True, slots=True)
class Part:
    """One sensor's readings in a message."""

    name: Name
    sent: Sequence[Sent]


class Routes:
    """Parses messages; `site` is the site of topics without a prefix, "" for none."""

    def __init__(self, site: str = "", *, is_shared: bool = False) -> None:
        self._site = site
        self._is_shared = is_shared

    def filters(self) -> list[str]:
        """Return the topic filters to subscribe to."""
        bare = [each for adapter in FOREIGN for each in adapter.filters] if self._site else []
        wanted = [FILTER, f"{SITES}/#", *bare]
        return [SHARE + each for each in wanted] if self._is_shared else wanted

    def former(self) -> list[str]:
        """Return the filters that an earlier run with other settings may have subscribed to."""
        every = [FILTER, f"{SITES}/#", *(each for adapter in FOREIGN for each in adapter.filters)]
        wanted = set(self.filters())
        return [each for plain in every for each in (plain, SHARE + plain) if each not in wanted]

    def read(self, topic: str, payload: bytes, received_at: datetime) -> list[Part]:
        """Return the readings in a message, [] if it holds none.

        :raises RequestRefused: the message cannot be read.
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
