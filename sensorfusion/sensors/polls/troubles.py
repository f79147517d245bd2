"""What was wrong with an answer to a poll, in the reader's language: the poller stores it in English.

The sentences are those of `ingest.polling`; the first that fits gives the values, and a text of none of them stays.
"""

from typing import Final

from sensorfusion.domain.texts.translation import gettext, gettext_noop, translated
from sensorfusion.sensors.notices.details import TIMES, detail_in_words

_TROUBLES: Final = (
    gettext_noop("no answer within {seconds} s"),
    gettext_noop("there is no host {host}"),
    gettext_noop(
        "{host} is in a private network; this server asks those only if POLL_ALLOW_NETWORKS allows it",
    ),
    gettext_noop("the server's OpenWeatherMap key is only sent to https://{host}"),
    gettext_noop("this server has no OpenWeatherMap key: its administrator sets OPENWEATHERMAP_KEY"),
    gettext_noop("it answers {status} and redirects to another address: enter that one"),
    gettext_noop("it answers {status}: it requires a key or password, or another one"),
    gettext_noop("it answers {status}"),
    gettext_noop("the answer is compressed although that was not requested"),
    gettext_noop("the answer is larger than {bytes} bytes"),
    gettext_noop("its certificate cannot be trusted"),
    gettext_noop("connection refused"),
    gettext_noop("it cannot be reached"),
    gettext_noop("it takes too long"),
    gettext_noop("the host does not speak HTTP, or closed the connection"),
    gettext_noop("the connection was lost"),
    gettext_noop("the server could not read the answer; its log says why"),
    gettext_noop(
        "its headers cannot be decrypted, because the server's secret key changed: enter them again",
    ),
    gettext_noop("the answer is not JSON: it is nested too deeply"),
    gettext_noop("the answer is not JSON: {reason}"),
    gettext_noop("the answer has too many elements to search with the filters of its paths"),
    gettext_noop("the answer has no time at the given path"),
)
# Of single quantities; what was left out is a list of them.
_PROBLEMS: Final = (
    gettext_noop("nothing in the answer can be used"),
    gettext_noop("there is no {path} in the answer"),
    gettext_noop("{path} is not a value: it holds a list"),
    gettext_noop("{path} is not a value: it holds {names}"),
    gettext_noop("the answer gives no value"),
)
_OF_TIME: Final = "the time of the answer cannot be used: "


def trouble_in_words(text: str) -> str:
    """Translate why there is no reading, or what of an answer was left out."""
    if text.startswith(_OF_TIME):
        why = translated(text.removeprefix(_OF_TIME), TIMES)
        return gettext("the time of the answer cannot be used: {why}").format(why=why)
    whole = gettext(text)
    if whole == text:
        whole = translated(text, _TROUBLES)
    return whole if whole != text else "; ".join(map(_of_quantity, text.split("; ")))


def _of_quantity(text: str) -> str:
    """Translate a piece such as `temperature: abc is not a number`."""
    quantity, colon, problem = text.partition(": ")
    return f"{quantity}: {_problem(problem)}" if colon else _problem(text)


def _problem(text: str) -> str:
    found = translated(text, _PROBLEMS)
    return found if found != text else detail_in_words(text)
