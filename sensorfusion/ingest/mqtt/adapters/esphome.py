"""ESPHome: `<node>/sensor/<object>/state`, one value per message and no time.

An object named like a known quantity is that quantity; others keep their names.
"""

from collections.abc import Mapping, Sequence

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.json_payloads import number, single, snake
from sensorfusion.ingest.steps.batch import Sent

_STATES: Mapping[str, object] = {"ON": True, "OFF": False}


def read(message: Message) -> Sequence[Found]:
    node, kind, name, _ = message.levels
    value = single(message.payload)
    if value is None:
        return []
    given = value if kind == "text_sensor" else _STATES.get(value, number(value))
    return [Found(f"esphome/{node}", [Sent({snake(name): given})])]


ESPHOME = Adapter("esphome", ("+/sensor/+/state", "+/binary_sensor/+/state", "+/text_sensor/+/state"), read)
