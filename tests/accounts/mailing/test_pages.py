"""The account's page for e-mail, with and without a mail server."""

import pytest
from django.test import Client

from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.models import OutboxMessage
from tests.clients import NOW
from tests.conftest import Cast
from tests.mail.conftest import mail_settings
from tests.mail.test_outbox import a_row

__all__ = ["mail_settings"]


@pytest.fixture
def browser(client: Client, cast: Cast) -> Client:
    client.force_login(cast.owner)
    return client


def test_without_a_mail_server_pages_say_so_and_offer_nothing(browser: Client) -> None:
    page = browser.get("/account/").text

    assert "E-mail is not configured on this server" in page
    assert "Send a test message" not in page
    assert browser.post("/account/mail/test/").status_code == 302
    assert not OutboxMessage.objects.exists()


@pytest.mark.usefixtures("mail_settings")
def test_optional_messages_are_turned_off_and_on(browser: Client, cast: Cast) -> None:
    browser.post("/account/mail/", {"wanted": ["invitation"]})
    cast.owner.refresh_from_db()
    assert cast.owner.muted_mail == ["alert", "member_joined", "membership_ended", "report", "sensor_offer"]
    assert browser.get("/account/").text.count('name="wanted"') == 6

    every = ["invitation", "sensor_offer", "member_joined", "membership_ended", "alert", "report"]
    browser.post("/account/mail/", {"wanted": every})
    cast.owner.refresh_from_db()
    assert cast.owner.muted_mail == []


@pytest.mark.usefixtures("mail_settings")
def test_messages_about_security_are_no_choice(browser: Client, cast: Cast) -> None:
    answer = browser.post("/account/mail/", {"wanted": [Kind.PASSWORD_CHANGED]})

    assert answer.status_code == 400
    assert "choose one of the options" in answer.text


@pytest.mark.usefixtures("mail_settings")
def test_test_message_goes_to_ones_own_address(browser: Client, cast: Cast) -> None:
    page = browser.post("/account/mail/test/", {"email": "other@example.org"}, follow=True)

    assert "on its way to owner@example.org" in page.text
    assert [row.recipient for row in OutboxMessage.objects.all()] == ["owner@example.org"]


@pytest.mark.usefixtures("mail_settings")
def test_message_that_was_not_delivered_is_shown_to_its_reader_only(browser: Client, cast: Cast) -> None:
    reason = "The address is refused: 550 <b>no</b> mailbox"
    for recipient in ("owner@example.org", "outsider@example.org"):
        a_row(recipient=recipient, recipient_key=recipient, given_up_at=NOW, last_error=f"{reason} {recipient}")

    page = browser.get("/account/").text

    assert "550 &lt;b&gt;no&lt;/b&gt; mailbox owner@example.org" in page
    assert "outsider" not in page
