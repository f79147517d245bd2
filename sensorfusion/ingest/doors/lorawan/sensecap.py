"""Messages of SenseCAP's decoders: a list, also of lists, of measurements by their type.

The identity of a value is its measurement ID and its channel, never its place in the list. IDs and units are those of
the list of measurement IDs in Seeed's documentation of the SenseCAP API.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sensorfusion.domain.quantities.names import fold
from sensorfusion.ingest.doors.lorawan.messages import Measured
from sensorfusion.ingest.doors.payloads import leaves
from sensorfusion.ingest.steps.batch import Field, Meaning
from sensorfusion.ingest.steps.naming import fields_of

MEASUREMENTS: Final[Mapping[str, Meaning]] = {
    "3000": Meaning("battery", "%"),
    "4097": Meaning("temperature", "Cel"),
    "4098": Meaning("humidity", "%"),
    "4099": Meaning("illuminance", "lx"),
    "4100": Meaning("co2", "ppm"),
    "4101": Meaning("pressure", "Pa"),
    "4102": Meaning("soil_temperature", "Cel"),
    "4103": Meaning("soil_moisture", "%"),
    "4104": Meaning("wind_direction", "deg"),
    "4105": Meaning("wind_speed", "m/s"),
    "4110": Meaning("soil_moisture", "%", 1),
    "4112": Meaning("soil_temperature", "Cel", 1),
    "4113": Meaning("rain_rate", "mm/h"),
    "4115": Meaning("distance", "cm"),
    "4117": Meaning("level", "cm"),
    "4124": Meaning("temperature:water", "Cel"),
    "4127": Meaning("solar_radiation", "W/m2"),
    "4136": Meaning("temperature:leaf", "Cel"),
    "4137": Meaning("leaf_wetness", "%"),
    **{str(4137 + step): Meaning("soil_moisture", "%", 1 + step) for step in (1, 2, 3, 4)},
    **{str(4141 + step): Meaning("soil_temperature", "Cel", 1 + step) for step in (1, 2, 3, 4)},
    "4146": Meaning("pm2_5", "ug/m3"),
    "4147": Meaning("pm10", "ug/m3"),
    "4190": Meaning("uv_index", ""),
    "4191": Meaning("wind_gust", "m/s"),
}
# Several probes of one cable, in 10 cm steps: what tells their values apart.
WHICH: Final[Mapping[str, str]] = {
    **{str(4137 + step): f"{10 * step}cm" for step in (1, 2, 3, 4)},
    **{str(4141 + step): f"{10 * step}cm" for step in (1, 2, 3, 4)},
    "4110": "vwc",
    "4112": "vwc",
}
# Measurements outside the catalogue: name and unit.
OTHERS: Final[Mapping[str, tuple[str, str]]] = {
    "4106": ("pH", ""),
    "4107": ("light_quantum", "µmol/m²s"),
    "4108": ("electrical_conductivity", "dS/m"),
    "4109": ("dissolved_oxygen", "mg/L"),
    "4111": ("soil_electrical_conductivity", "dS/m"),
    "4116": ("water_leak", ""),
    "4118": ("nh3", "ppm"),
    "4119": ("h2s", "ppm"),
    "4120": ("flow_rate", "m³/h"),
    "4121": ("total_flow", "m³"),
    "4122": ("oxygen_concentration", "%vol"),
    "4123": ("water_electrical_conductivity", "µS/cm"),
    "4125": ("soil_heat_flux", "W/m²"),
    "4126": ("sunshine_duration", "h"),
    "4128": ("water_surface_evaporation", "mm"),
    "4129": ("photosynthetically_active_radiation", "µmol/m²s"),
    "4133": ("soil_tension", "kPa"),
    "4134": ("salinity", "mg/L"),
    "4135": ("total_dissolved_solids", "mg/L"),
}
# Messages about the device itself.
_STATUS: Final = {"upload_battery": ("battery", Meaning("battery", "%"))}
_IGNORED: Final = frozenset(("upload_version", "upload_interval", "model_info", "unknown_message"))
# Words that say that a message is a measurement, and not of which kind.
_NO_KIND: Final = frozenset(("", "report_telemetry"))
_DEEPEST = 4


def is_sensecap(payload: Mapping[str, object]) -> bool:
    """Return whether a payload is one of SenseCAP's decoders."""
    messages = payload.get("messages")
    return isinstance(messages, list) and any("measurementId" in one or "type" in one for one in _flat(messages, 0))


def measurements(payload: Mapping[str, object]) -> Iterator[Measured]:
    """Yield the measurements; one that has a time of its own keeps it."""
    for one in _flat(payload["messages"], 0):
        yield Measured(list(_fields(one)), one.get("timestamp") or one.get("measureTime") or None)


def _flat(messages: object, depth: int) -> Iterator[Mapping[str, object]]:
    for one in messages if isinstance(messages, list) and depth < _DEEPEST else ():
        if isinstance(one, dict):
            yield one
        else:
            yield from _flat(one, depth + 1)


def _fields(one: Mapping[str, object]) -> Iterator[Field]:
    kind = str(one.get("type") or "")
    if "measurementId" in one:
        yield from _measurement(str(one["measurementId"]), kind, one)
    elif kind in _STATUS:
        name, meaning = _STATUS[kind]
        yield Field(kind, one.get(name), meaning.quantity, meaning.unit, which="device")
    elif kind not in _IGNORED:
        rest = {name: value for name, value in one.items() if name not in ("type", "timestamp", "measureTime")}
        yield from fields_of(leaves({kind or "message": rest}), None)


def _measurement(number: str, kind: str, one: Mapping[str, object]) -> Iterator[Field]:
    channel = "" if one.get("channel") is None else str(one["channel"])
    source = f"measurement {number}" + (f" of channel {channel}" if channel else "")
    value, meaning = one.get("measurementValue"), MEASUREMENTS.get(number)
    which = ".".join(filter(None, (WHICH.get(number), channel)))
    if meaning and not isinstance(value, dict | list):
        yield Field(source, value, meaning.quantity, meaning.unit, which=which or number, rank=meaning.rank)
        return
    name, unit = OTHERS.get(number, ("" if kind in _NO_KIND else kind, ""))
    label = f"{name or source} ({unit})" if unit else name or source
    for path, inner in leaves({label: value}):
        yield Field(f"{source}{path[len(label) :]}", inner, fold(name or source), which=which or number, label=path)
