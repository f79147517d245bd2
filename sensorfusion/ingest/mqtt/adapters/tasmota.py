"""Tasmota: `tele/<topic>/SENSOR` with a block per chip, and `tele/<topic>/STATE` about the device itself.

Installations order the levels as they like, so a device is named by what remains without `tele` and the last level.
Blocks are read in `tasmota_blocks`, devices behind a Zigbee bridge in `tasmota_zigbee`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.fields import found, not_understood
from sensorfusion.ingest.mqtt.adapters.json_payloads import json_object
from sensorfusion.ingest.mqtt.adapters.tasmota_blocks import fields_and_notes
from sensorfusion.ingest.mqtt.adapters.tasmota_zigbee import RECEIVED, devices
from sensorfusion.ingest.steps.batch import Field, Note

# Of the settings FullTopic and Topic: the default %prefix%/%topic%/, Home Assistant's %topic%/%prefix%/, topics of two
# levels, and either below one more level. A filter that begins with +/+/ must not match below sites/<id>/.
_PLACES = ("tele/+", "tele/+/+", "+/tele", "+/tele/+", "+/tele/+/+", "+/+/tele")
_ANSWERS = ("stat/+", "+/stat", "+/stat/+")  # to the commands Status 8 and Status 10: a SENSOR message
FILTERS = (
    *(f"{place}/{kind}" for place in _PLACES for kind in ("SENSOR", "STATE")),
    *(f"{place}/{kind}" for place in _ANSWERS for kind in ("STATUS8", "STATUS10")),
)
_ANSWER = "StatusSNS"


def read(message: Message) -> Sequence[Found]:
    said = json_object(message.payload)
    if message.levels[-1].startswith("STATUS"):
        inner = said.get(_ANSWER)
        said = inner if isinstance(inner, dict) else {}
    device = f"tasmota/{_topic(message.levels)}"
    at = said.get("Epoch") or said.get("Time")
    behind = said.get(RECEIVED)
    if isinstance(behind, dict):
        return list(devices(device, behind, at))
    read_as = _state(said) if message.levels[-1] == "STATE" else fields_and_notes(said)
    parts = list(read_as)
    fields = [each for each in parts if isinstance(each, Field)]
    notes = [each for each in parts if isinstance(each, Note)]
    return [found(device, fields, at, notes=notes, topic="/".join(message.levels))]


def _topic(levels: Sequence[str]) -> str:
    """Return the device's own levels of a topic; a prefix that says tasmota is not repeated."""
    prefix = next(index for index, level in enumerate(levels[:-1]) if level in ("tele", "stat"))
    own = [*levels[:prefix], *levels[prefix + 1 : -1]]
    return "/".join(own[1:] if own[:1] == ["tasmota"] and len(own) > 1 else own)


def _state(said: Mapping[str, Any]) -> Iterator[Field | Note]:
    """Yield what STATE says of the device: signal, uptime, supply and relays. The rest is about its firmware."""
    wifi = said.get("Wifi")
    if isinstance(wifi, dict):
        yield Field("Wifi.Signal", wifi.get("Signal"), "signal_strength", "dBm", which="wifi")
    yield Field("UptimeSec", said.get("UptimeSec"), "uptime", "s")
    yield Field("Vcc", said.get("Vcc"), "supply_voltage", "V")
    for theirs, value in said.items():
        if theirs.startswith("POWER"):
            if isinstance(value, dict | list):
                yield not_understood(theirs, value)
            else:
                yield Field(theirs, value, f"relay{theirs.removeprefix('POWER')}")


TASMOTA = Adapter("tasmota", FILTERS, read)
