"""OpenMQTTGateway and Theengs Gateway: `<base topic>/<gateway>/BTtoMQTT/<id>`, one JSON object per advertisement.

A Bluetooth device is identified by its address, `id`, whichever gateway hears it; a station on 433 MHz as rtl_433
identifies it; a sensor that is wired to a gateway by the gateway and the rest of the topic.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.ingest.mqtt.adapters import rtl_433
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.fields import connected, found, numbered, own_name, unread
from sensorfusion.ingest.mqtt.adapters.json_payloads import is_object, json_object, leaves
from sensorfusion.ingest.steps.batch import Field, Note

_BLUETOOTH: Final = "BTtoMQTT"
_RADIO: Final = "RTL_433toMQTT"
_WIRED: Final = (
    *("DHTtoMQTT", "BMEtoMQTT", "HTUtoMQTT", "AHTtoMQTT", "SHTC3toMQTT", "OneWiretoMQTT", "LUXtoMQTT", "TSL2561toMQTT"),
    *(
        "ADCtoMQTT",
        "C37_YL83_HMRDtoMQTT",
        "HCSR501toMQTT",
        "HCSR04toMQTT",
        "INA226toMQTT",
        "TOFtoMQTT",
        "GPIOInputtoMQTT",
    ),
    "CLIMAtoMQTT",
)
# Theengs Decoder, "Properties", and OpenMQTTGateway's sensors. Numbers after a name count further probes: tempc2.
THEENGS: Final = {
    "tempc": ("temperature", "Cel"),
    "tempf": ("temperature", "[degF]"),
    "temp": ("temperature", "Cel"),
    "hum": ("humidity", "%"),
    "batt": ("battery", "%"),
    "volt": ("battery_voltage", "V"),
    "rssi": ("signal_strength", "dBm"),
    "lux": ("illuminance", "lx"),
    "moi": ("soil_moisture", "%"),
    "pres": ("pressure", "hPa"),
    "pa": ("pressure", "Pa"),
    "hpa": ("pressure", "hPa"),
    "co2": ("co2", "ppm"),
    "tvoc": ("voc", "ppb"),
    "pm1": ("pm1", "ug/m3"),
    "pm25": ("pm2_5", "ug/m3"),
    "pm4": ("pm4", "ug/m3"),
    "pm10": ("pm10", "ug/m3"),
    "power": ("power", "W"),
    "energy": ("energy", "kWh"),
    "current": ("current", "A"),
    "voltage": ("voltage", "V"),
    "distance": ("distance", "m"),
    "uv": ("uv_index", ""),
}
_UNITS_OF_OTHERS: Final = {"fer": "µS/cm", "for": "mg/m³", "weight": "kg"}
_PAIRS: Final = {"tempf": "tempc", "temp": "tempc", "pa": "hpa"}  # one value in two units; the second is not needed
_NUMBERED: Final = re.compile(r"(?P<name>[a-z]+)(?P<number>[2-9])")
_ABOUT: Final = frozenset(
    (
        *("id", "mac", "name", "brand", "model", "model_id", "type", "mac_type", "adv_type", "servicedata"),
        *("servicedatauuid", "manufacturerdata", "uuid", "txpower", "cidc", "acts", "cont", "track", "prmac"),
        *("device", "packet", "encr", "ctr", "mfid", "major", "minor", "address", "UTCtime", "unixtime", "time"),
        *("timestamp", "gateway", "origin", "hidden", "mic", "protocol", "duration", "data", "raw", "presence"),
        *("disc", "rssi_raw"),
    )
)


def read(message: Message) -> Sequence[Found]:
    _, gateway, kind, *rest = message.levels
    if not rest or not is_object(message.payload):
        return []
    said = json_object(message.payload)
    at = said.get("unixtime", said.get("UTCtime"))
    if kind == _RADIO:
        return [rtl_433.event(said, rtl_433.device_name(said), at, without=_ABOUT)] if "model" in said else []
    identity = said.get("id") or said.get("mac") or rest[-1]
    device = f"theengs/{identity}" if kind == _BLUETOOTH else "/".join((gateway, kind, *rest))
    parts = list(_parts(said))
    fields = [each for each in parts if isinstance(each, Field)]
    if kind == _BLUETOOTH and parts == fields and all(each.source in ("rssi", "distance") for each in fields):
        return []  # a phone or a beacon passes by; there are hundreds a day in a street
    return [found(device, fields, at, notes=[each for each in parts if isinstance(each, Note)])]


def _parts(said: Mapping[str, Any]) -> Iterator[Field | Note]:
    given = {name: value for name, value in said.items() if name not in _ABOUT}
    for leaf in leaves(given):
        theirs = "_".join(leaf.path)
        if not leaf.is_scalar:
            yield from [unread(leaf)] if leaf.value else []
        elif not _is_repeated(theirs, given):
            yield _field(theirs, leaf.value)


def _is_repeated(theirs: str, given: Mapping[str, Any]) -> bool:
    name, number = _apart(theirs)
    other = _PAIRS.get(name)
    return other is not None and given.get(f"{other}{number if number > 1 else ''}") is not None


def _field(theirs: str, value: Any) -> Field:
    """Return the field of a property; both units of a temperature are the same source."""
    name, number = _apart(theirs)
    if name not in THEENGS:
        known = known_quantity(theirs)
        quantity = known.name if known else own_name(theirs)
        return Field(theirs, value, quantity, _UNITS_OF_OTHERS.get(theirs, ""), which=theirs)
    quantity, unit = THEENGS[name]
    source = f"{_PAIRS.get(name, name)}{number if number > 1 else ''}"
    given = connected(value) if quantity == "temperature" and unit == "Cel" else value
    return Field(source, given, numbered(quantity, number), unit, which=source)


def _apart(theirs: str) -> tuple[str, int]:
    further = None if theirs in THEENGS else _NUMBERED.fullmatch(theirs)
    return (further["name"], int(further["number"])) if further else (theirs, 1)


OPENMQTTGATEWAY = Adapter("openmqttgateway", tuple(f"+/+/{kind}/#" for kind in (_BLUETOOTH, _RADIO, *_WIRED)), read)
