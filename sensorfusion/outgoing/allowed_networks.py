"""Decides which addresses may be connected to: public ones, and private ones that the server's configuration allows.

Operators choose what is polled and where messages go, and the server may reach what they cannot: its own services, its
neighbours, the metadata service of a cloud (SSRF). So an address counts as private unless it is known to be public,
even if it is embedded in another one.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# A list of our own: what `ipaddress` calls global differs between versions of Python. Sources: the IANA registries of
# special-purpose addresses (RFC 6890), of IPv6 address space, and of multicast addresses.
_SPECIAL_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # a public address by number; inside Azure, the host's own services
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # the only part of IPv6 that is assigned to networks
_SPECIAL_IPV6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocols, among them Teredo, which carries an IPv4 address
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address; deprecated
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def allowed_networks(texts: Iterable[str]) -> Sequence[Network]:
    """Parse networks from the environment."""
    return tuple(ip_network(text) for text in texts)


def may_be_asked(address: str, allowed: Sequence[Network]) -> bool:
    """Return whether the server may connect to an address that a name resolved to."""
    asked = _innermost(ip_address(address.partition("%")[0]))
    if any(asked in network for network in allowed if network.version == asked.version):
        return True
    if isinstance(asked, IPv4Address):
        return not any(asked in network for network in _SPECIAL_IPV4)
    return asked in _GLOBAL_UNICAST and not any(asked in network for network in _SPECIAL_IPV6)


def _innermost(address: Address) -> Address:
    """Return the IPv4 address that a connection to an IPv6 address leads to, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address
