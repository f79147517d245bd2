"""Quotas: how much of something a site or an operator may have, and what is said near the limit.

A limit of 0 means that there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.translation import gettext, gettext_noop, localised, pgettext

MEGABYTE: Final = 1_000_000
NEAR: Final = 0.8  # the share of a limit from which its owner is told
# Senders ask again at least once an hour: an administrator may have raised the limit.
LONGEST_WAIT: Final = timedelta(hours=1)

_SIZES: Final = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
Level = Literal["", "quota_near", "quota"]


def number(count: int) -> str:
    return f"{count:,}"


def size(count: int) -> str:
    """Write a number of bytes in the largest unit that it fills, with a decimal below ten."""
    factor, unit = next(((factor, unit) for factor, unit in _SIZES if count >= factor), (1, gettext_noop("bytes")))
    written = f"{count / factor:.1f}" if factor > 1 and count < 10 * factor else f"{count // factor:,}"
    return f"{written.removesuffix('.0')} {gettext(unit)}"


@dataclass(frozen=True, slots=True)
class Usage:
    """How much is used of one quota; `name` is for programs, `label` for people, for whom `written` writes numbers."""

    name: str
    label: str
    used: int
    limit: int
    written: Callable[[int], str] = number

    @property
    def share(self) -> float:
        """The used share of the limit, 0 if there is none."""
        return self.used / self.limit if self.limit else 0.0

    @property
    def level(self) -> Level:
        """The code of what is said of it: nothing, that it is nearly used up, or that it is."""
        if not self.limit or self.share < NEAR:
            return ""
        return "quota" if is_used_up(self.used, self.limit) else "quota_near"

    @property
    def shown_used(self) -> str:
        return self._shown(self.used)

    @property
    def shown_limit(self) -> str:
        return self._shown(self.limit) if self.limit else pgettext("limit", "none")

    def _shown(self, count: int) -> str:
        text = self.written(count)
        return localised(text) if self.written in (number, size) else text  # others write for readers already

    @property
    def detail(self) -> str:
        return gettext("{used} of {limit} are used.").format(used=self.shown_used, limit=self.shown_limit)


def is_used_up(used: int, limit: int) -> bool:
    return bool(limit) and used >= limit


def require_room(*, used: int, limit: int, of: str, more: int = 1, written: Callable[[int], str] = number) -> None:
    """Check that `more` may be added; `of` names the things in the plural.

    :raises Refusal: `limit_reached`.
    """
    if limit and used + more > limit:
        raise Refusal(
            "limit_reached",
            gettext("{things} are limited to {limit}, and {used} are used. Remove some first.").format(
                things=gettext(of), limit=localised(written(limit)), used=localised(written(used))
            ),
        )


def seconds_to_next_day(now: datetime, time_zone: str) -> int:
    """Return the seconds until the next day of a time zone begins, an hour at most."""
    zone = ZoneInfo(time_zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    left = datetime.combine(tomorrow, time(), zone) - now
    return max(1, round(min(left, LONGEST_WAIT).total_seconds()))
