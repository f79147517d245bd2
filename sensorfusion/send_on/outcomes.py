"""What came of sending on, in the language of a page. It is stored in English, as logs and the API have it."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext, gettext_noop

from sensorfusion.domain.texts.translation import translated
from sensorfusion.outgoing import outcomes

# The days come first: "2 days" would be an age, too.
_OUTCOMES: Final = (
    gettext_noop("the newest reading is {age} days old; {network} takes none older than {most} days"),
    gettext_noop("the newest reading is {age} days old; {network} takes none older than {most}"),
    gettext_noop("the newest reading is {age} old; {network} takes none older than {most}"),
    gettext_noop("{network} takes none of its values"),
    gettext_noop("it does not accept the passcode of {station}"),
    gettext_noop("refused there: {count}, such as {detail}"),
)
_LEFT_OUT: Final = (
    gettext_noop("{quantity}: excluded"),
    gettext_noop("{quantity}: flagged bad"),
    gettext_noop("{quantity}: flagged suspect"),
    gettext_noop("{quantity}: older than the rest"),
)
REFUSED: Final = gettext_noop("{count} readings, which were refused each time: {why}")
_BETWEEN: Final = "; "


def in_words(text: str) -> str:
    """Translate a stored outcome, or what was left out: a list."""
    count, is_refused, why = text.partition(" readings, which were refused each time: ")
    if is_refused:
        return gettext(REFUSED).format(count=count, why=in_words(why))
    whole = _translated(text, _OUTCOMES)
    parts = (_translated(each, (*_LEFT_OUT, *_OUTCOMES)) for each in text.split(_BETWEEN))
    return whole if whole != text else _BETWEEN.join(parts)


def _translated(text: str, messages: Iterable[str]) -> str:
    return outcomes.in_words(translated(text, messages))
