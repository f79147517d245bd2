"""What waits and what was given up, of every queue, as the page shows it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from sensorfusion.administration.queues import Queue, queues
from sensorfusion.alerts.messages.models import AlertAttempt, AlertMessage
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.readings.models import ExportJob, ExportState
from sensorfusion.send_on.models import Destination, Progress
from sensorfusion.webhooks.models import Attempt, Delivery
from sensorfusion.webhooks.services import make_webhook
from tests.clients import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
EARLIER = NOW - timedelta(hours=3)


def queue(label: str) -> Queue:
    return next(each for each in queues() if each.label == label)


def mail(*, at: datetime = NOW, **fields: Any) -> None:
    made = {"kind": "sign_in", "recipient": "ada@example.org", "recipient_key": "ada@example.org"}
    OutboxMessage.objects.create(**made, created_at=at, expires_at=NOW, **fields)


def counts(found: Queue) -> tuple[int, datetime | None, int]:
    return found.waiting, found.oldest_at, found.ended_count


def test_nothing_waits_at_first(db: None) -> None:
    assert {counts(each) for each in queues()} == {(0, None, 0)}
    assert {each.trouble for each in queues()} == {""}


def test_mail_waits_is_sent_or_given_up(db: None) -> None:
    mail(at=EARLIER, attempts=1, last_error="Greylisted")
    mail()
    mail(sent_at=NOW, last_error="an error of before")
    mail(given_up_at=NOW, last_error="No such mailbox")

    found = queue("E-mail")

    assert counts(found) == (2, EARLIER, 1)
    assert found.trouble == "No such mailbox"


def test_a_receiver_that_refuses_is_quoted_and_one_that_took_it_is_not(cast: Cast) -> None:
    url = "https://hooks.example.org/"
    webhook = make_webhook(by=cast.owner, site=cast.site, now=NOW, name="x", url=url, events=["readings"]).webhook
    for sent_at, given_up_at, said in ((NOW, None, "was slow"), (None, None, "answered 500"), (None, NOW, "is gone")):
        delivery = Delivery.objects.create(
            webhook=webhook, event="readings", made_at=EARLIER, expires_at=NOW, next_attempt_at=NOW, attempts=1,
            sent_at=sent_at, given_up_at=given_up_at,
        )  # fmt: skip
        Attempt.objects.create(delivery=delivery, at=NOW, is_accepted=False, said=said)
    found = queue("Webhooks")
    assert (*counts(found), found.trouble) == (1, EARLIER, 1, "is gone")

    Delivery.objects.filter(sent_at=None).update(sent_at=NOW, given_up_at=None)

    assert (*counts(queue("Webhooks")), queue("Webhooks").trouble) == (0, None, 0, "")


def test_messages_about_alerts_are_counted(cast: Cast) -> None:
    message = AlertMessage.objects.create(
        operator=cast.owner, created_at=EARLIER, expires_at=NOW, next_attempt_at=NOW, attempts=1
    )
    AlertAttempt.objects.create(message=message, at=NOW, is_accepted=False, said="no route")

    found = queue("Messages about alerts")

    assert (*counts(found), found.trouble) == (1, EARLIER, 0, "no route")


def test_networks_that_refuse_are_failing_and_others_may_be_paused(cast: Cast) -> None:
    for failures, is_on in ((2, True), (0, True), (5, False)):
        made = Destination.objects.create(
            sensor=cast.sensor, network="wow", interval_s=300, is_on=is_on, made_by=cast.owner, made_at=NOW
        )
        since = EARLIER if failures else None
        Progress.objects.create(
            destination=made, seq=1, next_at=NOW, failures=failures, failing_since=since, trouble="wrong key"
        )

    found = queue("Networks that readings are sent on to")

    assert (*counts(found), found.trouble) == (1, EARLIER, 1, "wrong key")


def test_imports_run_or_stopped(cast: Cast) -> None:
    for state in ImportState:
        FileImport.objects.create(
            sensor=cast.sensor, file_name="a.csv", state=state, began_at=EARLIER, message="The file is damaged."
        )

    found = queue("Imports of files")

    assert (*counts(found), found.trouble) == (1, EARLIER, 1, "The file is damaged.")


def test_exports_wait_or_failed(cast: Cast) -> None:
    for state in ExportState:
        ExportJob.objects.create(
            operator=cast.owner, of="readings", format="csv", sensors=[cast.sensor.uuid], name="a.csv", state=state,
            made_at=EARLIER, ended_at=NOW, error="The disk is full.",
        )  # fmt: skip

    found = queue("Exports in the background")

    assert (*counts(found), found.trouble) == (2, EARLIER, 1, "The disk is full.")


def test_the_page_and_the_overview_say_it(administrator: Client) -> None:
    mail(given_up_at=NOW, last_error="No such <mailbox>")

    for path in ("/administration/queues/", "/administration/"):
        assert "No such &lt;mailbox&gt;" in administrator.get(path).text


def test_deliveries_that_were_sent_are_not_read(cast: Cast) -> None:
    """Those that wait or were given up are found by partial indexes, which the planner takes once rows are many."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for condition in ("given_up_at IS NOT NULL", "sent_at IS NULL AND given_up_at IS NULL"):
            cursor.execute(f"EXPLAIN SELECT count(*) FROM webhook_delivery WHERE {condition}")
            assert "webhook_delivery_" in "\n".join(row[0] for row in cursor.fetchall())
