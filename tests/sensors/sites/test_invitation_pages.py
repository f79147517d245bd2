import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.models import Invitation, Membership, Operator, Role
from sensorfusion.sensors.sites.invitations import invite
from tests.conftest import Cast


@pytest.fixture
def made(cast: Cast) -> Invitation:
    email = cast.outsider.email
    return invite(by=cast.owner, site=cast.site, email=email, role=Role.VIEWER, now=timezone.now())


def signed_in(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def test_the_invited_person_finds_it_on_the_overview_and_accepts_it(cast: Cast, made: Invitation) -> None:
    client = signed_in(cast.outsider)

    assert "You are invited to Orchard" in client.get("/").text
    assert "Owner invites you as viewer" in client.get("/invitations/").text
    answer = client.post(f"/invitations/{made.uuid}/answer/", {"to": "accept"})

    assert answer["Location"] == f"/sites/{cast.site.uuid}/settings/"
    assert Membership.objects.get(operator=cast.outsider, site=cast.site).role == Role.VIEWER
    assert "You are invited" not in client.get("/").text


def test_the_invited_person_declines_it(cast: Cast, made: Invitation) -> None:
    client = signed_in(cast.outsider)

    assert client.post(f"/invitations/{made.uuid}/answer/", {"to": "decline"})["Location"] == "/invitations/"

    assert not Membership.objects.filter(operator=cast.outsider, site=cast.site).exists()
    assert "No invitations." in client.get("/invitations/").text
    assert "Declined" in signed_in(cast.owner).get(f"/sites/{cast.site.uuid}/settings/").text


def test_only_owners_see_and_withdraw_it(cast: Cast, made: Invitation) -> None:
    settings = f"/sites/{cast.site.uuid}/settings/"
    withdraw = f"/sites/{cast.site.uuid}/invitations/{made.uuid}/withdraw/"

    assert made.email not in signed_in(cast.editor).get(settings).text
    assert signed_in(cast.editor).post(withdraw).status_code == 403
    assert signed_in(cast.outsider).post(withdraw).status_code == 404
    assert made.email in signed_in(cast.owner).get(settings).text
    assert signed_in(cast.owner).post(withdraw).status_code == 302
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_nobody_else_answers_it(cast: Cast, made: Invitation, who: str) -> None:
    assert signed_in(getattr(cast, who)).post(f"/invitations/{made.uuid}/answer/", {"to": "accept"}).status_code == 404


def test_the_invitation_is_a_german_sentence_for_readers_of_german(cast: Cast, made: Invitation) -> None:
    client = Client(headers={"accept-language": "de"})
    client.force_login(cast.outsider)

    page = client.get("/invitations/").content.decode()

    assert f"{cast.owner} lädt Sie als Betrachter ein" in page
    assert ">Annehmen</button>" in page
