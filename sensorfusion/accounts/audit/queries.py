"""Entries of the audit log: those of a site, for its owners, and those of one's own actions."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Model, Q, QuerySet

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.models import Operator

KEPT: Final = timedelta(days=365)


def entries_of_site(site: Model, *, now: datetime) -> QuerySet[AuditEntry]:
    """Select what was done at a site, the newest first."""
    return _kept(now).filter(site_id=site.pk)


def entries_of(operator: Operator, *, now: datetime) -> QuerySet[AuditEntry]:
    """Select what was done with an operator's account, at any site, the newest first."""
    return _kept(now).filter(operator=operator)


def entries_of_all(*, action: str = "", search: str = "", now: datetime) -> QuerySet[AuditEntry]:
    """Select what was done by anyone, the newest first: one kind of action, or a part of who, what, where or whence."""
    found = _kept(now).select_related("site")
    if action:
        found = found.filter(action=action)
    if search:
        parts = [Q(**{f"{name}__icontains": search}) for name in ("by", "subject", "address", "site__name")]
        found = found.filter(reduce(or_, parts))
    return found


def _kept(now: datetime) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(at__gt=now - KEPT).order_by("-at", "-id")
