"""Acts that need the second factor, if the account has one, within the last five minutes."""

from datetime import timedelta

import pytest
from django.test import Client

from sensorfusion.accounts.models import Operator
from tests.accounts.signing_in.conftest import Phone
from tests.conftest import PASSWORD, Cast

EMAIL = {"email": "new@example.org", "password": PASSWORD}
PASSWORDS = {"current": PASSWORD, "new": "a fresh horse battery"}
CLOSING = {"typed": "outsider@example.org", "password": PASSWORD}
ACTS = [("/account/email/", EMAIL), ("/account/password/", PASSWORDS), ("/account/close/", CLOSING)]


@pytest.mark.parametrize(("path", "given"), ACTS)
def test_password_alone_is_not_enough_for_an_account_with_a_factor(
    browser: Client, phone: Phone, cast: Cast, path: str, given: dict[str, str]
) -> None:
    phone.clock.move_to(phone.at + timedelta(minutes=6), tick=False)
    before = Operator.objects.filter(pk=cast.owner.pk).values("email", "password").get()

    answer = browser.post(path, given)

    assert answer["Location"].startswith("/account/confirm/code/?next=%2Faccount%2F")
    assert Operator.objects.filter(pk=cast.owner.pk).values("email", "password").get() == before


def test_it_is_enough_for_five_minutes_after_a_code(browser: Client, phone: Phone, cast: Cast) -> None:
    answer = browser.post("/account/confirm/code/?next=/account/", {"code": phone.code(), "next": "/account/"})
    assert answer["Location"] == "/account/"

    phone.clock.move_to(phone.at + timedelta(minutes=4), tick=False)
    browser.post("/account/email/", EMAIL)

    assert Operator.objects.get(pk=cast.owner.pk).email == "new@example.org"


def test_page_of_closing_asks_for_the_code_first(browser: Client, phone: Phone) -> None:
    phone.clock.move_to(phone.at + timedelta(minutes=6), tick=False)

    answer = browser.get("/account/close/")

    assert answer["Location"] == "/account/confirm/code/?next=%2Faccount%2Fclose%2F"
