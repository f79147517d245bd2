"""The platform's own topic, `sf/v1/<sensor id>/readings`, with the same payload as the body of the HTTP door.

The broker allows only the sensor itself to publish there (see `mqtt.mosquitto_acl`), so the topic identifies it.
"""

from collections.abc import Sequence

from sensorfusion.ingest.doors.readings import decode_body
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message

FILTER = "sf/v1/+/readings"


def read(message: Message) -> Sequence[Found]:
    return [Found(message.levels[2], decode_body(message.payload))]


OWN = Adapter("own", (FILTER,), read)
