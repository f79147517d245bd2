"""The time zones a site can be in."""

import zoneinfo
from functools import cache

# Names of the database that are no places: a file's own defaults, and duplicates of the whole database.
_NOT_PLACES = ("posix/", "right/", "Factory", "localtime", "posixrules")


@cache
def time_zones() -> frozenset[str]:
    """Return every name of the IANA database that this machine knows; read once, for it searches the disk."""
    return frozenset(name for name in zoneinfo.available_timezones() if not name.startswith(_NOT_PLACES))
