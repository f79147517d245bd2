"""Marks texts for readers, in tables and sentences that are plain Python.

Until pages are served, a text is itself; `web` brings the functions that translate it into the reader's language.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

_functions: dict[str, Callable[..., str]] = {}
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


def use(
    *,
    gettext: Callable[[str], str],
    ngettext: Callable[[str, str, int], str],
    pgettext: Callable[[str, str], str] = lambda context, message: message,
    localised: Callable[[str], str] = lambda number: number,
    language: Callable[[], str] = lambda: "",
) -> None:
    """Translate by these functions from now on."""
    _functions.update(gettext=gettext, ngettext=ngettext, pgettext=pgettext, localised=localised, language=language)


def language() -> str:
    """Return the code of the reader's language, empty where none was chosen: texts are English then."""
    chosen = _functions.get("language")
    return chosen() if chosen else ""


def gettext(message: str) -> str:
    """Return a text in the reader's language."""
    translate = _functions.get("gettext")
    return translate(message) if translate and message else message


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form of a text for a number, in the reader's language."""
    translate = _functions.get("ngettext")
    return translate(singular, plural, number) if translate else singular if number == 1 else plural


def pgettext(context: str, message: str) -> str:
    """Return a text that has another meaning elsewhere, in the reader's language."""
    translate = _functions.get("pgettext")
    return translate(context, message) if translate and message else message


def localised(number: str) -> str:
    """Return the text of a number with the separators of the reader's language."""
    write = _functions.get("localised")
    return write(number) if write else number


def pgettext_noop(_context: str, message: str) -> str:
    """Mark a text, with what it is about, that is translated where it is shown."""
    return message


def gettext_noop(message: str) -> str:
    """Mark a text that is translated where it is shown."""
    return message


def translated(text: str, messages: Iterable[str]) -> str:
    """Translate a text that was stored in English, made of one of these messages: `{count} readings`.

    The first message that fits gives the values. A text of none of them stays as it is.
    """
    for message in messages:
        if found := _pattern(message).fullmatch(text):
            return gettext(message).format_map(found.groupdict())
    return text


@lru_cache(maxsize=1024)
def _pattern(message: str) -> re.Pattern[str]:
    pieces = _PLACEHOLDER.split(message)
    return re.compile("".join(f"(?P<{each}>.+?)" if at % 2 else re.escape(each) for at, each in enumerate(pieces)))
