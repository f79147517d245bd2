"""The messages about members of a site: invitations, new members, and the end of a membership."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext, pgettext

from sensorfusion.accounts.attempts import HOUR, Limit, count_all
from sensorfusion.accounts.mailing.services import muted_by, tell
from sensorfusion.accounts.models import Invitation, Operator, Role
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, address_of, shown_name
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.mail.outbox import is_configured, last_about, queue
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.rights.models import SiteRight
from sensorfusion.web.languages import in_language_of

# With open sign-up, invitations are a way to send e-mail to others. Further ones wait on the invited person's page.
SENT_BY_OPERATOR: Final = 20  # an hour
SENT_TO_ADDRESS: Final = 3  # an hour


def send_invitation(invitation: Invitation, *, by: Operator, now: datetime) -> None:
    """Send an invitation to the address, which need not have an account.

    An account whose address is not proved keeps none from the address's reader, who may be another person.
    """
    invited = operator_by_email(invitation.email)
    is_muted = invited is not None and invited.is_trusted and Kind.INVITATION in muted_by(invited)
    if not is_configured() or is_muted:
        return
    of_operator = Limit(f"invitations by:{by.pk}", SENT_BY_OPERATOR, HOUR)
    to_address = Limit(f"invitations to:{email_key(invitation.email)}", SENT_TO_ADDRESS, HOUR)
    if not count_all([of_operator, to_address], now=now).wait_s:
        with in_language_of(invited or by):
            message = _invitation(invitation, by)
        queue(message, to=invitation.email, about=about(invitation))


def about(invitation: Invitation) -> str:
    """Return what the outbox calls the invitation."""
    return f"invitation {invitation.uuid}"


def with_mail(invitations: Iterable[Invitation]) -> list[tuple[Invitation, OutboxMessage | None]]:
    """Add what became of the message of each invitation; None if none was sent."""
    listed = list(invitations)
    found = last_about([about(each) for each in listed])
    return [(each, found.get(about(each))) for each in listed]


def tell_of_new_member(*, operator: Operator, site: Site, role: Role) -> None:
    """Tell the owners of the site that the operator became a member."""
    owners = SiteRight.objects.filter(site=site, may_own=True).exclude(operator=operator).select_related("operator")
    for each in owners.order_by("operator_id"):
        with in_language_of(each.operator):
            tell(_new_member(operator, site, role), to=each.operator)


def tell_of_end(*, operator: Operator, site: Site) -> None:
    """Tell a former member that they were removed."""
    with in_language_of(operator):
        tell(_ended(site), to=operator)


def _invitation(invitation: Invitation, by: Operator) -> Message:
    return Message(
        kind=Kind.INVITATION,
        subject=gettext("You are invited to a site"),
        sentences=(
            gettext("You are invited to see the readings of a site's sensors. You are a member when you accept."),
            gettext("Sign in with an account of this address, or create one."),
        ),
        facts=(
            (gettext("Site"), _named(invitation.site)),
            (pgettext("before a role", "As"), invitation.get_role_display()),
            (gettext("Invited by"), by.email),
        ),
        link=(gettext("Look at the invitation"), address_of("invitations")),
        advice=gettext("If you do not know who invites you, do nothing: the invitation ends by itself."),
    )


def _new_member(operator: Operator, site: Site, role: Role) -> Message:
    return Message(
        kind=Kind.MEMBER_JOINED,
        subject=gettext("A new member of your site"),
        sentences=(gettext("A site of yours has a new member."),),
        facts=(
            (gettext("Site"), _named(site)),
            (gettext("Member"), operator.email),
            (pgettext("before a role", "As"), str(role.label)),
        ),
        link=(gettext("Look at the members"), address_of("site-settings", site.uuid)),
    )


def _ended(site: Site) -> Message:
    return Message(
        kind=Kind.MEMBERSHIP_ENDED,
        subject=gettext("You are no longer a member of a site"),
        sentences=(
            gettext("Your membership of a site was ended. Your account and your other sites stay as they are."),
        ),
        facts=((gettext("Site"), _named(site)),),
        link=(gettext("Look at your sites"), address_of("overview")),
    )


def _named(site: Site) -> str:
    return shown_name(site.name, gettext("a site whose name is like an address"))
