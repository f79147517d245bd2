"""The networks that readings can be sent to, in the order in which they are offered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sensorfusion.send_on.targets import cwop, pwsweather, sensorfusion, wow, wunderground
from sensorfusion.send_on.targets.target import Target

TARGETS: Final[Mapping[str, Target]] = MappingProxyType(
    {each.TARGET.slug: each.TARGET for each in (wunderground, pwsweather, wow, cwop, sensorfusion)}
)
