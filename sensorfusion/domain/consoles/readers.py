"""The fields of weather consoles by family, prepared for parsing. Names are compared in lower case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sensorfusion.domain.consoles.field import IN, IN_H, INHG, MPH, F, Field
from sensorfusion.domain.consoles.networks import FIELDS, Family
from sensorfusion.domain.consoles.wslink import WSLINK_SOIL
from sensorfusion.domain.normalise import EXTRA_DECIMALS
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.units import converter

FieldUnits = Literal["as_named", "metric_kmh", "metric_ms"]
# Units of consoles that were set to metric units but keep the field names.
METRIC: Final[Mapping[FieldUnits, Mapping[str, str]]] = {
    "as_named": {},
    "metric_kmh": {F: "Cel", MPH: "km/h", INHG: "hPa", IN: "mm", IN_H: "mm/h"},
    "metric_ms": {F: "Cel", MPH: "m/s", INHG: "hPa", IN: "mm", IN_H: "mm/h"},
}
# No barometer shows 100 inHg, and none on the ground shows 100 hPa.
BETWEEN_INHG_AND_HPA = 100.0


@dataclass(frozen=True, slots=True)
class Reader:
    """A field prepared for parsing: a number within `low` and `high`, in the canonical unit, needs no further check."""

    field: Field
    unit: str
    convert: Callable[[float], float]
    decimals: int
    low: float
    high: float


# Metadata of the upload: not measured, so not stored with each reading.
NOT_MEASURED: Final = frozenset(
    (
        *("action", "realtime", "rtfreq", "dateutc", "softwaretype", "stationtype", "model", "freq", "interval"),
        *("id", "siteid", "stationid", "password", "passkey", "mac", "siteauthenticationkey"),
        *("datetime", "wsid", "wspw", "apiver"),
        *("key", "apikey", "api_key", "appid", "token", "auth", "authorization", "pass", "passwd", "pwd", "secret"),
    )
)


def readers(family: Family, units: FieldUnits) -> Mapping[str, Reader]:
    """Return the fields of one maker, prepared for numbers in these units."""
    return _READERS[family, units]


def soil_reader(name: str) -> Reader | None:
    """Return the field of a channel whose thermometer stands in soil."""
    return _SOIL_READERS.get(name)


def rain_fields() -> frozenset[str]:
    """Return the fields of both rain gauges of all families."""
    return frozenset(
        name for fields in FIELDS.values() for name, field in fields.items() if field.quantity.startswith("rain_")
    )


def _reader(field: Field, units: FieldUnits) -> Reader:
    unit = METRIC[units].get(field.unit, field.unit)
    known = known_quantity(field.quantity)
    if known is None or not known.unit or not unit:
        return Reader(field, unit, float, 6, 0.0, -1.0)  # an empty range: always checked
    low = -900.0 if known.plausible_low is None else max(-900.0, known.plausible_low)
    high = next(limit for limit in (known.clamp_high, known.plausible_high, 1e15) if limit is not None)
    return Reader(field, unit, converter(unit, known.unit), known.decimals + EXTRA_DECIMALS, low, high)


_READERS: Mapping[tuple[Family, FieldUnits], Mapping[str, Reader]] = {
    (family, units): {name: _reader(field, units) for name, field in fields.items()}
    for family, fields in FIELDS.items()
    for units in METRIC
}
_SOIL_READERS: Mapping[str, Reader] = {name: _reader(field, "as_named") for name, field in WSLINK_SOIL.items()}
