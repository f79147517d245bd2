"""Cayenne's Low Power Payload as network servers decode it: the channel is the identity of a probe.

The Things Stack and most decoders write `temperature_1`, ChirpStack's own codec `{"temperatureSensor": {"1": …}}`; both
are the same quantities. Types and units: the tables of the Cayenne LPP documentation and of its common extensions.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from sensorfusion.ingest.steps.batch import Meaning

# The types that are quantities of the catalogue; others, such as analog_in, are kept under their own names.
TYPES: Final[Mapping[str, Meaning]] = {
    "temperature": Meaning("temperature", "Cel"),
    "relative_humidity": Meaning("humidity", "%"),
    "barometric_pressure": Meaning("pressure", "hPa"),
    "luminosity": Meaning("illuminance", "lx"),
    "voltage": Meaning("voltage", "V"),
    "current": Meaning("current", "A"),
    "power": Meaning("power", "W"),
    "energy": Meaning("energy", "kWh"),
    "distance": Meaning("distance", "m"),
}
# What ChirpStack's codec calls the types.
CHIRPSTACK: Final[Mapping[str, str]] = {
    "temperatureSensor": "temperature",
    "humiditySensor": "relative_humidity",
    "barometer": "barometric_pressure",
    "illuminanceSensor": "luminosity",
    "analogInput": "analog_in",
    "analogOutput": "analog_out",
    "digitalInput": "digital_in",
    "digitalOutput": "digital_out",
    "presenceSensor": "presence",
    "accelerometer": "accelerometer",
    "gyrometer": "gyrometer",
    "gpsLocation": "gps",
}
_NAME = re.compile(rf"({'|'.join(TYPES)})_(0|[1-9]\d{{0,2}})")


def by_channel(payload: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the members of a payload with ChirpStack's types spelled as the others spell them."""
    for name, value in payload.items():
        stem = CHIRPSTACK.get(name)
        if stem and isinstance(value, dict) and value and all(channel.isdecimal() for channel in value):
            yield from ((f"{stem}_{channel}", inner) for channel, inner in value.items())
        else:
            yield name, value


def meaning_of(name: str) -> Meaning | None:
    """Return the quantity and unit that a type with a channel stands for."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    meaning = TYPES[match[1]]
    return Meaning(f"{meaning.quantity}_{match[2]}", meaning.unit)
