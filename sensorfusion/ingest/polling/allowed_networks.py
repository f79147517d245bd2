"""Decides which network addresses may be polled: public ones, and private ones that the server's configuration allows.

Editors of a site choose what is polled, and the server may reach what they cannot: its own services, its neighbours,
the metadata service of a cloud (SSRF). So an address counts as private unless it is known to be public, even if it is
embedded in another one.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def allowed_networks(texts: Iterable[str]) -> Sequence[Network]:
    """Parse networks from the environment."""
    return tuple(ip_network(text) for text in texts)


def may_be_asked(address: str, allowed: Sequence[Network]) -> bool:
    """Return whether the server may connect to an address that a name resolved to."""
    asked = _innermost(ip_address(address.partition("%")[0]))
    if any(asked in network for network in allowed if network.version == asked.version):
        return True
    return asked.is_global and not asked.is_multicast and not asked.is_reserved


def _innermost(address: Address) -> Address:
    """Return the IPv4 address embedded in an IPv6 address, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is None and address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address
