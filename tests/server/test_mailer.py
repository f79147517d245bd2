"""The sender runs in one process at a time, beside the other components, and a message survives the process."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from pytest_django import Settings

from sensorfusion.clock import utc_now
from sensorfusion.config.env import Environment
from sensorfusion.documents.mailing import attached
from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.documents.mailing.services import choose
from sensorfusion.mail import sender
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.readings.storage.chores import Runner
from sensorfusion.server.mailer import mailer
from sensorfusion.server.process import Process
from tests.advisory_locks import holders
from tests.conftest import PASSWORD, Cast
from tests.ingest.conftest import until
from tests.mail.conftest import HOME, SENDER, mail_server
from tests.mail.mail_server import MailServer, text_of
from tests.storing import store

__all__ = ["mail_server"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sockets]


@pytest.fixture
def environment(settings: Settings, mail_server: MailServer) -> Environment:
    settings.PUBLIC_URL = HOME
    given = replace(configured.ENVIRONMENT, email_url=mail_server.url, email_from=SENDER, public_url=HOME)
    settings.ENVIRONMENT = given
    return given


@pytest.fixture
def runners(environment: Environment) -> Iterator[list[Runner]]:
    started: list[Runner] = []
    yield started
    for runner in started:
        runner.stop()


def begin(runners: list[Runner], environment: Environment) -> Runner:
    runner = mailer(environment, now=utc_now)
    assert runner is not None
    runners.append(runner)
    runner.start()
    return runner


def held() -> bool:
    return bool(holders(sender.LOCK))


def test_without_a_mail_server_there_is_no_sender() -> None:
    assert mailer(replace(configured.ENVIRONMENT, email_url=""), now=utc_now) is None


def test_forgotten_password_from_the_page_to_the_new_one(
    runners: list[Runner], environment: Environment, mail_server: MailServer, client: Client, cast: Cast
) -> None:
    begin(runners, environment)
    client.post("/sign-in/forgotten/", {"email": "unknown@example.org"})
    client.post("/sign-in/forgotten/", {"email": "OWNER@example.org"})
    assert mail_server.wait(1)

    [email] = mail_server.emails
    assert mail_server.recipients == ["owner@example.org"]
    link = next(word for word in text_of(email).split() if "new-password" in word)
    form = client.get(link.removeprefix(HOME))["Location"]
    client.post(form, {"new": "a fresh horse battery"})
    assert client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD}).status_code == 200
    answer = client.post("/sign-in/", {"email": cast.owner.email, "password": "a fresh horse battery"})
    assert answer.status_code == 302
    assert mail_server.wait(3)
    assert [each["Subject"] for each in mail_server.emails[1:]] == [
        "Your password was changed",
        "New sign-in to your account",
    ]


def test_a_report_is_sent_with_its_link_to_unsubscribe(
    runners: list[Runner], environment: Environment, mail_server: MailServer, cast: Cast
) -> None:
    choose(by=cast.member, sensor=cast.sensor, wanted=[Every.DAY], now=utc_now() - timedelta(days=9))

    begin(runners, environment)
    begin(runners, environment)

    assert mail_server.wait(1)
    [email] = mail_server.emails
    assert mail_server.recipients == ["member@example.org"]
    assert email["Subject"].startswith("“Orchard station”: ")
    stop = email["List-Unsubscribe"].removeprefix("<").removesuffix(">")
    assert stop in text_of(email)
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Client().post(stop.removeprefix(HOME)).status_code == 200
    assert not ReportSubscription.objects.exists()


def test_the_pdf_of_a_report_is_written_while_no_row_is_locked(
    runners: list[Runner],
    environment: Environment,
    mail_server: MailServer,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = utc_now() - timedelta(days=9)
    store(cast.sensor, [(start + timedelta(hours=step), {"temperature": 4.0}) for step in range(9 * 24)])
    choose(by=cast.member, sensor=cast.sensor, wanted=[Every.DAY], now=start, with_pdf=True)
    locked: list[int] = []

    def printed(*_: Any, **__: Any) -> bytes:
        with psycopg.connect(**connection.get_connection_params()) as other:
            locked.append(len(other.execute("SELECT id FROM mail_outbox FOR UPDATE NOWAIT").fetchall()))
        return b"%PDF-1.7 figures"

    monkeypatch.setattr(attached, "printed", printed)
    begin(runners, environment)

    assert mail_server.wait(1)
    [email] = mail_server.emails
    [file] = list(email.iter_attachments())
    assert (file.get_content_type(), file.get_content()) == ("application/pdf", b"%PDF-1.7 figures")
    assert re.fullmatch(r"report-\d{4}-\d{2}-\d{2}--\d{4}-\d{2}-\d{2}\.pdf", str(file.get_filename()))
    assert locked == [1]


def test_two_processes_send_each_message_once(
    runners: list[Runner], environment: Environment, mail_server: MailServer, client: Client, cast: Cast
) -> None:
    begin(runners, environment)
    begin(runners, environment)
    client.force_login(cast.owner)
    for _ in range(5):
        client.post("/account/mail/test/")

    assert mail_server.wait(5)
    assert not mail_server.wait(6, within_s=0.2)
    assert len({each["Message-ID"] for each in mail_server.emails}) == 5


def test_stop_does_not_wait_for_a_silent_mail_server(
    runners: list[Runner], environment: Environment, mail_server: MailServer, client: Client, cast: Cast
) -> None:
    mail_server.is_silent = True
    runner = begin(runners, environment)
    client.force_login(cast.owner)
    client.post("/account/mail/test/")
    claimed = threading.Event()
    while not OutboxMessage.objects.filter(attempts=1).exists():
        claimed.wait(0.02)

    runner.stop()  # returns within its limits, or the test hangs for the time that SMTP may take

    assert OutboxMessage.objects.get().sent_at is None


async def test_process_sends_while_it_runs(environment: Environment) -> None:
    process = Process()

    await process.started()
    await until(held)
    await process.stop()

    await until(lambda: not held())
