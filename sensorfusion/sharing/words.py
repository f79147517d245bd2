"""Words about what is shared, as they stand inside a sentence."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import ngettext, pgettext_lazy

from sensorfusion.domain.liveness import State
from sensorfusion.reports import words
from sensorfusion.sharing.models import Grid, History

_HISTORIES: Final = {
    History.DAY: pgettext_lazy("seen", "the last 24 hours"),
    History.WEEK: pgettext_lazy("seen", "the last 7 days"),
    History.MONTH: pgettext_lazy("seen", "the last 30 days"),
    History.YEAR: pgettext_lazy("seen", "the last year"),
}
_PLACES: Final = {
    Grid.HIDDEN: pgettext_lazy("seen", "no place"),
    Grid.WIDE: pgettext_lazy("seen", "the place to about 100 km"),
    Grid.NARROW: pgettext_lazy("seen", "the place to about 10 km"),
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
    others = [f"{states.count(state)} {word}" for state, word in words.COUNTED.items() if state in states]
    if not others:
        return ngettext("{count} sensor, reporting", "{count} sensors, all reporting", count).format(count=count)
    start = ngettext("{count} sensor", "{count} sensors", count).format(count=count)
    return f"{start}, {words.listed(others)}"
