"""The page by which administrators invite people to make an account."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from sensorfusion.accounts.signing_up.models import SignUpInvitation
from tests.conftest import Cast
from tests.mail.conftest import mail_settings

__all__ = ["mail_settings"]
pytestmark = pytest.mark.django_db
PAGE = "/administration/invitations/"


def test_link_is_handed_over_and_revoked(cast: Cast, administrator: Client) -> None:
    page = administrator.post(PAGE, {"email": "", "days": "7"}, follow=True).text
    [link] = re.findall(r"http://testserver(/sign-up/invited/[^<]+)", page)
    assert Client().get(link)["Location"] == "/sign-up/"

    administrator.post(f"{PAGE}{SignUpInvitation.objects.get().uuid}/revoke/")

    assert Client().get(link).status_code == 404
    assert link not in administrator.get(PAGE).text


@pytest.mark.usefixtures("mail_settings")
def test_link_that_is_mailed_is_not_shown(administrator: Client) -> None:
    page = administrator.post(PAGE, {"email": "new@example.org", "days": "1"}, follow=True).text

    assert "The link is on its way to new@example.org." in page
    assert "/sign-up/invited/" not in page


def test_used_link_says_by_whom_and_is_not_shown(cast: Cast, administrator: Client) -> None:
    page = administrator.post(PAGE, {"email": "", "days": "7"}, follow=True).text
    [link] = re.findall(r"http://testserver(/sign-up/invited/[^<]+)", page)
    browser = Client()
    browser.get(link)
    browser.post("/sign-up/", {"email": "new@example.org", "password": "an unlikely sandwich"})

    shown = administrator.get(PAGE).text

    assert "Used by new@example.org" in shown
    assert link not in shown


def test_closed_sign_up_is_said(administrator: Client, settings: Settings) -> None:
    settings.SIGNUP = False

    assert "Sign-up is closed by the setting SIGNUP" in administrator.get(PAGE).text


def test_an_address_with_an_account_is_refused(cast: Cast, administrator: Client) -> None:
    assert "They have an account already." in administrator.post(PAGE, {"email": cast.owner.email, "days": "7"}).text
    assert not SignUpInvitation.objects.exists()
