"""Home Assistant's MQTT discovery messages: one retained message per quantity, and one with the current values.

Pure functions from stored data to topics and payloads. Class names and the message format are Home Assistant's (MQTT
integration, discovery messages); a quantity without a class there is shown as a plain number.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sensorfusion.domain.quantities import Quantity, base_and_which, quantity
from sensorfusion.domain.units import display_symbol
from sensorfusion.web.looks import looks

PREFIX = "homeassistant"
ONLINE, OFFLINE = "online", "offline"

# Device classes, by canonical unit and by quantity.
CLASSES = {
    "Cel": "temperature",
    "hPa": "atmospheric_pressure",
    "W/m2": "irradiance",
    "lx": "illuminance",
    "mm/h": "precipitation_intensity",
    "m/s": "wind_speed",
    "dBm": "signal_strength",
    "V": "voltage",
    "A": "current",
    "W": "power",
    "kWh": "energy",
    "s": "duration",
}
BY_NAME = {
    "humidity": "humidity",
    "indoor_humidity": "humidity",
    "battery": "battery",
    "soil_moisture": "moisture",
    "co2": "carbon_dioxide",
    "co": "carbon_monoxide",
    "pm1": "pm1",
    "pm2_5": "pm25",
    "pm10": "pm10",
    "no2": "nitrogen_dioxide",
    "o3": "ozone",
    "so2": "sulphur_dioxide",
    "aqi": "aqi",
    "wind_direction": "wind_direction",
    "distance": "distance",
    "level": "distance",
    "snow_depth": "distance",
    "lightning_distance": "distance",
    "visibility": "distance",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A sensor as announced: its identity, its current values, and whether it is online."""

    uuid: str
    name: str
    site: str
    model: str
    values: Mapping[str, Any]
    is_online: bool
    seq: int
    labels: Mapping[str, str] = field(default_factory=dict)  # what the owner's device calls its quantities


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one installation; `name` distinguishes several installations at one broker."""

    name: str

    @property
    def status(self) -> str:
        return f"sf/status/{self.name}"

    def config(self, uuid: str, quantity_name: str) -> str:
        return f"{PREFIX}/sensor/{self.node(uuid)}/{_slug(quantity_name)}/config"

    def every_config(self) -> str:
        return f"{PREFIX}/sensor/+/+/config"

    def node(self, uuid: str) -> str:
        return f"sf_{self.name}_{uuid.replace('-', '')}"

    def is_ours(self, topic: str) -> bool:
        return topic.startswith(f"{PREFIX}/sensor/sf_{self.name}_")

    def uuid(self, config: str) -> str:
        """Return the public id of the sensor that a config topic of ours belongs to."""
        digits = config.split("/")[2].rpartition("_")[2]
        return str(UUID(digits)) if len(digits) == 32 else ""

    def state(self, uuid: str) -> str:
        return f"sf/v1/{uuid}/state"

    def availability(self, uuid: str) -> str:
        return f"sf/v1/{uuid}/availability"


def configs(shown: Shown, topics: Topics, *, address: str = "") -> Iterator[tuple[str, str]]:
    """Yield the topic and the payload that announce each quantity of a sensor."""
    for name in sorted(shown.values):
        yield topics.config(shown.uuid, name), json.dumps(_config(shown, quantity(name), topics, address))


def state(shown: Shown) -> str:
    return json.dumps(dict(shown.values))


def _config(shown: Shown, known: Quantity, topics: Topics, address: str) -> dict[str, object]:
    kind = device_class(known)
    device = {
        "identifiers": [topics.node(shown.uuid)],
        "name": shown.name,
        "manufacturer": "SensorFusion",
        "model": shown.model or "Sensor",
        "suggested_area": shown.site,
    } | ({"configuration_url": f"{address}/sensors/{shown.uuid}/"} if address else {})
    is_number = known.kind == "number"
    return {
        "name": looks(known.name, shown.labels.get(known.name, "")).label,
        "unique_id": f"{topics.node(shown.uuid)}_{_slug(known.name)}",
        "object_id": f"{_slug(shown.name)}_{_slug(known.name)}",
        "state_topic": topics.state(shown.uuid),
        # Names may contain dots and colons, so the value is looked up by name.
        "value_template": "{{ value_json.get(" + json.dumps(known.name) + ") }}",
        "availability": [{"topic": topics.status}, {"topic": topics.availability(shown.uuid)}],
        "availability_mode": "all",
        **({"device_class": kind} if kind and is_number else {}),
        **({"unit_of_measurement": _unit(known)} if _unit(known) and is_number else {}),
        **({"state_class": _state_class(known)} if is_number and known.combine != "last" else {}),
        **({"suggested_display_precision": known.decimals} if is_number else {}),
        "device": device,
        "origin": {"name": "SensorFusion"},
    }


def device_class(known: Quantity) -> str:
    """Return Home Assistant's device class of a quantity, or ""."""
    base, _ = base_and_which(known.name)
    if base in BY_NAME:
        return BY_NAME[base]
    return "precipitation" if known.unit == "mm" else CLASSES.get(known.unit, "")


def _unit(known: Quantity) -> str:
    return display_symbol(known.unit) if known.unit not in ("", "1") else ""


def _state_class(known: Quantity) -> str:
    """Return the state class; Home Assistant sums the increase of a counter across resets, as the platform does."""
    if known.combine == "vector":
        return "measurement_angle"
    return "total_increasing" if known.combine == "counter" else "measurement"


def _slug(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name.lower())
