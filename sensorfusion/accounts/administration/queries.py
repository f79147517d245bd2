"""What is open, and what is announced."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from sensorfusion.accounts.administration.models import Announcement, ClosedFeature, Feature
from sensorfusion.accounts.models import Operator
from sensorfusion.events.prepared import Columns, fetch

SHOWN_MOST: Final = 3  # announcements at once on a page
_ANNOUNCEMENTS: Final = Columns(Announcement, "announcement")
_SHOWN: Final = f"""
SELECT {_ANNOUNCEMENTS.sql} FROM announcement WHERE ends_at > %(now)s AND id <> ALL(%(without)s::bigint[])
ORDER BY made_at DESC, id DESC LIMIT %(most)s
"""


def is_administrator(operator: object) -> bool:
    """Return whether a visitor may see and change everything; staff with chosen rights have Django's admin only."""
    return isinstance(operator, Operator) and operator.is_active and operator.is_staff and operator.is_superuser


def closed_features() -> frozenset[Feature]:
    return frozenset(Feature(name) for name in ClosedFeature.objects.values_list("feature", flat=True))


def announced(*, now: datetime) -> QuerySet[Announcement]:
    """Select what stands on pages, the newest first."""
    return Announcement.objects.filter(ends_at__gt=now).order_by("-made_at", "-id")


def shown_announcements(*, now: datetime, without: Collection[int]) -> list[Announcement]:
    """Return what stands on a page whose reader dismissed some of it; by hand, as every page asks it."""
    asked = {"now": now, "without": list(without), "most": SHOWN_MOST}
    return [_ANNOUNCEMENTS.made_of(row) for row in fetch(_SHOWN, asked)]


def ended(*, now: datetime) -> QuerySet[Announcement]:
    """Select what stood on pages, the latest end first."""
    return Announcement.objects.filter(ends_at__lte=now).order_by("-ends_at", "-id")
