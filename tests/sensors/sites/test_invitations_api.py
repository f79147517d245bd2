from uuid import uuid4

import pytest

from sensorfusion.accounts.models import Membership, Role
from tests.clients import client_of
from tests.conftest import Cast

MINE = "/api/v1/invitations/"


@pytest.fixture
def made(cast: Cast) -> str:
    body = {"email": "outsider@example.org", "role": "editor"}
    return str(client_of(cast.owner).post(f"/api/v1/sites/{cast.site.uuid}/members/", body).json()["id"])


def test_the_invited_person_sees_and_accepts_it(cast: Cast, made: str) -> None:
    client = client_of(cast.outsider)

    (shown,) = client.get(MINE).json()
    accepted = client.post(f"{MINE}{made}/accept/")

    assert (shown["id"], shown["site_name"], shown["invited_by"], shown["role"]) == (made, "Orchard", "Owner", "editor")
    assert (accepted.json()["role"], accepted.json()["status"]) == ("editor", "member")
    assert Membership.objects.get(site=cast.site, operator=cast.outsider).role == Role.EDITOR
    assert client.get(MINE).json() == []
    assert client.post(f"{MINE}{made}/accept/").status_code == 404


def test_the_invited_person_declines_it(cast: Cast, made: str) -> None:
    assert client_of(cast.outsider).post(f"{MINE}{made}/decline/").status_code == 204

    (shown,) = client_of(cast.owner).get(f"/api/v1/sites/{cast.site.uuid}/invitations/").json()
    assert shown["status"] == "declined"
    assert not Membership.objects.filter(site=cast.site, operator=cast.outsider).exists()


def test_an_owner_withdraws_it(cast: Cast, made: str) -> None:
    address = f"/api/v1/sites/{cast.site.uuid}/invitations/{made}/"

    assert client_of(cast.editor).delete(address).status_code == 403
    assert client_of(cast.outsider).delete(address).status_code == 404
    assert client_of(cast.owner).delete(address).status_code == 204
    assert client_of(cast.outsider).get(MINE).json() == []


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_to_others_it_does_not_exist(cast: Cast, made: str, who: str) -> None:
    client = client_of(getattr(cast, who))

    assert client.get(MINE).json() == []
    for invitation in (made, uuid4()):
        for answer in ("accept", "decline"):
            assert client.post(f"{MINE}{invitation}/{answer}/").status_code == 404
