"""Registering and closing an account on the pages."""

import pytest
from django.test import Client
from pytest_django import Settings

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Site
from tests.conftest import Cast

NEW = {"name": "Ada", "email": "ada@example.org", "password": "an unlikely sandwich", "time_zone": "Europe/Warsaw"}


@pytest.mark.django_db
def test_a_new_account_has_a_site_in_the_browser_s_time_zone_and_is_signed_in(client: Client) -> None:
    answer = client.post("/sign-up/", NEW)

    operator = Operator.objects.get(email="ada@example.org")
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(operator.pk)
    assert Site.objects.get(memberships__operator=operator).time_zone == "Europe/Warsaw"


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["", "Middle/Earth"])
def test_a_time_zone_that_is_none_is_utc(client: Client, zone: str) -> None:
    client.post("/sign-up/", NEW | {"time_zone": zone})

    assert Site.objects.get().time_zone == "UTC"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "OWNER@example.org"}, "There is already an account"),
        ({"password": "password12"}, "too common"),
        ({"email": "nonsense"}, "must be an address such as"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(
    client: Client, cast: Cast, changed: dict[str, str], words: str
) -> None:
    answer = client.post("/sign-up/", NEW | changed)

    assert words in answer.content.decode()
    assert Operator.objects.count() == 4
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_server_that_takes_no_new_accounts_says_so(client: Client, settings: Settings) -> None:
    settings.SIGNUP = False

    answer = client.post("/sign-up/", NEW)

    assert answer.status_code == 403
    assert "No new accounts" in answer.content.decode()
    assert "/sign-up/" not in client.get("/sign-in/").content.decode()
    assert not Operator.objects.exists()


def test_whoever_is_signed_in_makes_no_other_account(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    assert client.get("/sign-up/")["Location"] == "/"
