"""The one sentence about what is not fresh, for every page; `js/words/station-words.js` writes the same."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.domain.liveness import State
from sensorfusion.domain.texts.translation import gettext, gettext_noop
from sensorfusion.web.values import clock

LEADS: Final[dict[State, str]] = {
    "late": gettext_noop("Late, last at"),
    "offline": gettext_noop("No data since"),
    "paused": gettext_noop("Paused, last at"),
}
NEVER: Final[dict[State, str]] = {"paused": gettext_noop("Paused")}
WAITING: Final = gettext_noop("Waiting for the first reading")


def why(state: State, since: str) -> str:
    """Return why a value is not fresh, empty if it is: "No data since 14:32".

    :param since: its instant in words, empty if there was none.
    """
    if not since:
        return gettext(NEVER.get(state, WAITING))
    return f"{gettext(LEADS[state])} {since}" if state in LEADS else ""


def as_of_words(time: str) -> str:
    """Say of which instant figures are that do not follow the clock any more: "as of 13:04"."""
    return gettext("as of {time}").format(time=time)


def why_at(state: State, at: datetime | None, *, now: datetime, zone: ZoneInfo) -> str:
    """Return the sentence for an instant, by the clock of its site."""
    return why(state, clock.since(at.astimezone(zone), now=now.astimezone(zone)) if at else "")
