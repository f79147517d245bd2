"""Members of a site: the only place that checks permissions before writes, and that changes memberships.

Changes of members lock the site's row until the end of the transaction. Otherwise two owners could leave at the same
time, because each would still see the other one.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.events.control import announce
from sensorfusion.events.messages import AccessChanged
from sensorfusion.sensors import queries
from sensorfusion.sensors.keys.made_by import keys_made_at, revoke_keys_of
from sensorfusion.sensors.models import Key, Sensor, Site
from sensorfusion.sensors.sites.mailing import tell_of_end


def members(site: Site) -> QuerySet[Membership]:
    """Select the members of a site, in the order in which they joined."""
    return Membership.objects.filter(site=site).select_related("operator").order_by("since", "id")


def with_keys(of_site: Iterable[Membership], *, of: Site | None) -> list[tuple[Membership, list[Key]]]:
    """Add the valid keys that each member made at the site, which would go on working without them; None adds none."""
    keys = list(keys_made_at(of)) if of else []
    return [(member, [key for key in keys if key.made_by_id == member.operator_id]) for member in of_site]


def require_editor(*, by: Operator, site: Site) -> None:
    """Check that the operator may change the site and its sensors.

    :raises Refusal: `not_allowed`.
    """
    if not queries.may_edit(operator=by, site=site):
        raise Refusal(
            "not_allowed", gettext("You may view this site but not change it. Ask an owner to make you an editor.")
        )


def require_owner(*, by: Operator, site: Site) -> None:
    """Check that the operator may manage the site's members.

    :raises Refusal: `not_allowed`.
    """
    if not queries.may_own(operator=by, site=site):
        raise Refusal("not_allowed", gettext("Only an owner of the site may do this."))


def require_mover(*, by: Operator, sensor: Sensor, site: Site) -> None:
    """Check that the operator may move a sensor to a site. With it, its history and device leave its present site.

    :raises Refusal: `not_allowed`.
    """
    if not queries.may_own(operator=by, site=sensor.site):
        raise Refusal(
            "not_allowed", gettext("Only an owner of its site may move a sensor to another one."), field="site"
        )
    require_editor(by=by, site=site)


def join(*, operator: Operator, site: Site, role: Role, now: datetime) -> Membership:
    """Create a membership and announce it; callers check permissions."""
    membership = Membership.objects.create(operator=operator, site=site, role=role, since=now)
    announce(AccessChanged(operator=operator.pk))
    return membership


def has_owner(of_site: Iterable[Membership]) -> bool:
    """Return whether there is an owner among these members of a site."""
    return any(each.role == Role.OWNER for each in of_site)


def require_joining(*, site: Site, email: str, role: Role) -> Membership | None:
    """Return the member with this address whom an invitation makes an owner; None if it makes a new member.

    :raises Refusal: `already_member`.
    """
    found = Membership.objects.filter(site=site, operator__email_key=email_key(email))
    member = found.select_related("operator").first()
    if member is not None and (role is not Role.OWNER or member.role == Role.OWNER):
        raise Refusal("already_member", field="email")
    return member


def promote(membership: Membership) -> Membership:
    """Make a member an owner and announce it; callers check that both sides agreed."""
    membership.role = Role.OWNER
    membership.save(update_fields=["role"])
    announce(AccessChanged(operator=membership.operator_id))
    return membership


@transaction.atomic
def change_role(*, by: Operator, membership: Membership, role: Role) -> Membership:
    """Change a member's role.

    :raises Refusal: `not_allowed`, or `last_owner` if the site would have no owner.
    """
    hold(membership.site)
    require_owner(by=by, site=membership.site)
    if role is not Role.OWNER:
        _require_another_owner(membership)
    if membership.role == role:
        return membership
    record(
        Action.ROLE_CHANGED,
        by=by,
        site=membership.site,
        subject=f"{membership.operator.email}: {membership.role} → {role}",
    )
    membership.role = role
    membership.save(update_fields=["role"])
    announce(AccessChanged(operator=membership.operator_id))
    return membership


@transaction.atomic
def remove_member(*, by: Operator, membership: Membership, now: datetime, revoke_keys: bool = False) -> None:
    """Remove a member and end their open live streams of the site. Owners may remove anyone, others only themselves.

    The keys that they made go on working, because devices have them, unless `revoke_keys` is given.

    :raises Refusal: `not_allowed`, or `last_owner` if the site would have no owner.
    """
    hold(membership.site)
    leaves = membership.operator_id == by.pk
    if not leaves:
        require_owner(by=by, site=membership.site)
    _require_another_owner(membership)
    if revoke_keys:
        require_editor(by=by, site=membership.site)
        revoke_keys_of(membership.operator, by=by, site=membership.site, now=now)
    action = Action.MEMBER_LEFT if leaves else Action.MEMBER_REMOVED
    record(action, by=by, site=membership.site, subject=membership.operator.email)
    if not leaves:
        tell_of_end(operator=membership.operator, site=membership.site)
    membership.delete()
    announce(AccessChanged(operator=membership.operator_id))


def hold(*sites: Site) -> None:
    """Block other changes of these sites' members until the transaction ends."""
    held = Site.objects.filter(pk__in=[site.pk for site in sites]).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))


def hold_sites_of(operator: Operator) -> list[Site]:
    """Return the sites that the operator is a member of, with other changes of their members blocked."""
    sites = list(Site.objects.filter(memberships__operator=operator))
    hold(*sites)
    return sites


def _require_another_owner(membership: Membership) -> None:
    owners = Membership.objects.filter(site=membership.site, role=Role.OWNER).values_list("operator_id", flat=True)
    if list(owners) == [membership.operator_id]:
        raise Refusal("last_owner")
