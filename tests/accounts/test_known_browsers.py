"""A browser that was signed in is known, and no other can say so of itself."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from sensorfusion.accounts.known_browsers import COOKIE, MOST, knows, remember
from tests.conftest import PASSWORD, Cast


def request_with(cookie: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie
    return request


def remembered(*emails: str) -> str:
    cookie = ""
    for email in emails:
        answer = HttpResponse()
        remember(answer, request_with(cookie), email)
        cookie = answer.cookies[COOKIE].value
    return cookie


def test_browser_is_known_for_its_accounts_only() -> None:
    request = request_with(remembered("ada@example.org", "grace@example.org"))

    assert knows(request, "ada@example.org")
    assert knows(request, " ADA@example.org")
    assert not knows(request, "alan@example.org")
    assert not knows(request, "")


def test_number_of_accounts_is_limited() -> None:
    request = request_with(remembered(*(f"{number}@example.org" for number in range(MOST + 1))))

    assert not knows(request, "0@example.org")
    assert knows(request, f"{MOST}@example.org")


@pytest.mark.parametrize("cookie", ["", "nonsense", "WyJhIl0:1abcde:forged"])
def test_forged_cookie_is_none(cookie: str) -> None:
    assert not knows(request_with(cookie), "ada@example.org")


def test_changed_cookie_is_none() -> None:
    assert not knows(request_with(remembered("ada@example.org")[:-2]), "ada@example.org")


@pytest.mark.django_db
def test_cookie_is_set_by_a_sign_in_and_not_by_a_wrong_password(client: Client, cast: Cast) -> None:
    client.post("/sign-in/", {"email": cast.owner.email, "password": "wrong"})
    assert COOKIE not in client.cookies

    client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD})

    assert client.cookies[COOKIE]["httponly"]
    assert cast.owner.email not in client.cookies[COOKIE].value
