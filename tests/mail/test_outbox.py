"""The outbox: a row is committed with what it is about, or not at all, and no address fills it."""

from datetime import timedelta

import pytest
from django.db import transaction

from sensorfusion.accounts.mailing import messages
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.mail.outbox import (
    DROPPED,
    MOST_WAITING,
    given_up_for,
    last_about,
    queue,
    queue_again,
    queue_uncomposed,
    waiting,
)
from tests.clients import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_settings")]


def a_row(**changes: object) -> OutboxMessage:
    given = {
        "kind": Kind.TEST, "recipient": "ada@example.org", "recipient_key": "ada@example.org", "subject": "S",
        "text": "T", "html": "<p>T</p>", "created_at": NOW, "next_attempt_at": NOW,
        "expires_at": NOW + timedelta(days=1),
    }  # fmt: skip
    return OutboxMessage.objects.create(**{**given, **changes})


def test_what_is_rolled_back_is_not_queued() -> None:
    with transaction.atomic():
        queue(messages.test(), to="ada@example.org")
        transaction.set_rollback(True)

    assert not OutboxMessage.objects.exists()


def test_message_is_queued_with_its_text_and_its_end() -> None:
    queue(messages.test(), to="Ada@Example.org", about="x" * 100)

    [row] = OutboxMessage.objects.all()
    assert (row.kind, row.recipient, row.recipient_key) == ("test", "Ada@Example.org", "ada@example.org")
    assert row.expires_at - row.created_at == timedelta(hours=1)
    assert "reaches you" in row.text
    assert len(row.about) == 64
    assert row.state == "waiting"


def test_further_messages_to_an_address_are_dropped_while_many_wait() -> None:
    before = DROPPED.values[()]
    for _ in range(MOST_WAITING + 3):
        queue_uncomposed(Kind.PASSWORD_RESET, to="ada@example.org")
    queue_uncomposed(Kind.PASSWORD_RESET, to="bob@example.org")

    assert waiting().filter(recipient_key="ada@example.org").count() == MOST_WAITING
    assert waiting().filter(recipient_key="bob@example.org").count() == 1
    assert DROPPED.values[()] == before + 3


def test_sent_and_given_up_messages_do_not_wait() -> None:
    a_row(sent_at=NOW)
    dead = a_row(given_up_at=NOW)
    alive = a_row()

    assert list(waiting()) == [alive]
    assert list(given_up_for("ADA@example.org")) == [dead]
    assert list(given_up_for("bob@example.org")) == []


def test_given_up_message_can_be_sent_again() -> None:
    dead, sent = a_row(given_up_at=NOW, attempts=8, last_error="no"), a_row(sent_at=NOW)

    assert queue_again(OutboxMessage.objects.all(), now=NOW) == 1

    assert [row.pk for row in waiting()] == [dead.pk]
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_newest_message_about_something_is_found() -> None:
    a_row(about="invitation 1", sent_at=NOW)
    newest = a_row(about="invitation 1", created_at=NOW + timedelta(seconds=1))
    a_row(about="invitation 2")

    assert last_about(["invitation 1", "invitation 3"]) == {"invitation 1": newest}
