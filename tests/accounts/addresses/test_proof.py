"""Proof of an address, and what is not sent before it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from sensorfusion.accounts.addresses.proof import ask_for_proof, prove
from sensorfusion.accounts.mailing import messages
from sensorfusion.accounts.mailing.services import send_test, set_muted, tell
from sensorfusion.accounts.models import Operator, Role
from sensorfusion.alerts.messages.people import ways_by_site
from sensorfusion.documents.mailing.chores import queue_due
from sensorfusion.documents.mailing.models import Every
from sensorfusion.documents.mailing.services import choose
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.sensors.services import register
from sensorfusion.sensors.sites.invitations import accept, invitations_to, invite
from tests.accounts.addresses.conftest import composed
from tests.clients import client_of
from tests.conftest import PASSWORD, Cast

NEW: dict[str, Any] = {"name": "Ada", "email": "ada@example.org", "password": "an unlikely sandwich"}
AS_JSON: dict[str, dict[str, Any]] = {"/api/v1/auth/register/": {"content_type": "application/json"}}
with_mail = pytest.mark.usefixtures("mail_settings")


def unproved(operator: Operator) -> Operator:
    Operator.objects.filter(pk=operator.pk).update(trusted_email="")
    operator.refresh_from_db()
    return operator


def waiting() -> list[tuple[str, str]]:
    return list(OutboxMessage.objects.order_by("id").values_list("kind", "recipient"))


@with_mail
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-up/", "/api/v1/auth/register/"])
def test_new_account_is_made_by_the_link_only(client: Client, path: str) -> None:
    client.post(path, NEW, **AS_JSON.get(path, {}))

    assert not Operator.objects.exists()
    assert waiting() == [("sign_up", "ada@example.org")]


@with_mail
def test_address_that_is_not_proved_gets_nothing_else(cast: Cast, now: datetime) -> None:
    operator = unproved(cast.outsider)

    tell(messages.password_changed(), to=operator)

    with pytest.raises(Refusal) as refusal:
        send_test(operator=operator, now=now)
    assert (refusal.value.code, waiting()) == ("address_not_proved", [])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-up/", "/api/v1/auth/register/"])
def test_without_e_mail_nothing_is_asked_then_or_later(client: Client, settings: Settings, path: str) -> None:
    client.post(path, NEW, **AS_JSON.get(path, {}))

    operator = Operator.objects.get(email="ada@example.org")
    assert (operator.is_trusted, operator.is_proved, waiting()) == (True, False, [])
    assert "onfirmed" not in client.get("/account/").text


@pytest.mark.django_db
@with_mail
def test_account_that_an_administrator_makes_is_vouched_for(now: datetime) -> None:
    operator, _ = register(**NEW, now=now)

    assert (operator.is_trusted, waiting()) == (True, [])


@with_mail
def test_address_is_proved_once_and_for_that_address_only(cast: Cast, now: datetime) -> None:
    operator = unproved(cast.outsider)
    prove(operator=operator, now=now)
    ask_for_proof(operator=operator, now=now)
    assert (operator.is_proved, waiting()) == (True, [])

    Operator.objects.filter(pk=operator.pk).update(email="other@example.org")
    operator.refresh_from_db()

    assert (operator.is_trusted, operator.is_proved) == (False, False)


@with_mail
def test_no_alerts_and_reports_are_sent_to_an_address_that_is_not_proved(cast: Cast, now: datetime) -> None:
    def told() -> set[int]:
        return {way.target[0] for way in ways_by_site([cast.site.pk])[cast.site.pk]}

    choose(by=cast.owner, sensor=cast.sensor, wanted=[Every.DAY], now=now - timedelta(days=3))
    assert cast.owner.pk in told()
    unproved(cast.owner)

    assert cast.owner.pk not in told()
    queue_due(now=now)
    assert waiting() == []
    unproved(cast.owner)
    prove(operator=cast.owner, now=now)
    queue_due(now=now + timedelta(days=1))
    assert waiting() == [("report", "owner@example.org")]


@with_mail
def test_invitation_is_shown_to_the_reader_of_the_address_only(cast: Cast, now: datetime) -> None:
    unknown = unproved(cast.outsider)
    set_muted(operator=unknown, kinds=[Kind.INVITATION])
    made = invite(by=cast.owner, site=cast.site, email=unknown.email, role=Role.VIEWER, now=now)

    # It is sent, because the account may be another person's than the mailbox.
    assert waiting() == [("invitation", "outsider@example.org")]
    assert list(invitations_to(unknown, now=now)) == []
    with pytest.raises(Refusal) as refusal:
        accept(operator=unknown, invitation=made, now=now)
    assert refusal.value.code == "invitation_gone"
    assert client_of(unknown).get("/api/v1/invitations/").json() == []

    prove(operator=unknown, now=now)

    assert list(invitations_to(unknown, now=now)) == [made]


@with_mail
def test_accounts_from_the_release_before_go_on_as_they_were(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    program = client_of(cast.owner)
    with connection.cursor() as cursor:  # the cast's rows must not have pending checks when their tables are altered
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("migrate", "accounts", "0019", verbosity=0)
    call_command("migrate", "accounts", verbosity=0)

    cast.owner.refresh_from_db()
    assert (cast.owner.is_trusted, cast.owner.is_proved) == (True, False)
    assert "Messages are sent to it all the same" in " ".join(client.get("/account/").text.split())
    assert program.get("/api/v1/auth/me/").json()["email"] == "owner@example.org"
    tell(messages.password_changed(), to=cast.owner)
    assert ("password_changed", "owner@example.org") in waiting()


@with_mail
def test_message_is_not_written_any_more_once_the_address_is_proved(cast: Cast, now: datetime) -> None:
    operator = unproved(cast.outsider)
    ask_for_proof(operator=operator, now=now)
    assert list(composed()) == ["outsider@example.org"]

    prove(operator=operator, now=now)

    assert composed() == {}


@with_mail
@pytest.mark.parametrize("path", ["/api/v1/auth/me/"])
def test_the_api_says_whether_the_address_is_confirmed(cast: Cast, now: datetime, path: str) -> None:
    client = client_of(cast.owner)
    assert client.get(path).json()["email_confirmed"] is False

    prove(operator=cast.owner, now=now)
    client.patch(path, {"email_confirmed": False})

    assert client.get(path).json()["email_confirmed"] is True
    assert cast.owner.check_password(PASSWORD)
