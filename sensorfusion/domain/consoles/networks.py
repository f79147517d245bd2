"""The networks that consoles report to, each with the table of its own fields, and what is read at an address of each.

Consoles mix the names of one network with those of others, so beside its own fields each address reads the common ones.
Where two networks mean different things by one name, that of the address counts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from sensorfusion.domain.consoles.ambient import AMBIENT
from sensorfusion.domain.consoles.ecowitt import ECOWITT
from sensorfusion.domain.consoles.field import Field
from sensorfusion.domain.consoles.observer import OBSERVER, RAW
from sensorfusion.domain.consoles.pwsweather import PWSWEATHER
from sensorfusion.domain.consoles.wow import HOURLY, WOW
from sensorfusion.domain.consoles.wslink import WSLINK
from sensorfusion.domain.consoles.wunderground import BEYOND, MORE_CHANNELS, WUNDERGROUND

Family = Literal["common", "pwsweather", "wow", "wow_hourly", "ambient", "observer", "wslink"]
COMMON: Final[dict[str, Field]] = {**ECOWITT, **BEYOND, **MORE_CHANNELS, **WUNDERGROUND}
FIELDS: Mapping[Family, Mapping[str, Field]] = MappingProxyType(
    {
        "common": COMMON,
        "pwsweather": {**COMMON, **PWSWEATHER},
        "wow": {**COMMON, **WOW},
        "wow_hourly": {**COMMON, **HOURLY},
        "ambient": {**COMMON, **AMBIENT},
        "observer": {**{name: field for name, field in COMMON.items() if name not in RAW}, **OBSERVER},
        "wslink": WSLINK,
    }
)
NETWORKS: Final[Mapping[str, Mapping[str, Field]]] = MappingProxyType(
    {
        "Weather Underground": {**WUNDERGROUND, **MORE_CHANNELS, **BEYOND},
        "PWSweather": PWSWEATHER,
        "WOW and WOW-BE": WOW,
        "Ecowitt": ECOWITT,
        "Ambient": AMBIENT,
        "ObserverIP": OBSERVER,
        "WSLink": WSLINK,
    }
)
