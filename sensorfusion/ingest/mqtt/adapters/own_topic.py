"""The platform's own topic, `sf/v1/<sensor id>/readings`: what the HTTP door takes as a body.

The broker lets nobody write there but the sensor itself (see `ingest.mqtt.access`), so the topic says whose it is.
"""

from collections.abc import Sequence

from sensorfusion.ingest.doors.readings import decode_body
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message

FILTER = "sf/v1/+/readings"


def read(message: Message) -> Sequence[Found]:
    return [Found(message.levels[2], decode_body(message.payload))]


OWN = Adapter("own", (FILTER,), read)
