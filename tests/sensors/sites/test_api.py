from uuid import uuid4

import pytest

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.sensors.models import Site
from tests.clients import anybody, client_of
from tests.conftest import Cast

SITES = "/api/v1/sites/"


def address(site: Site) -> str:
    return f"{SITES}{site.uuid}/"


def member(cast: Cast, operator: Operator) -> str:
    return f"{address(cast.site)}members/{operator.uuid}/"


# Sites


@pytest.mark.parametrize(("who", "role"), [("owner", "owner"), ("editor", "editor"), ("member", "viewer")])
def test_members_see_the_site_and_what_they_are_there(cast: Cast, who: str, role: str) -> None:
    client = client_of(getattr(cast, who))

    body = client.get(address(cast.site)).json()

    assert (body["id"], body["name"], body["role"], body["sensor_count"]) == (str(cast.site.uuid), "Orchard", role, 1)
    assert client.get(SITES).json()["results"] == [body]


def test_outsider_sees_nothing(cast: Cast) -> None:
    client = client_of(cast.outsider)

    assert [site["name"] for site in client.get(SITES).json()["results"]] == ["Harbour"]
    for path in (address(cast.site), address(cast.site) + "members/", f"{SITES}{uuid4()}/"):
        assert client.get(path).status_code == 404


def test_nobody_sees_anything_without_signing_in(cast: Cast) -> None:
    for path in (SITES, address(cast.site), address(cast.site) + "members/"):
        assert anybody().get(path).status_code == 401


def test_anybody_signed_in_makes_a_site_and_owns_it(cast: Cast) -> None:
    client = client_of(cast.member)

    answer = client.post(SITES, {"name": "Balcony", "time_zone": "Europe/Warsaw", "latitude": 52, "longitude": 21})

    assert answer.status_code == 201
    assert (answer.json()["role"], answer.json()["sensor_count"]) == ("owner", 0)
    assert client.get(f"{SITES}{answer.json()['id']}").status_code == 200
    assert client_of(cast.owner).get(f"{SITES}{answer.json()['id']}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"latitude": 91}, "latitude"),
        ({"longitude": -181}, "longitude"),
        ({"elevation_m": "high"}, "elevation_m"),
        ({"name": "nul\x00"}, "name"),
    ],
)
def test_site_that_cannot_be_says_what_is_wrong(cast: Cast, wrong: dict[str, object], field: str) -> None:
    answer = client_of(cast.owner).patch(address(cast.site), wrong)

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_owners_and_editors_change_the_site(cast: Cast, who: str) -> None:
    answer = client_of(getattr(cast, who)).patch(address(cast.site), {"notice": "Harvest week", "time_zone": "UTC"})

    assert answer.status_code == 200
    assert (answer.json()["notice"], answer.json()["role"]) == ("Harvest week", who)
    cast.site.refresh_from_db()
    assert cast.site.time_zone == "UTC"


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("outsider", 404)])
def test_viewers_and_outsiders_change_nothing(cast: Cast, who: str, status: int) -> None:
    client = client_of(getattr(cast, who))

    assert client.patch(address(cast.site), {"name": "Mine"}).status_code == status
    assert client.put(address(cast.site), {"name": "Mine"}).status_code == status
    assert client.delete(address(cast.site)).status_code == status
    cast.site.refresh_from_db()
    assert cast.site.name == "Orchard"


def test_only_owners_delete_the_site(cast: Cast) -> None:
    assert client_of(cast.editor).delete(address(cast.site)).status_code == 403
    assert client_of(cast.owner).delete(address(cast.site)).status_code == 204
    assert list(Site.objects.all()) == [cast.other_site]


def test_role_cannot_be_written_through_the_site(cast: Cast) -> None:
    client_of(cast.editor).patch(address(cast.site), {"role": "owner"})

    assert Membership.objects.get(operator=cast.editor).role == Role.EDITOR


# Members


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_members_see_each_other(cast: Cast, who: str) -> None:
    answer = client_of(getattr(cast, who)).get(address(cast.site) + "members")

    assert [(each["operator"]["email"], each["role"]) for each in answer.json()] == [
        ("owner@example.org", "owner"),
        ("editor@example.org", "editor"),
        ("member@example.org", "viewer"),
    ]
    assert {"id", "email", "name"} == set(answer.json()[0]["operator"])


@pytest.mark.parametrize("email", ["outsider@example.org", "nobody@example.org"])
def test_owner_invites_somebody_with_or_without_an_account(cast: Cast, email: str) -> None:
    answer = client_of(cast.owner).post(address(cast.site) + "members/", {"email": email})

    assert answer.status_code == 201
    assert (answer.json()["role"], answer.json()["status"], answer.json()["email"]) == ("viewer", "invited", email)
    assert client_of(cast.outsider).get(address(cast.site)).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": "member@example.org"}, 409, "already_member"),
        ({"email": "outsider@example.org", "role": "king"}, 400, "invalid"),
        ({}, 400, "invalid"),
    ],
)
def test_invitation_that_cannot_be_says_why(cast: Cast, body: dict[str, str], status: int, code: str) -> None:
    answer = client_of(cast.owner).post(address(cast.site) + "members/", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(("who", "status"), [("editor", 403), ("member", 403), ("outsider", 404)])
def test_only_owners_change_who_belongs(cast: Cast, who: str, status: int) -> None:
    client = client_of(getattr(cast, who))

    invited = client.post(address(cast.site) + "members/", {"email": "outsider@example.org", "role": "owner"})

    assert invited.status_code == status
    assert client.patch(member(cast, cast.owner), {"role": "viewer"}).status_code == status
    assert client.delete(member(cast, cast.owner)).status_code == status
    assert Membership.objects.get(operator=cast.owner).role == Role.OWNER


def test_owner_changes_a_role(cast: Cast) -> None:
    answer = client_of(cast.owner).patch(member(cast, cast.member), {"role": "editor"})

    assert answer.status_code == 200
    assert answer.json()["role"] == "editor"
    assert Membership.objects.get(operator=cast.member).role == Role.EDITOR


def test_removed_member_sees_nothing(cast: Cast) -> None:
    assert client_of(cast.owner).delete(member(cast, cast.member)).status_code == 204
    assert client_of(cast.member).get(address(cast.site)).status_code == 404


def test_member_leaves(cast: Cast) -> None:
    assert client_of(cast.member).delete(member(cast, cast.member)).status_code == 204
    assert not Membership.objects.filter(operator=cast.member).exists()


def test_last_owner_stays(cast: Cast) -> None:
    client = client_of(cast.owner)

    for answer in (
        client.delete(member(cast, cast.owner)),
        client.patch(member(cast, cast.owner), {"role": "viewer"}),
    ):
        assert answer.status_code == 409
        assert answer.json()["code"] == "last_owner"


def test_somebody_who_does_not_belong_cannot_be_changed(cast: Cast) -> None:
    client = client_of(cast.owner)

    assert client.patch(member(cast, cast.outsider), {"role": "editor"}).status_code == 404
    assert client.delete(member(cast, cast.outsider)).status_code == 404
    assert Membership.objects.filter(operator=cast.outsider).count() == 1
