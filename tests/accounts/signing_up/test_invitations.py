"""Invitations to make an account, by administrators."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from sensorfusion.accounts.signing_up.invitations import held, invitation_of, invitations, invite, link_of, revoke, use
from sensorfusion.accounts.signing_up.links import Purpose, token_of
from sensorfusion.accounts.signing_up.models import SignUpInvitation
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.models import OutboxMessage
from tests.clients import NOW
from tests.conftest import Cast
from tests.mail.conftest import mail_settings

__all__ = ["mail_settings"]
WEEK = timedelta(days=7)


def invited(cast: Cast, email: str = "") -> SignUpInvitation:
    return invite(by=cast.owner, email=email, valid_for=WEEK, now=NOW)


def token(invitation: SignUpInvitation) -> str:
    return link_of(invitation).rstrip("/").rpartition("/")[2]


def test_link_works_until_it_ends(cast: Cast) -> None:
    made = invited(cast)

    assert invitation_of(token(made), now=NOW + WEEK - timedelta(seconds=1)) == made
    assert invitation_of(token(made), now=NOW + WEEK) is None


def test_link_works_once(cast: Cast) -> None:
    made = invited(cast)
    use(held(made, email="a@example.org", now=NOW), by=cast.outsider, now=NOW)

    assert invitation_of(token(made), now=NOW) is None
    with pytest.raises(Refusal) as refusal:
        held(made, email="a@example.org", now=NOW)
    assert refusal.value.code == "invitation_gone"
    assert [each.used_by for each in invitations(now=NOW + 10 * WEEK)] == [cast.outsider]


def test_revoked_link_works_no_more_and_a_used_one_is_not_revoked(cast: Cast) -> None:
    made, used = invited(cast), invited(cast)
    use(used, by=cast.outsider, now=NOW)

    revoke(by=cast.owner, invitation=made)

    assert invitation_of(token(made), now=NOW) is None
    with pytest.raises(Refusal):
        revoke(by=cast.owner, invitation=used)


def test_a_token_for_another_purpose_or_of_another_hand_is_none(cast: Cast) -> None:
    made = invited(cast)

    assert invitation_of(token_of(Purpose.CONFIRM, made.uuid), now=NOW) is None
    assert invitation_of(str(made.uuid), now=NOW) is None
    assert invitation_of(token(made)[:-1], now=NOW) is None


def test_it_is_for_the_address_that_it_names(cast: Cast) -> None:
    made = invited(cast, "new@example.org")

    assert held(made, email="NEW@example.org", now=NOW) == made
    with pytest.raises(Refusal) as refusal:
        held(made, email="other@example.org", now=NOW)
    assert refusal.value.code == "signup_by_invitation"


def test_an_address_with_an_account_is_not_invited(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        invited(cast, "OUTSIDER@example.org")
    with pytest.raises(ValidationError):
        invited(cast, "no address")

    assert refusal.value.code == "email_taken"
    assert not SignUpInvitation.objects.exists()


@pytest.mark.usefixtures("mail_settings")
def test_link_is_mailed_to_the_address_and_without_one_to_none(cast: Cast) -> None:
    assert invited(cast).is_mailed is False
    assert invited(cast, "new@example.org").is_mailed is True

    assert list(OutboxMessage.objects.values_list("kind", "recipient", "text")) == [
        ("sign_up_invitation", "new@example.org", "")
    ]


def test_without_e_mail_nothing_is_mailed(cast: Cast) -> None:
    assert invited(cast, "new@example.org").is_mailed is False
    assert not OutboxMessage.objects.exists()
