"""Messages about members: limits of invitations, and what the site's page says of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.mailing.services import set_muted
from sensorfusion.accounts.models import Invitation, Membership, Role
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.sensors.sites.invitations import accept, invitations_to, invite, withdraw
from sensorfusion.sensors.sites.mailing import SENT_BY_OPERATOR, SENT_TO_ADDRESS, about, with_mail
from sensorfusion.sensors.sites.membership import remove_member
from tests.clients import NOW
from tests.conftest import Cast
from tests.mail.conftest import mail_settings

__all__ = ["mail_settings"]
pytestmark = pytest.mark.usefixtures("mail_settings")


def invited(cast: Cast, email: str = "guest@example.org", *, at: int = 0) -> Invitation:
    now = NOW + timedelta(seconds=at)
    return invite(by=cast.owner, site=cast.site, email=email, role=Role.VIEWER, now=now)


def sent() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("recipient", flat=True))


def test_invitation_is_sent_to_an_address_without_an_account(cast: Cast) -> None:
    invitation = invited(cast)

    [row] = OutboxMessage.objects.all()
    assert (row.recipient, row.about) == ("guest@example.org", about(invitation))
    assert "Site: “Orchard”\nAs: Viewer\nInvited by: owner@example.org\n" in row.text
    assert "https://sensors.example.org/invitations/" in row.text
    assert str(invitation.uuid) not in row.text


def test_invitation_of_a_reader_who_turned_them_off_is_on_their_page_only(cast: Cast) -> None:
    set_muted(operator=cast.outsider, kinds=[Kind.INVITATION])

    invited(cast, "Outsider@example.org")

    assert sent() == []
    assert invitations_to(cast.outsider, now=NOW).count() == 1


def test_operator_sends_a_limited_number_of_invitations(cast: Cast) -> None:
    for number in range(SENT_BY_OPERATOR + 3):
        invited(cast, f"x{number}@example.org")

    assert len(sent()) == SENT_BY_OPERATOR
    assert Invitation.objects.count() == SENT_BY_OPERATOR + 3


def test_address_is_sent_a_limited_number_of_invitations_by_all_together(cast: Cast) -> None:
    for number in range(SENT_TO_ADDRESS + 2):
        withdraw(by=cast.owner, invitation=invited(cast, at=number))
    invite(by=cast.outsider, site=cast.other_site, email="GUEST@example.org", role=Role.VIEWER, now=NOW)

    assert sent() == ["guest@example.org"] * SENT_TO_ADDRESS


def test_owners_are_told_of_a_new_member_and_members_are_not(cast: Cast) -> None:
    Membership.objects.filter(operator=cast.editor).update(role=Role.OWNER)
    invitation = invited(cast, cast.outsider.email)
    OutboxMessage.objects.all().delete()

    accept(operator=cast.outsider, invitation=invitation, now=NOW)

    assert sorted(sent()) == ["editor@example.org", "owner@example.org"]


def test_member_who_leaves_is_not_told(cast: Cast) -> None:
    of_member = Membership.objects.get(operator=cast.member, site=cast.site)

    remove_member(by=cast.member, membership=of_member, now=NOW)

    assert sent() == []


def test_name_of_a_site_that_looks_like_a_link_is_not_sent(cast: Cast) -> None:
    cast.site.name = "Win at evil.example/now"
    cast.site.save()

    invited(cast)

    row = OutboxMessage.objects.get()
    assert "evil" not in row.text + row.html + row.subject


@pytest.mark.parametrize(
    ("became", "said"),
    [
        ({}, "E-mail waits to be sent."),
        ({"sent_at": NOW}, "E-mail sent."),
        ({"given_up_at": NOW, "last_error": "550 <no>"}, "The e-mail was not delivered: 550 &lt;no&gt;"),
        (None, "No e-mail was sent. Tell them to sign in at http://testserver/invitations/"),
    ],
)
def test_owner_sees_what_became_of_the_message(
    client: Client, cast: Cast, became: dict[str, object] | None, said: str
) -> None:
    invitation = invite(by=cast.owner, site=cast.site, email="guest@example.org", role=Role.VIEWER, now=timezone.now())
    rows = OutboxMessage.objects.all()
    _ = rows.delete() if became is None else rows.update(**became)
    assert [each for each, _ in with_mail([invitation])] == [invitation]

    client.force_login(cast.owner)
    assert said in client.get(f"/sites/{cast.site.uuid}/settings/").text
    client.force_login(cast.member)
    assert said not in client.get(f"/sites/{cast.site.uuid}/settings/").text


def test_messages_are_in_the_language_of_their_recipient(cast: Cast) -> None:
    cast.outsider.language = "de"
    cast.outsider.save(update_fields=["language"])

    accept(operator=cast.outsider, invitation=invited(cast, cast.outsider.email), now=NOW)

    invitation, told = OutboxMessage.objects.order_by("id")
    assert (invitation.recipient, told.recipient) == ("outsider@example.org", "owner@example.org")
    assert "Sie sind eingeladen, die Messungen der Sensoren eines Standorts zu sehen." in invitation.text
    assert "Eingeladen von: owner@example.org\n" in invitation.text
    assert "A site of yours has a new member." in told.text
