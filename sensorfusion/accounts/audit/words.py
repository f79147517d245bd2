"""What an entry was about, in its reader's language: entries hold English, which is also that of the API.

Names and addresses stay as they are. A subject that is not known here is shown as it is stored.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, gettext_noop

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.origin import COMMAND_LINE
from sensorfusion.domain.texts.translation import translated

_FACTORS: Final = (
    *(gettext_noop("Passkey “{name}”"), gettext_noop("All, by an administrator")),
    *(gettext_noop("Authenticator app"), gettext_noop("Recovery codes")),
)
_PAGES: Final = (
    gettext_noop("Page of the site, by link: {page}"),
    gettext_noop("Page of the site, public at {path}: {page}"),
    gettext_noop("Page of the site, on a screen: {page}"),
)
_LINK: Final = (gettext_noop("link {code}"),)
_SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    Action.SIGNUP_INVITED: _LINK,
    Action.SIGNUP_INVITATION_ENDED: _LINK,
    Action.SIGNUP_INVITATION_USED: _LINK,
    Action.FACTOR_ADDED: _FACTORS,
    Action.FACTOR_REMOVED: _FACTORS,
    Action.CODES_MADE: _FACTORS,
    Action.SHARE_MADE: _PAGES,
    Action.SHARE_CHANGED: _PAGES,
    Action.SHARE_ENDED: _PAGES,
    Action.ALERT_RIGHTS_CHANGED: (gettext_noop("viewers may"), gettext_noop("viewers may not")),
}
# Actions whose subject ends with a word of ours, after a colon: the words of a scope, a role, a switch.
_ENDINGS: Final = (
    *(Action.TOKEN_MADE, Action.FEATURE_SWITCHED, Action.MEMBER_INVITED, Action.INVITATION_ACCEPTED),
    *(Action.ROLE_CHANGED, Action.MEMBER_ADDED),
)
_WORDS: Final = (
    *(gettext_noop("owner"), gettext_noop("editor"), gettext_noop("viewer")),
    *(gettext_noop("on"), gettext_noop("off"), gettext_noop("command line")),
)


def subject(action: str, stored: str) -> str:
    """Return what an action was done to."""
    if action == Action.SESSION_ENDED:
        return _browser(stored)
    if action in _ENDINGS:
        return _with_ending(action, stored)
    known = _SUBJECTS.get(action, ())
    return " → ".join(translated(each, known) for each in stored.split(" → "))


def address(stored: str) -> str:
    """Return where an action came from: a network address, or the server's command line."""
    return gettext(stored) if stored == COMMAND_LINE else stored


def _browser(stored: str) -> str:
    browser, _, system = stored.partition(" on ")
    if not system:
        return gettext(browser)
    return gettext("{browser} on {system}").format(browser=gettext(browser), system=gettext(system))


def _with_ending(action: str, stored: str) -> str:
    """Translate what comes after the last colon; before it stands a name, but for features, which are ours."""
    name, colon, ending = stored.rpartition(": ")
    if action == Action.FEATURE_SWITCHED:
        name = gettext(name) if name else ""
    return name + colon + " → ".join(gettext(each) for each in ending.split(" → ")) if colon else stored
