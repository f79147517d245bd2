"""Quotas: how much of something a site or an operator may have, and what is said near the limit.

A limit of 0 means that there is none.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sensorfusion.domain.refusals import Refusal

MEGABYTE: Final = 1_000_000
NEAR: Final = 0.8  # the share of a limit from which its owner is told
# Senders ask again at least once an hour: an administrator may have raised the limit.
LONGEST_WAIT: Final = timedelta(hours=1)

Level = Literal["", "quota_near", "quota"]


@dataclass(frozen=True, slots=True)
class Usage:
    """How much is used of one quota; `name` is for programs, `label` for people."""

    name: str
    label: str
    used: int
    limit: int

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
        return f"{self.used:,}"

    @property
    def shown_limit(self) -> str:
        return f"{self.limit:,}" if self.limit else "none"

    @property
    def detail(self) -> str:
        return f"{self.shown_used} of {self.shown_limit} are used."


def is_used_up(used: int, limit: int) -> bool:
    return bool(limit) and used >= limit


def require_room(*, used: int, limit: int, of: str, more: int = 1) -> None:
    """Check that `more` may be added; `of` names the things in the plural.

    :raises Refusal: `limit_reached`.
    """
    if limit and used + more > limit:
        raise Refusal("limit_reached", f"{of} are limited to {limit:,}, and {used:,} are used. Remove some first.")


def seconds_to_next_day(now: datetime, time_zone: str) -> int:
    """Return the seconds until the next day of a time zone begins, an hour at most."""
    zone = ZoneInfo(time_zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    left = datetime.combine(tomorrow, time(), zone) - now
    return max(1, round(min(left, LONGEST_WAIT).total_seconds()))
