"""Closing an account on its page, and handing a site over with the other's consent before."""

from datetime import datetime

import pytest
from django.test import Client

from sensorfusion.accounts.models import Invitation, Membership, Operator, Role
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.sites.invitations import accept
from tests.announced import announced
from tests.clients import client_of
from tests.conftest import PASSWORD, Cast
from tests.mail.conftest import mail_settings

__all__ = ["mail_settings"]
CLOSE = "/account/close/"


def signed_in(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def give(operator: Operator) -> dict[str, str]:
    return {"typed": operator.email, "password": PASSWORD}


@pytest.mark.usefixtures("mail_settings")
def test_an_account_is_closed_with_its_address_and_password(cast: Cast) -> None:
    client = signed_in(cast.member)

    with announced() as sent:
        answer = client.post(CLOSE, {"typed": "Member@example.org", "password": PASSWORD}, follow=True)

    assert not Operator.objects.filter(pk=cast.member.pk).exists()
    assert "Your account is closed." in answer.text
    assert ("AccessChanged", {"operator": cast.member.pk}) in sent
    assert list(OutboxMessage.objects.values_list("kind", "recipient")) == [("account_closed", "member@example.org")]


@pytest.mark.parametrize(
    ("typed", "password", "words"),
    [
        ("member@example.org", PASSWORD, "not the e-mail address of this account"),
        ("owner@example.org", "wrong", "The password is wrong."),
        ("owner@example.org", PASSWORD, "You are the only owner of Orchard"),
    ],
)
def test_an_account_is_not_closed_otherwise(cast: Cast, typed: str, password: str, words: str) -> None:
    answer = signed_in(cast.owner).post(CLOSE, {"typed": typed, "password": password})

    assert answer.status_code == 400
    assert words in answer.text
    assert Operator.objects.filter(pk=cast.owner.pk).exists()


def test_page_says_what_becomes_of_each_site(cast: Cast) -> None:
    page = signed_in(cast.outsider).get(CLOSE).text
    assert "Is deleted" in page
    assert cast.other_site.name in page
    assert cast.site.name not in page
    assert "Stays" in signed_in(cast.member).get(CLOSE).text

    assert Client().get(CLOSE)["Location"] == "/sign-in/?next=/account/close/"


def test_site_is_handed_over_with_the_consent_of_its_new_owner(cast: Cast, now: datetime) -> None:
    client = signed_in(cast.owner)
    assert "You are the only owner of <b>Orchard</b>" in client.get(CLOSE).text
    client.post(f"/sites/{cast.site.uuid}/members/", {"email": "member@example.org", "role": "owner"})
    assert "Asked: member@example.org." in client.get(CLOSE).text
    assert client.post(CLOSE, give(cast.owner)).status_code == 400

    answer = signed_in(cast.member).post(f"/invitations/{Invitation.objects.get().uuid}/answer/", {"to": "accept"})

    assert answer.status_code == 302
    assert Membership.objects.get(operator=cast.member, site=cast.site).role == Role.OWNER
    assert client.post(CLOSE, give(cast.owner)).status_code == 302
    assert Site.objects.filter(pk=cast.site.pk).exists()
    assert Membership.objects.filter(site=cast.site).count() == 2


def test_offer_of_ownership_is_one_of_an_owner_to_a_member_who_is_none(cast: Cast, now: datetime) -> None:
    path = f"/api/v1/sites/{cast.site.uuid}/members/"
    assert client_of(cast.editor).post(path, {"email": "member@example.org", "role": "owner"}).status_code == 403
    assert client_of(cast.owner).post(path, {"email": "member@example.org", "role": "editor"}).status_code == 409
    assert client_of(cast.owner).post(path, {"email": "owner@example.org", "role": "owner"}).status_code == 409
    assert client_of(cast.owner).post(path, {"email": "editor@example.org", "role": "owner"}).status_code < 300

    offer = Invitation.objects.get()
    with announced() as sent:
        accept(operator=cast.editor, invitation=offer, now=now)

    assert ("AccessChanged", {"operator": cast.editor.pk}) in sent
    assert not Invitation.objects.exists()
