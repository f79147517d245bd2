"""The words for yes and no of quantities that are either: a door is open or closed, a pump on or off."""

import re
from typing import Final

from sensorfusion.domain.quantities import base_and_which
from sensorfusion.domain.texts.translation import pgettext, pgettext_noop

Words = tuple[str, str]  # for no and for yes

CLOSED_OPEN: Final = (pgettext_noop("state", "closed"), pgettext_noop("state", "open"))
_OFF_ON: Final = (pgettext_noop("state", "off"), pgettext_noop("state", "on"))
_CATALOGUE: Final[dict[str, Words]] = {
    "door_open": CLOSED_OPEN,
    "leak": (pgettext_noop("state", "dry"), pgettext_noop("state", "leak")),
    "occupancy": (pgettext_noop("state", "empty"), pgettext_noop("state", "occupied")),
}
_BY_WORD: Final[dict[str, Words]] = {
    **dict.fromkeys(("door", "window", "gate", "lid", "hatch", "valve", "contact"), CLOSED_OPEN),
    **dict.fromkeys(("pump", "motor", "heater", "heating", "fan", "compressor", "light", "relay", "switch"), _OFF_ON),
    **dict.fromkeys(
        (pgettext_noop("state", "motion"), "movement"),
        (pgettext_noop("state", "still"), pgettext_noop("state", "motion")),
    ),
    **dict.fromkeys(
        (pgettext_noop("state", "alarm"), "alert"), (pgettext_noop("state", "quiet"), pgettext_noop("state", "alarm"))
    ),
}
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
NO_YES: Final = (pgettext_noop("state", "no"), pgettext_noop("state", "yes"))


def states_of(name: str) -> Words | None:
    """Return the words for no and yes of a quantity, None if the usual ones will do."""
    known = _CATALOGUE.get(base_and_which(name)[0])
    if known is not None:
        return known
    words = [word.lower() for word in _WORD.findall(name)]
    if words[-1:] in (["closed"], ["shut"]):  # no is then the other one
        return None
    return next((_BY_WORD[word] for word in reversed(words) if word in _BY_WORD), None)


def words_of(states: Words) -> Words:
    """Return the words in the language of the page."""
    no, yes = states
    return pgettext("state", no), pgettext("state", yes)
