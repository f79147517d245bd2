"""Every place that takes a password counts for the account, and forgives what was right."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sensorfusion.accounts.attempts import FROM_ANYWHERE
from sensorfusion.accounts.models import Failures
from sensorfusion.accounts.services import sign_in
from sensorfusion.clock import utc_now
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def _page(name: str, field: str) -> Callable[[Cast, str, str], int]:
    def tried(cast: Cast, password: str, address: str) -> int:
        client = Client(REMOTE_ADDR=address)
        client.force_login(cast.owner)
        given = {"email": "new@example.org", "new": "another-Passw0rd-7", "typed": cast.owner.email, field: password}
        answer = client.post(reverse(name), given)
        return 429 if "Too many attempts" in answer.content.decode() else answer.status_code

    return tried


def _api(method: str, path: str, field: str) -> Callable[[Cast, str, str], int]:
    def tried(cast: Cast, password: str, address: str) -> int:
        token = sign_in(email=cast.owner.email, password=PASSWORD, now=utc_now()).text
        body = {field: password, "new": "another-Passw0rd-7"}
        head = {"Authorization": f"Bearer {token}"}
        send: Any = getattr(Client(REMOTE_ADDR=address), method)
        return int(send(path, body, content_type="application/json", headers=head).status_code)

    return tried


def _login(cast: Cast, password: str, address: str) -> int:
    body = {"email": cast.owner.email, "password": password}
    return Client(REMOTE_ADDR=address).post("/api/v1/auth/login", body, content_type="application/json").status_code


PLACES: dict[str, Callable[[Cast, str, str], int]] = {
    "login": _login,
    "API password": _api("post", "/api/v1/auth/password", "current"),
    "API account": _api("delete", "/api/v1/auth/me", "password"),
    "password": _page("account-password", "current"),
    "email": _page("account-email", "password"),
    "close": _page("account-close", "password"),
}


@pytest.mark.usefixtures("stopped_clock")
@pytest.mark.parametrize("place", PLACES)
def test_failures_anywhere_count_for_the_account(cast: Cast, place: str) -> None:
    statuses = [PLACES[place](cast, "wrong", f"10.0.0.{number}") for number in range(FROM_ANYWHERE + 1)]

    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429
    assert _login(cast, PASSWORD, "203.0.113.1") == 429


@pytest.mark.usefixtures("stopped_clock")
def test_right_password_is_not_counted(cast: Cast) -> None:
    for _ in range(FROM_ANYWHERE + 1):
        assert _login(cast, PASSWORD, "10.0.0.1") == 200

    assert set(Failures.objects.values_list("failures", flat=True)) == {0}


def test_known_browser_signs_in_while_others_guess(cast: Cast, client: Client) -> None:
    given = {"email": cast.owner.email, "password": PASSWORD}
    client.post("/sign-in/", given)
    client.post("/sign-out/")
    for number in range(FROM_ANYWHERE):
        _login(cast, "wrong", f"10.0.0.{number}")

    unknown = Client(REMOTE_ADDR="203.0.113.1").post("/sign-in/", given)
    owners = client.post("/sign-in/", given, REMOTE_ADDR="203.0.113.1")

    assert (unknown.status_code, owners.status_code) == (429, 302)
