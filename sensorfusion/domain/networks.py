"""Network addresses grouped by household or server."""

import ipaddress

LONGEST = 64  # characters of an invalid address, such as the name of a Unix socket


def network_of(address: str) -> str:
    """Return the network of an address: itself, or for IPv6 its /64, which is one household or server."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:LONGEST]
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((int(parsed), 64), strict=False).network_address)


def is_public(address: str) -> bool:
    """Return whether an address is public, so that it identifies one household on the whole Internet."""
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
