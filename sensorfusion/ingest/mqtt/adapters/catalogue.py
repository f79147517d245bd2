"""The list of adapters, and the choice of the one for a topic."""

from collections.abc import Sequence

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, matches
from sensorfusion.ingest.mqtt.adapters.esphome import ESPHOME
from sensorfusion.ingest.mqtt.adapters.openmqttgateway import OPENMQTTGATEWAY
from sensorfusion.ingest.mqtt.adapters.own_topic import OWN
from sensorfusion.ingest.mqtt.adapters.rtl_433 import RTL_433
from sensorfusion.ingest.mqtt.adapters.shelly import SHELLY
from sensorfusion.ingest.mqtt.adapters.shelly_first import SHELLY_FIRST
from sensorfusion.ingest.mqtt.adapters.tasmota import TASMOTA
from sensorfusion.ingest.mqtt.adapters.thingsboard import THINGSBOARD
from sensorfusion.ingest.mqtt.adapters.weewx import WEEWX
from sensorfusion.ingest.mqtt.adapters.zigbee2mqtt import ZIGBEE2MQTT

# Adapters that identify devices by external ids; the first whose filter matches handles a message.
FOREIGN = (
    ZIGBEE2MQTT,
    SHELLY_FIRST,
    RTL_433,
    TASMOTA,
    THINGSBOARD,
    WEEWX,
    OPENMQTTGATEWAY,
    ESPHOME,
    SHELLY,
)
ADAPTERS = (OWN, *FOREIGN)

_WANTED = [(each.split("/"), adapter) for adapter in FOREIGN for each in adapter.filters]


def foreign(levels: Sequence[str]) -> Adapter | None:
    """Return the adapter for a topic of devices that do not use the platform's own topic."""
    return next((adapter for wanted, adapter in _WANTED if matches(wanted, levels)), None)
