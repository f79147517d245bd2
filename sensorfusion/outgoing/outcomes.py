"""What receivers answered, in the language of a page.

Outcomes are stored in English, as logs and the API have them: by `polling.fetching`, by senders and by `apprise`. A
text that is none of these messages, such as the warning of a plug-in of apprise, is shown as it is.
"""

from typing import Final

from sensorfusion.domain.texts.translation import gettext, gettext_noop, translated

ENDED: Final = gettext_noop("this browser ended its subscription; notify it again from its own page")
_OUTCOMES: Final = (
    gettext_noop("accepted"),
    gettext_noop("no answer within {seconds} s"),
    gettext_noop("there is no host {host}"),
    gettext_noop("it is in a private network; this server asks those only if POLL_ALLOW_NETWORKS allows it"),
    gettext_noop("{host} is in a private network; this server asks those only if POLL_ALLOW_NETWORKS allows it"),
    gettext_noop("it answers {status} and redirects to another address: enter that one"),
    gettext_noop("it answers {status}: it requires a key or password, or another one"),
    gettext_noop("it answers “{text}”"),
    gettext_noop("it answers {status}"),
    gettext_noop("the answer is compressed although that was not requested"),
    gettext_noop("the answer is larger than {size} bytes"),
    gettext_noop("its certificate cannot be trusted"),
    gettext_noop("its certificate cannot be trusted: {why}"),
    gettext_noop("connection refused"),
    gettext_noop("it cannot be reached"),
    gettext_noop("it takes too long"),
    gettext_noop("the host does not speak HTTP, or closed the connection"),
    gettext_noop("the connection was lost"),
    gettext_noop("the broker closed the connection"),
    gettext_noop("the broker refused the connection: {why}"),
    gettext_noop("the broker refused the message: {why}"),
    gettext_noop("no encrypted connection can be made: does it want mqtt://?"),
    gettext_noop("apprise knows no such address"),
    gettext_noop("apprise does not say why"),
    gettext_noop("apprise failed ({error})"),
    gettext_noop("apprise ended without an answer: it took more memory than it may, or has a fault"),
    gettext_noop("{scheme}:// sends neither HTTP nor mail, so no channel may use it"),
    gettext_noop("its secret cannot be read any more: enter it again"),
    gettext_noop("its secret cannot be read any more: make another one"),
    gettext_noop("nothing is left of it"),
    ENDED,
)


def in_words(outcome: str) -> str:
    """Translate a stored outcome; one of a browser may have two parts."""
    first, is_ended, _ = outcome.partition(f": {ENDED}")
    said = gettext(translated(first, _OUTCOMES))  # a text without values may be marked elsewhere
    return f"{said}: {gettext(ENDED)}" if is_ended else said
