"""What closing an account does to each of its sites."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count

from sensorfusion.accounts.models import Membership, Operator
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.sites.membership import has_owner


class Fate(StrEnum):
    DELETED = "deleted"  # it has no other member
    LEFT = "left"  # it has another owner
    NEEDS_OWNER = "needs_owner"  # others are members, and none is an owner


@dataclass(frozen=True, slots=True)
class SiteAtClosing:
    site: Site
    fate: Fate
    others: list[Membership]
    sensors: int


def sites_at_closing(operator: Operator) -> list[SiteAtClosing]:
    """Return the operator's sites, those that prevent closing first."""
    found = Site.objects.filter(memberships__operator=operator)
    counts = dict(found.annotate(counted=Count("sensors", distinct=True)).values_list("pk", "counted"))
    memberships: dict[int, list[Membership]] = {pk: [] for pk in counts}
    for each in Membership.objects.filter(site__in=list(counts)).select_related("operator").order_by("since", "id"):
        if each.operator_id != operator.pk:
            memberships[each.site_id].append(each)
    planned = [
        SiteAtClosing(site, fate_of(memberships[site.pk]), memberships[site.pk], counts[site.pk])
        for site in found.order_by("name", "id")
    ]
    order = [Fate.NEEDS_OWNER, Fate.DELETED, Fate.LEFT]
    return sorted(planned, key=lambda each: order.index(each.fate))


def fate_of(others: Iterable[Membership]) -> Fate:
    """Return what becomes of a site that has these other members."""
    listed = list(others)
    if not listed:
        return Fate.DELETED
    return Fate.LEFT if has_owner(listed) else Fate.NEEDS_OWNER
