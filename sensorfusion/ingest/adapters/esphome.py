"""ESPHome: `<node>/sensor/<object>/state`, one value per message and no time.

An object that is named like a known quantity is that quantity; others keep their name.
"""

from collections.abc import Sequence

from sensorfusion.ingest.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.adapters.payloads import single, snake
from sensorfusion.ingest.batch import Sent


def read(message: Message) -> Sequence[Found]:
    node, kind, name, _ = message.levels
    value = single(message.payload)
    if value is None:
        return []
    given: object = value if kind == "text_sensor" else _number(value)
    return [Found(f"esphome/{node}", [Sent({snake(name): given})])]


def _number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return {"ON": True, "OFF": False}.get(text, text)


ESPHOME = Adapter("esphome", ("+/sensor/+/state", "+/binary_sensor/+/state", "+/text_sensor/+/state"), read)
