"""Network addresses as places: what one household or one server has to itself."""

import ipaddress

LONGEST = 64  # characters of what is no address; a name of a Unix socket, say


def network_of(address: str) -> str:
    """Name the network of an address: itself, and of IPv6 the 64 bits that one household or server has to itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:LONGEST]
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((int(parsed), 64), strict=False).network_address)


def is_public(address: str) -> bool:
    """Say whether an address is one household's on the whole Internet, and not one that every network has."""
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
