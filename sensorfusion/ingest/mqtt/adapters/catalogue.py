"""All adapters, and the topics they read."""

from collections.abc import Sequence

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, matches
from sensorfusion.ingest.mqtt.adapters.esphome import ESPHOME
from sensorfusion.ingest.mqtt.adapters.own_topic import OWN
from sensorfusion.ingest.mqtt.adapters.rtl_433 import RTL_433
from sensorfusion.ingest.mqtt.adapters.shelly import SHELLY
from sensorfusion.ingest.mqtt.adapters.tasmota import TASMOTA
from sensorfusion.ingest.mqtt.adapters.thingsboard import THINGSBOARD
from sensorfusion.ingest.mqtt.adapters.weewx import WEEWX
from sensorfusion.ingest.mqtt.adapters.zigbee2mqtt import ZIGBEE2MQTT

# Those that name devices by external ids; the first whose filter matches reads a message.
FOREIGN = (TASMOTA, ZIGBEE2MQTT, SHELLY, RTL_433, ESPHOME, THINGSBOARD, WEEWX)
ADAPTERS = (OWN, *FOREIGN)

_WANTED = [(each.split("/"), adapter) for adapter in FOREIGN for each in adapter.filters]


def foreign(levels: Sequence[str]) -> Adapter | None:
    """Find who reads a topic of devices that know nothing of this platform."""
    return next((adapter for wanted, adapter in _WANTED if matches(wanted, levels)), None)
