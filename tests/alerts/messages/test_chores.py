"""Messages about alerts are deleted after a month, with their attempts, and those that wait are kept."""

from datetime import timedelta

import psycopg
import pytest

from sensorfusion.alerts.messages.chores import KEPT, ForgetAlertMessages
from sensorfusion.alerts.messages.models import AlertAttempt, AlertMessage, AlertNotice
from sensorfusion.events.postgres import conninfo
from tests.alerts.messages.conftest import Office
from tests.clients import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_old_messages_are_deleted_and_waiting_ones_kept(office: Office) -> None:
    office.channel()
    office.fire(office.rule())
    office.later(minutes=1)
    assert (AlertMessage.objects.count(), AlertAttempt.objects.count(), AlertNotice.objects.count()) == (1, 1, 1)
    waiting = AlertMessage.objects.create(
        operator=office.cast.owner, created_at=NOW, expires_at=NOW, next_attempt_at=NOW
    )
    chore = ForgetAlertMessages(lambda: NOW + KEPT - timedelta(days=1))
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        assert not chore.run(connection)
    assert AlertMessage.objects.count() == 2

    with psycopg.connect(conninfo(), autocommit=True) as connection:
        ForgetAlertMessages(lambda: NOW + KEPT + timedelta(days=1)).run(connection)

    assert list(AlertMessage.objects.all()) == [waiting]
    assert not AlertAttempt.objects.exists()
    assert not AlertNotice.objects.exists()
