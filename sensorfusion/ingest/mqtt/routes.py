"""Routes a topic to its adapter, and to the names of the sensors in the message.

Devices that do not know this platform publish to their usual topics. The site of a device is given by a prefix of its
topic, `sites/<site id>/tele/kitchen/SENSOR`; for topics without a prefix it is the one site configured for this broker.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sensorfusion.ingest.mqtt.adapters.adapter import Found, Message
from sensorfusion.ingest.mqtt.adapters.catalogue import FOREIGN, foreign
from sensorfusion.ingest.mqtt.adapters.own_topic import FILTER, OWN
from sensorfusion.ingest.mqtt.registered import Name
from sensorfusion.ingest.mqtt.silent_topics import is_silent
from sensorfusion.ingest.steps.batch import Note, Sent
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import check_count

SITES = "sites"
SHARE = "$share/sensorfusion/"  # MQTT 5, 4.8.2: the broker delivers each message to one of several workers


@dataclass(frozen=True, slots=True)
class Part:
    """One sensor's readings in a message."""

    name: Name
    sent: Sequence[Sent]


@dataclass(frozen=True, slots=True)
class Read:
    """What a message holds: the readings of its sensors, and what the site's owner is told of it."""

    parts: Sequence[Part] = ()
    site: str = ""
    notes: Sequence[Note] = ()


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

    def read(self, topic: str, payload: bytes, received_at: datetime) -> Read:
        """Return what a message holds.

        :raises RequestRefused: a message to the topic of a site cannot be read, see `site_of`, or is too large.
        """
        site, levels = self._split(topic)
        message = Message(levels, payload, received_at)
        if levels[0] == "sf":
            return Read(_parts(_own(message)))
        adapter = foreign(levels)
        if not site:
            return Read()
        if adapter is None:
            return Read() if is_silent(levels) else Read(site=site, notes=(_unknown_topic(levels),))
        return Read(_parts(adapter.read(message), site), site)

    def site_of(self, topic: str) -> str:
        """Return the public id of the site whose devices publish to a topic, "" for none."""
        return self._split(topic)[0]

    def _split(self, topic: str) -> tuple[str, list[str]]:
        """Split a topic into its site and its other levels; our own topic names a sensor and no site."""
        levels = topic.split("/")
        if levels[0] == "sf":
            return "", levels
        if levels[0] == SITES and len(levels) > 2:
            return levels[1], levels[2:]
        return self._site, levels


def _own(message: Message) -> Sequence[Found]:
    """Read a message to our own topic; one that cannot be read is a rejected reading of the sensor in the topic."""
    try:
        return OWN.read(message)
    except RequestRefused as refused:
        return [Found(message.levels[2], [Sent({}, problem=(refused.code, refused.detail))])]


def _parts(found: Iterable[Found], site: str = "") -> list[Part]:
    parts = [Part(Name(each.device, site), _with_notes(each)) for each in found]
    check_count(sum(len(part.sent) for part in parts))
    return parts


def _with_notes(found: Found) -> Sequence[Sent]:
    return [*found.sent, Sent({}, notes=found.notes)] if found.notes else found.sent


def _unknown_topic(levels: Sequence[str]) -> Note:
    return Note(
        "unknown_topic",
        "/".join(levels),
        "Messages to this topic are not read: no known kind of device publishes there. Let the device publish to one "
        "of the topics that are read, or to the topic of its sensor.",
    )
