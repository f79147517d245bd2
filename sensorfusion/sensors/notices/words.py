"""What is said of notices: a headline for a sensor that has no readings yet, what to do, how often and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sensorfusion.domain.errors import ERRORS, NOTES
from sensorfusion.domain.texts.translation import gettext, gettext_noop
from sensorfusion.sensors.notices.details import detail_in_words
from sensorfusion.web.values.clock import since
from sensorfusion.web.values.numbers import localised

if TYPE_CHECKING:  # the live protocol is also read by programs without Django's applications, such as benchmarks
    from sensorfusion.sensors.notices.models import Notice

REFUSED = gettext_noop("Readings arrive, but they are refused")
NOT_UNDERSTOOD = gettext_noop("Messages arrive, but no reading can be made of them")
FOR_VIEWERS = gettext_noop("No reading can be shown yet")
_SAY_IT_THEMSELVES = NOTES | {"unknown_sensor"}
_OF_QUOTAS = ("quota", "quota_near")  # their subject is a label of `sensors.quotas.chores`


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as pages show it."""

    code: str
    subject: str
    title: str
    detail: str
    advice: str
    times: str
    at: datetime
    when: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said of a sensor without readings of which something arrived."""

    code: str
    headline: str


def told(notices: "Iterable[Notice]", *, zone: ZoneInfo, now: datetime) -> list[Told]:
    """Return notices as pages show them."""
    return [
        Told(
            each.code,
            each.subject,
            title(each.code, each.subject),
            detail_in_words(each.detail),
            advice(each.code),
            times(each.count),
            each.last_at,
            since(each.last_at.astimezone(zone), now=now.astimezone(zone)),
        )
        for each in notices
    ]


def headline(code: str, detail: str) -> str:
    """Return what is said in place of "Waiting for the first reading" of a sensor without readings."""
    if code == "clock_ahead":
        first = detail_in_words(detail).partition(". ")[0].rstrip(".")
        return gettext("Readings arrive, but {what}").format(what=f"{first[:1].lower()}{first[1:]}")
    return gettext(NOT_UNDERSTOOD if code in NOTES else REFUSED)


def heard_of(notices: "Sequence[Notice]") -> Heard | None:
    """Return what is heard of a sensor by its notices, the newest first; a clock that is ahead explains the others."""
    chosen = next((each for each in notices if each.code == "clock_ahead"), notices[0] if notices else None)
    return Heard(chosen.code, headline(chosen.code, chosen.detail)) if chosen else None


def title(code: str, subject: str) -> str:
    """Return what a notice is about."""
    if code in ("clock_ahead", "clock_not_set"):
        return gettext("The clock")
    if code == "too_many_names":
        return gettext("Names of quantities")
    return (gettext(subject) if code in _OF_QUOTAS else subject) or gettext("The message")


def advice(code: str) -> str:
    """Return what to do about a refusal; notes say it themselves."""
    return "" if code in _SAY_IT_THEMSELVES or code not in ERRORS else gettext(ERRORS[code].message)


def times(count: int) -> str:
    return gettext("once") if count == 1 else gettext("{count} times").format(count=localised(f"{count:,}"))
