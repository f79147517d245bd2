"""The time zones that a site can have."""

import zoneinfo
from functools import cache

# Entries of the database that are no zones: defaults, and copies of the whole database.
_NOT_PLACES = ("posix/", "right/", "Factory", "localtime", "posixrules")


@cache
def time_zones() -> frozenset[str]:
    """Return all names of the IANA database on this machine; cached, because it searches the disk."""
    return frozenset(name for name in zoneinfo.available_timezones() if not name.startswith(_NOT_PLACES))
