"""Which network addresses may be asked: the public ones, and the private ones that who runs the server has allowed.

Editors of a site choose what is polled, and the server may reach what they cannot: its own services, its neighbours,
the metadata service of a cloud. So an address is private until it is known to be public, also inside another one.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def allowed_networks(texts: Iterable[str]) -> Sequence[Network]:
    """Read networks as the environment has them."""
    return tuple(ip_network(text) for text in texts)


def may_be_asked(address: str, allowed: Sequence[Network]) -> bool:
    """Say whether an address that a name resolved to may be connected to."""
    asked = _innermost(ip_address(address.partition("%")[0]))
    if any(asked in network for network in allowed if network.version == asked.version):
        return True
    return asked.is_global and not asked.is_multicast and not asked.is_reserved


def _innermost(address: Address) -> Address:
    """Take an IPv4 address out of the IPv6 addresses that lead to it."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is None and address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address
