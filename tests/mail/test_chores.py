"""What became of messages is kept for a month."""

from datetime import timedelta

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.mail.chores import KEPT, ForgetMail
from sensorfusion.mail.models import OutboxMessage
from tests.clients import NOW
from tests.mail.test_outbox import a_row


@pytest.mark.django_db(transaction=True)
def test_old_messages_are_deleted_and_waiting_ones_are_not() -> None:
    old, young = NOW - KEPT, NOW - KEPT + timedelta(seconds=1)
    a_row(created_at=old, sent_at=old)
    a_row(created_at=old, given_up_at=old)
    kept = [a_row(created_at=old), a_row(created_at=young, sent_at=young)]

    with psycopg.connect(conninfo(), autocommit=True) as connection:
        assert ForgetMail(lambda: NOW).run(connection) is False

    assert list(OutboxMessage.objects.order_by("id")) == kept
