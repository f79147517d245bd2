"""The networks that readings can be sent to, in the order in which they are offered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sensorfusion.send_on.targets import (
    awekas,
    cwop,
    opensensemap,
    openweathermap,
    pwsweather,
    sensor_community,
    sensorfusion,
    windy,
    wow,
    wunderground,
)
from sensorfusion.send_on.targets.target import Target

_MODULES: Final = (
    *(wunderground, pwsweather, wow, cwop, windy, openweathermap, awekas),
    *(sensor_community, opensensemap, sensorfusion),
)
TARGETS: Final[Mapping[str, Target]] = MappingProxyType({each.TARGET.slug: each.TARGET for each in _MODULES})
