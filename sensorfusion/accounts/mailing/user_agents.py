"""What a User-Agent header says, in our own words: its text is the client's, and could be a message to the reader."""

import re
from typing import Final

UNKNOWN: Final = "an unknown browser"
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
    "python": "a Python program",
}
_SYSTEMS: Final = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "a Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
_NUMBERS: Final = re.compile(r"[\d._]+")
_LONGEST: Final = 500


def described(user_agent: str) -> str:
    """Return the browser and the system: "Firefox on Linux"."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    return f"{browser or UNKNOWN} on {system}" if system else browser or UNKNOWN


def without_versions(user_agent: str) -> str:
    """Return a User-Agent header that stays the same when the browser is updated."""
    return _NUMBERS.sub("", user_agent[:_LONGEST])


def _first(words: dict[str, str], user_agent: str) -> str:
    return next((name for word, name in words.items() if word in user_agent), "")
