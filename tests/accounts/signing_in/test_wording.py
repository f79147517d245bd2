"""Texts of other packages are worded by our catalogue."""

from django.test import Client

from tests.accounts.signing_in.conftest import Phone


def test_other_ways_of_confirming_are_named_like_buttons(phone: Phone, browser: Client) -> None:
    page = browser.get("/account/confirm/", headers={"Accept-Language": "de"}).text

    assert ">Authenticator-App oder Code verwenden<" in page


def test_a_wrong_password_is_said_in_our_words(phone: Phone, browser: Client) -> None:
    page = browser.post("/account/confirm/", {"password": "another one"}, headers={"Accept-Language": "de"}).text

    assert "Das Passwort ist falsch." in page
