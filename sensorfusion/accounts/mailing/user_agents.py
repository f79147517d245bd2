"""What a User-Agent header says, in our own words: its text is the client's, and could be a message to the reader."""

import re
from typing import Final

from django.utils.translation import gettext, gettext_noop

UNKNOWN: Final = gettext_noop("an unknown browser")
# The first that is found counts: most name the older ones, too, to be taken for them.
_BROWSERS: Final = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
    "curl": "curl",
    "python": gettext_noop("a Python program"),
}
_SYSTEMS: Final = {
    "iPhone": gettext_noop("an iPhone"),
    "iPad": gettext_noop("an iPad"),
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": gettext_noop("a Mac"),
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
_NUMBERS: Final = re.compile(r"[\d._]+")
_LONGEST: Final = 500


def described(user_agent: str) -> str:
    """Return the browser and the system: "Firefox on Linux"."""
    browser, system = gettext(_first(_BROWSERS, user_agent) or UNKNOWN), _first(_SYSTEMS, user_agent)
    return gettext("{browser} on {system}").format(browser=browser, system=gettext(system)) if system else browser


def without_versions(user_agent: str) -> str:
    """Return a User-Agent header that stays the same when the browser is updated."""
    return _NUMBERS.sub("", user_agent[:_LONGEST])


def _first(words: dict[str, str], user_agent: str) -> str:
    return next((name for word, name in words.items() if word in user_agent), "")
