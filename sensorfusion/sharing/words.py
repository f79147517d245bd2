"""Words about what is shared, as they stand inside a sentence."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext, gettext_lazy, ngettext

from sensorfusion.domain.liveness import State
from sensorfusion.reports import words
from sensorfusion.sharing.models import Grid, History

_HISTORIES: Final = {
    History.DAY: gettext_lazy("the last 24 hours"),
    History.WEEK: gettext_lazy("the last 7 days"),
    History.MONTH: gettext_lazy("the last 30 days"),
    History.YEAR: gettext_lazy("the last year"),
}
_PLACES: Final = {
    Grid.HIDDEN: gettext_lazy("no place"),
    Grid.WIDE: gettext_lazy("the place to about 100 km"),
    Grid.NARROW: gettext_lazy("the place to about 10 km"),
}


def history_inside(history: str) -> str:
    """Name the longest range that is shown."""
    return str(_HISTORIES[History(history)])


def place_inside(grid: int) -> str:
    """Say whether a place is shown, and how exactly."""
    return str(_PLACES[Grid(grid)])


def states_told(states: Sequence[State]) -> str:
    """Sum up the sensors of one page: "3 sensors, all reporting", or how many do not."""
    count = len(states)
    others = [f"{states.count(state)} {gettext(str(word))}" for state, word in words.COUNTED.items() if state in states]
    if not others:
        return ngettext("{count} sensor, reporting", "{count} sensors, all reporting", count).format(count=count)
    start = ngettext("{count} sensor", "{count} sensors", count).format(count=count)
    return f"{start}, {words.listed(others)}"
