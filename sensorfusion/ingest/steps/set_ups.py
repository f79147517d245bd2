"""Networks from which operators are setting sensors up, so that they see requests from there with unknown keys.

A request without a known key belongs to no sensor, and its sender is most likely the device beside the operator who
watches the page of a new sensor. Only the code of the refusal and the address are shown, and never a key.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from typing import Final

from sensorfusion.domain.networks import network_of
from sensorfusion.events.messages import SettingUp

LASTS_S: Final = 1800.0
MOST: Final = 1_000  # networks; the least recently used is forgotten first
MOST_OF_NETWORK: Final = 5  # sensors


class SetUps:
    """Sensors that are being set up, by network; in memory, and told to every process by `SettingUp`."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: OrderedDict[str, dict[int, float]] = OrderedDict()

    def begin(self, event: SettingUp) -> None:
        """Note that the page of a new sensor was opened."""
        network = home_of(event.address)
        sensors = self._until.setdefault(network, {})
        sensors.pop(event.sensor, None)
        sensors[event.sensor] = self._clock() + LASTS_S
        self._until.move_to_end(network)
        if len(sensors) > MOST_OF_NETWORK:
            del sensors[next(iter(sensors))]
        if len(self._until) > MOST:
            self._until.popitem(last=False)

    def at(self, address: str) -> Iterable[int]:
        """Return the sensors that are being set up from the network of an address."""
        if not self._until or not address:
            return ()
        now = self._clock()
        return [sensor for sensor, until in self._until.get(home_of(address), {}).items() if now < until]


def home_of(address: str) -> str:
    """Return the network of a household: of private IPv4 addresses the /24, else as for rate limits."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return network_of(address)
    if parsed.version == 4 and parsed.is_private and not parsed.is_loopback:
        return str(ip_network((int(parsed), 24), strict=False).network_address)
    return network_of(address)
