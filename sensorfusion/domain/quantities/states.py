"""The words for yes and no of quantities that are either: a door is open or closed, a pump on or off."""

import re
from typing import Final

from sensorfusion.domain.quantities import base_and_which

Words = tuple[str, str]  # for no and for yes

CLOSED_OPEN: Final = ("closed", "open")
_OFF_ON: Final = ("off", "on")
_CATALOGUE: Final[dict[str, Words]] = {
    "door_open": CLOSED_OPEN,
    "leak": ("dry", "leak"),
    "occupancy": ("empty", "occupied"),
}
_BY_WORD: Final[dict[str, Words]] = {
    **dict.fromkeys(("door", "window", "gate", "lid", "hatch", "valve", "contact"), CLOSED_OPEN),
    **dict.fromkeys(("pump", "motor", "heater", "heating", "fan", "compressor", "light", "relay", "switch"), _OFF_ON),
    **dict.fromkeys(("motion", "movement"), ("still", "motion")),
    **dict.fromkeys(("alarm", "alert"), ("quiet", "alarm")),
}
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
NO_YES: Final = ("no", "yes")


def states_of(name: str) -> Words | None:
    """Return the words for no and yes of a quantity, None if the usual ones will do."""
    known = _CATALOGUE.get(base_and_which(name)[0])
    if known is not None:
        return known
    words = [word.lower() for word in _WORD.findall(name)]
    if words[-1:] in (["closed"], ["shut"]):  # no is then the other one
        return None
    return next((_BY_WORD[word] for word in reversed(words) if word in _BY_WORD), None)
