"""What a report tells of a sensor's states: of a boolean its yes, of a text each of its states."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import pgettext

from sensorfusion.domain.quantities.kinds import Kind
from sensorfusion.domain.quantities.spans import Span
from sensorfusion.domain.quantities.spans import states as by_length
from sensorfusion.domain.quantities.states import NO_YES, states_of
from sensorfusion.reports.hero import kind
from sensorfusion.reports.kinds.instrument import doors_first, main_state
from sensorfusion.reports.kinds.span_words import MOST_NAMED, Vocabulary
from sensorfusion.reports.queries import Station
from sensorfusion.web.looks import Looks

YES, NO = "true", "false"
MOST_BESIDE: Final = 2  # states in the report of a number
_CONTEXT: Final = "state"  # of the words in catalogues; the domain marks them


@dataclass(frozen=True, slots=True)
class Told:
    """A quantity with states. `no` and `yes` are the words of a boolean; a text has neither."""

    name: str
    looks: Looks
    no: str = ""
    yes: str = ""

    @property
    def is_boolean(self) -> bool:
        return bool(self.yes)

    @property
    def no_word(self) -> str:
        """`no` in the language of the reader; `no` and `yes` themselves are in the names of columns of files."""
        return pgettext(_CONTEXT, self.no)

    @property
    def yes_word(self) -> str:
        return pgettext(_CONTEXT, self.yes)

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary({NO: self.no_word, YES: self.yes_word}, only=YES) if self.is_boolean else Vocabulary({})

    def states(self, spans: Sequence[Span]) -> list[str]:
        """Return the states that are told: yes of a boolean, of a text those of the longest times."""
        return [YES] if self.is_boolean else by_length(spans)[:MOST_NAMED]


def told_of(station: Station) -> Told | None:
    """Return the state that a sensor's reports are about; None if they are about numbers."""
    name = main_state(station, kind(station))
    return None if name is None else _told(station, name)


def told_beside(station: Station) -> list[Told]:
    """Return the states that the report of a number tells, too: doors first, of weather stations none."""
    if kind(station) == Kind.WEATHER:
        return []
    return [_told(station, name) for name in doors_first(station)[:MOST_BESIDE]]


def _told(station: Station, name: str) -> Told:
    if not isinstance(station.newest.values[name], bool):
        return Told(name, station.looks(name))
    return Told(name, station.looks(name), *(states_of(name) or NO_YES))
