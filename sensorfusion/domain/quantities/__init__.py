"""The catalogue of quantities, by name: our own, CF standard names, and common aliases.

The rows are in `table`, their columns are described in `quantity`. A further source of a quantity has its name and what
distinguishes it, `temperature:a2` or `power_3`, and all the quantity's properties.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from sensorfusion.domain.quantities.names import is_allowed
from sensorfusion.domain.quantities.quantity import Combine, Kind, Period, Quantity
from sensorfusion.domain.quantities.table import TABLE

__all__ = [
    "ALIASES",
    "CATALOGUE",
    "Combine",
    "Kind",
    "Period",
    "Quantity",
    "base_and_which",
    "is_numbering",
    "known_quantity",
    "quantity",
]

_NUMBER = re.compile(r"0|[1-9][0-9]{0,2}")  # of sources of one kind that are told apart by a number

CATALOGUE: Mapping[str, Quantity] = MappingProxyType({entry.name: entry for entry in TABLE})

# Names used by other systems, looked up in lower case; CF standard names come from the catalogue.
_OTHER_NAMES = {
    "atmospheric_pressure": "pressure",
    "battery_level": "battery",
    "cloudiness": "cloud_cover",
    "dewpoint": "dew_point",
    "hum": "humidity",
    "lux": "illuminance",
    "mslp": "sea_level_pressure",
    "pm2.5": "pm2_5",
    "pm25": "pm2_5",
    "rh": "humidity",
    "rssi": "signal_strength",
    "snr": "signal_to_noise",
    "solar_irradiance": "solar_radiation",
    "surface_air_pressure": "pressure",
    "temp": "temperature",
    "uv": "uv_index",
    "uvi": "uv_index",
    "wind_deg": "wind_direction",
    "wind_dir": "wind_direction",
    "wind_gust_speed": "wind_gust",
}
ALIASES: Mapping[str, str] = MappingProxyType(
    {entry.cf_name: entry.name for entry in CATALOGUE.values() if entry.cf_name and entry.cf_name != entry.name}
    | _OTHER_NAMES
)


def known_quantity(name: str) -> Quantity | None:
    """Return the catalogue's quantity for a name: ours, a CF standard name or a common alias, in any case."""
    entry = CATALOGUE.get(name)
    if entry is None:
        lower = name.lower()
        entry = CATALOGUE.get(ALIASES.get(lower, lower)) or _further(name)
    return entry


def quantity(name: str) -> Quantity:
    """Return the catalogue's entry; a name that is not there is a number without a unit and without limits."""
    return CATALOGUE.get(name) or _further(name) or Quantity(name=name, decimals=2)


@lru_cache(maxsize=4096)
def base_and_which(name: str) -> tuple[str, str]:
    """Split the name of a further source: `temperature:a2` is temperature and a2; of other names, `which` is empty."""
    base, _, which = name.partition(":")
    if not which:
        base, _, which = name.rpartition("_")
        if not _NUMBER.fullmatch(which):
            return name, ""
    return (base, which) if base in CATALOGUE and is_allowed(name) else (name, "")


def is_numbering(which: str) -> bool:
    """Return whether this is the number of a source, joined to the quantity by `_`; anything else is joined by `:`."""
    return _NUMBER.fullmatch(which) is not None


@lru_cache(maxsize=4096)
def _further(name: str) -> Quantity | None:
    base, which = base_and_which(name)
    if not which:
        return None
    entry = CATALOGUE[base]
    weighed_by = entry.weighed_by and entry.weighed_by + name.removeprefix(base)
    return replace(entry, name=name, weighed_by=weighed_by, cf_name="")
