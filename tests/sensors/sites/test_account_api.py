import pytest
from pytest_django import Settings

from sensorfusion.accounts.attempts import PER_NETWORK
from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.sensors.models import Site
from tests.clients import anybody, client_of, client_with
from tests.conftest import PASSWORD, Cast

REGISTER, ME = "/api/v1/auth/register", "/api/v1/auth/me/"
ADA = {"email": "ada@example.org", "password": "analytical engine", "name": "Ada", "time_zone": "Europe/London"}


@pytest.mark.parametrize("address", [REGISTER, REGISTER + "/"])
def test_registering_signs_in_and_makes_a_first_site(db: None, address: str) -> None:
    answer = anybody().post(address, ADA)

    assert answer.status_code == 201
    body = answer.json()
    assert body["operator"]["name"] == "Ada"
    sites = client_with(body["token"]).get("/api/v1/sites/").json()["results"]
    assert [(site["name"], site["role"], site["time_zone"]) for site in sites] == [
        ("My site", "owner", "Europe/London")
    ]
    assert "analytical engine" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"email": "OWNER@example.org"}, 409, "email"),
        ({"email": "ada"}, 400, "email"),
        ({"password": "short"}, 400, "password"),
        ({"password": "ada@example.org"}, 400, "password"),
        ({"time_zone": "Mars/Olympus"}, 400, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, 400, "time_zone"),
        ({"name": "x" * 101}, 400, "name"),
    ],
)
def test_registration_that_cannot_be_says_why_and_makes_nothing(
    cast: Cast, changes: dict[str, str], status: int, field: str
) -> None:
    answer = anybody().post(REGISTER, {**ADA, **changes})

    assert answer.status_code == status
    assert field in answer.json()["fields"]
    assert Operator.objects.count() == 4
    assert Site.objects.count() == 2


def test_registering_makes_nobody_an_admin(db: None) -> None:
    anybody().post(REGISTER, {**ADA, "is_admin": True, "is_staff": True, "is_superuser": True})

    operator = Operator.objects.get()
    assert not operator.is_staff
    assert not operator.is_superuser


def test_closed_server_registers_nobody(db: None, settings: Settings) -> None:
    settings.SIGNUP = False

    answer = anybody().post(REGISTER, ADA)

    assert answer.status_code == 403
    assert answer.json()["code"] == "signup_closed"
    assert not Operator.objects.exists()


@pytest.mark.usefixtures("stopped_clock")
def test_registering_again_and_again_is_slowed_down(db: None) -> None:
    answers = [anybody().post(REGISTER, {"email": f"{n}@example.org"}) for n in range(PER_NETWORK + 1)]

    assert answers[-1].status_code == 429


def test_closing_an_account_needs_the_password(cast: Cast) -> None:
    answer = client_of(cast.outsider).delete(ME, {"password": "wrong"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "wrong_password"
    assert Operator.objects.filter(pk=cast.outsider.pk).exists()


def test_closing_an_account_takes_its_own_sites_along(cast: Cast) -> None:
    client = client_of(cast.outsider)

    assert client.delete(ME, {"password": PASSWORD}).status_code == 204
    assert client.get(ME).status_code == 401
    assert list(Site.objects.values_list("name", flat=True)) == ["Orchard"]


def test_only_owner_of_a_shared_site_stays_until_there_is_another(cast: Cast) -> None:
    client = client_of(cast.owner)

    refused = client.delete(ME, {"password": PASSWORD})
    Membership.objects.filter(operator=cast.editor).update(role=Role.OWNER)
    closed = client.delete(ME, {"password": PASSWORD})

    assert refused.status_code == 409
    assert refused.json()["code"] == "last_owner"
    assert "Orchard" in refused.json()["detail"]
    assert closed.status_code == 204
    assert Site.objects.filter(name="Orchard").exists()
