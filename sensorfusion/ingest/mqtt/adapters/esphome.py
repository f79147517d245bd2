"""ESPHome: `<node>/sensor/<object>/state`, one value per message and no time; also below a topic prefix.

An object named like a known quantity is that quantity; others keep their names. Logs and the state of the node, at
`<node>/debug` and `<node>/status`, are no readings.
"""

from collections.abc import Mapping, Sequence

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.fields import found, own_name
from sensorfusion.ingest.mqtt.adapters.json_payloads import number, single
from sensorfusion.ingest.steps.batch import Field

_STATES: Mapping[str, object] = {"ON": True, "OFF": False}
_KINDS = ("sensor", "binary_sensor", "text_sensor")


def read(message: Message) -> Sequence[Found]:
    *node, kind, name, _ = message.levels
    said = single(message.payload)
    if said is None:
        return []
    value = said if kind == "text_sensor" else _STATES.get(said, number(said))
    device = "/".join(node[1:] if node[:1] == ["esphome"] and len(node) > 1 else node)
    return [found(f"esphome/{device}", [Field(f"{kind}/{name}", value, _quantity(name), which=kind, label=name)])]


def _quantity(name: str) -> str:
    known = known_quantity(own_name(name))
    return known.name if known else own_name(name)


# A filter that begins with +/+/ must not match below sites/<id>/.
ESPHOME = Adapter("esphome", tuple(f"{place}/{kind}/+/state" for place in ("+", "+/+") for kind in _KINDS), read)
