"""Forgotten password: request, link, new password; sessions and tokens end, and no page tells who has an account."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings
from time_machine import TimeMachineFixture

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.mailing.resets import link_for
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import issue_token
from sensorfusion.clock import utc_now
from sensorfusion.mail.models import OutboxMessage
from tests.announced import announced
from tests.conftest import PASSWORD, Cast
from tests.mail.conftest import mail_settings

__all__ = ["mail_settings"]
pytestmark = pytest.mark.usefixtures("mail_settings")
NEW = "a fresh horse battery"


def opened(client: Client, link: str) -> str:
    """Follow the link; return the address of the form, which has no token."""
    answer = client.get(link)
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.parametrize("email", ["owner@example.org", "unknown@example.org"])
def test_request_gets_the_same_answer_for_every_address(client: Client, cast: Cast, email: str) -> None:
    answer = client.post("/sign-in/forgotten/", {"email": email})
    page = client.get(answer["Location"])

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert "If there is an account with this address, a link is on its way." in page.text
    [row] = OutboxMessage.objects.all()
    assert (row.kind, row.recipient, row.about, row.text) == ("password_reset", email, "127.0.0.1", "")


def test_link_is_offered_where_one_signs_in(client: Client, cast: Cast) -> None:
    assert 'href="/sign-in/forgotten/"' in client.get("/sign-in/").text


def test_new_password_is_set_by_the_link(client: Client, cast: Cast) -> None:
    link = link_for(cast.owner)
    form = opened(client, link)
    assert link.rstrip("/").rpartition("/")[2] not in client.get(form).text

    answer = client.post(form, {"new": NEW})

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(NEW)
    assert "_auth_user_id" not in client.session
    assert AuditEntry.objects.filter(action=Action.PASSWORD_RESET, by="owner@example.org").count() == 1
    assert list(OutboxMessage.objects.values_list("kind", "recipient")) == [("password_changed", "owner@example.org")]


def test_link_works_once(client: Client, cast: Cast) -> None:
    link = link_for(cast.owner)
    client.post(opened(client, link), {"new": NEW})

    assert client.get(link).status_code == 404
    assert "does not work any more" in client.get(link).text


def test_link_works_for_an_hour(client: Client, cast: Cast, time_machine: TimeMachineFixture) -> None:
    link, now = link_for(cast.owner), utc_now()

    time_machine.move_to(now + timedelta(minutes=59))
    assert client.get(link).status_code == 302
    time_machine.move_to(now + timedelta(minutes=61))
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("changed", ["email", "password", "last_login", "is_active"])
def test_link_ends_with_a_change_of_the_account(client: Client, cast: Cast, changed: str) -> None:
    link = link_for(cast.owner)
    values = {"email": "x@example.org", "password": "x", "last_login": utc_now(), "is_active": False}
    Operator.objects.filter(pk=cast.owner.pk).update(**{changed: values[changed]})

    assert client.get(link).status_code == 404


def test_link_of_another_account_sets_nothing(client: Client, cast: Cast) -> None:
    mine, theirs = link_for(cast.outsider).split("/"), link_for(cast.owner).split("/")
    mixed = "/".join([*theirs[:-2], mine[-2], ""])

    assert client.get(mixed).status_code == 404
    form = opened(client, link_for(cast.outsider)).split("/")
    answer = client.post("/".join([*form[:-3], theirs[-3], *form[-2:]]), {"new": NEW})
    assert answer.status_code == 404
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(PASSWORD)


@pytest.mark.parametrize("number", ["%EF%BC%91", "x" * 500, "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "_", "MQ=="])
def test_link_that_is_none_is_no_error(client: Client, cast: Cast, number: str) -> None:
    assert client.get(f"/sign-in/new-password/{number}/abc-def/").status_code == 404


def test_all_other_sessions_and_tokens_end(client: Client, cast: Cast) -> None:
    elsewhere = Client()
    elsewhere.force_login(cast.owner)
    token = issue_token(operator=cast.owner, label="script", now=utc_now())
    assert elsewhere.get("/account/").status_code == 200

    with announced() as events:
        client.post(opened(client, link_for(cast.owner)), {"new": NEW})

    assert elsewhere.get("/account/").status_code == 302
    assert Client(headers={"Authorization": f"Bearer {token.text}"}).get("/api/v1/auth/me/").status_code == 401
    assert events == [("AccessChanged", {"operator": cast.owner.pk})]


def test_weak_password_is_refused_with_the_reason(client: Client, cast: Cast) -> None:
    form = opened(client, link_for(cast.owner))

    answer = client.post(form, {"new": "owner@example.org"})

    assert answer.status_code == 200
    assert "too similar" in answer.text
    assert client.post(form, {"new": NEW}).status_code == 302


def test_without_a_mail_server_the_command_is_named(client: Client, cast: Cast, settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, email_url="")
    for path in ("/sign-in/", "/sign-in/forgotten/"):
        page = client.get(path).text
        assert "sensorfusion set_password" in page
    assert client.post("/sign-in/forgotten/", {"email": cast.owner.email}).status_code == 200
    assert not OutboxMessage.objects.exists()


def test_signed_in_operator_is_led_to_the_account(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    assert client.get("/sign-in/forgotten/")["Location"] == "/account/"
