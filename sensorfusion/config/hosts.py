"""Host names in settings: each must be able to match what browsers and devices send as `Host`."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

# What Django accepts as a host (`django.http.request.host_validation_re`), without the port, and in labels.
_NAME = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*")


def checked_all(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Return ALLOWED_HOSTS in the form that they are compared in.

    :raises ValueError: if a part can never match, saying what to write.
    """
    if not hosts:
        raise ValueError("names no host: write names separated by commas.")
    if useless := [host for host in hosts if not _can_match(host.lower())]:
        found = [f"{host!r}, which matches no request: write {_instead(host.lower())}" for host in useless]
        raise ValueError(f"has {' It has '.join(found)}")
    return tuple(host.lower() for host in hosts)


def of_url(url: str) -> str:
    """Return the host of a URL as ALLOWED_HOSTS names it: lower case, IPv6 addresses in brackets."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def has_port(parts: SplitResult) -> bool:
    """Return whether a URL's port is valid, or left out."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def is_one(parts: SplitResult) -> bool:
    """Return whether a URL names exactly one host, with a valid port or without one."""
    host = parts.hostname or ""
    return bool(host) and not any(each in host for each in " ,") and has_port(parts)


def _can_match(host: str) -> bool:
    return host == "*" or _is_bracketed(host) or (bool(_NAME.fullmatch(host)) and not _is_bad_address(host))


def _instead(host: str) -> str:
    """Return what to write in place of a name that is invalid, as the end of a sentence."""
    if any(each in host for each in " ;\t\n"):
        return "commas between names."
    if host[:1] in "'\"[(" and not host.startswith("["):
        return f"{host.strip(chr(39) + chr(34) + '()')}, without quotes."
    for separator, what in (("://", "the scheme"), ("@", "the account")):
        if separator in host:
            return _shown(host.split(separator)[-1], f"without {what}")
    return _instead_of_name(host)


def _instead_of_name(host: str) -> str:
    if re.fullmatch(r"[0-9a-f:.]*/\d+", host):
        return "the names and addresses that people enter: networks cannot be given."
    if (address := _address(host.strip("[]"))) and address.version == 6:
        return f"[{address.compressed}]."
    for separator, what in (("/", "the path"), (":", "the port")):
        if separator in host:
            return _shown(host.split(separator)[0], f"without {what}")
    if "*" in host:
        name = host.replace("*", "").strip(".")
        return f".{name}, which matches all names below {name} and itself." if name else "* for all names."
    if not host.isascii():
        return f"{_punycode(host)}."
    if "_" in host:
        return "a name without _, which is not allowed in host names, or an address."
    return "a name such as sensors.example.org, or an address."


def _shown(host: str, without: str) -> str:
    name = host.split("/")[0].split(":")[0]
    return f"{_punycode(name) if name else 'the name'}, {without}."


def _is_bracketed(host: str) -> bool:
    """Return whether this is an IPv6 address as browsers write it: in brackets, compressed."""
    address = _address(host[1:-1]) if host.startswith("[") and host.endswith("]") else None
    return isinstance(address, IPv6Address) and host == f"[{address.compressed}]"


def _is_bad_address(host: str) -> bool:
    """Return whether the last label is a number, as in an IPv4 address, without being one."""
    return host.rpartition(".")[2].isdecimal() and _address(host) is None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _punycode(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return "the name in punycode (xn--…)"
