"""What is wrong with the settings of a poll, in the reader's language: the API says the same in English."""

import re
from typing import Final

from django.utils.translation import gettext, gettext_noop

from sensorfusion.domain.texts.translation import translated
from sensorfusion.sensors.notices.details import detail_in_words

_SETTINGS: Final = (
    gettext_noop("This is not an address such as http://192.168.1.20/status."),
    gettext_noop("The address must begin with http:// or https:// and a host."),
    gettext_noop("Put the password into a header, as Authorization: Basic …, not into the address."),
    gettext_noop("Write 1 to {most} lines such as: temperature = $.main.temp °C"),
    gettext_noop("{quantity} is mapped already"),
    gettext_noop("{line} is not like: temperature = $.main.temp °C"),
    gettext_noop("{path} has more than {most} characters"),
    gettext_noop("{path} does not begin with $: write $.main.temp, $.list[0] or $['odd name']"),
    gettext_noop("{path} cannot be read as JSONPath (RFC 9535)"),
    gettext_noop("{path} has more than {most} steps"),
    gettext_noop(
        "{path} may select several values at {place}: select one, as in $.list[0] or $.list[?@.type==1]",
    ),
    gettext_noop("{path} is invalid at its end: {reason}"),
    gettext_noop("{path} is invalid at {place}: {reason}"),
    gettext_noop("{quantity} is kept in {unit}: the unit {given} is not known"),
    gettext_noop("At most {most} headers are sent."),
    gettext_noop("{header} is set by the server"),
)
_HEADER: Final = gettext_noop("Line {number} is not like X-API-Key: 0123abc, in plain ASCII.")
_LINE: Final = re.compile(r"Line (\d+): (.+?)\.", re.DOTALL)


def settings_in_words(text: str) -> str:
    """Translate what is wrong with an address, the paths, or the headers."""
    if match := _LINE.fullmatch(text):
        return gettext("Line {number}: {problem}.").format(number=match[1], problem=_translated(match[2]))
    if text.endswith(".") and (found := _translated(text[:-1])) != text[:-1]:
        return f"{found}."
    return _translated(text)


def _translated(text: str) -> str:
    found = translated(text, (_HEADER, *_SETTINGS))
    return found if found != text else detail_in_words(text)
