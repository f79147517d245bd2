"""The chore that queues the reports that are due, in the outbox: one message for each subscription and period.

What was queued is remembered in the transaction of the message, under a row lock, so a killed process or a second one
queues neither none nor two. After a long time without a sender only the newest period is due.
"""

from datetime import datetime

import psycopg
from django.db import transaction

from sensorfusion.accounts.mailing.services import muted_by
from sensorfusion.clock import Clock
from sensorfusion.documents.mailing import queries
from sensorfusion.documents.mailing.due import due, newest_over
from sensorfusion.documents.mailing.models import MailedReport, ReportSubscription
from sensorfusion.documents.mailing.services import begin_with
from sensorfusion.documents.mailing.wording import about
from sensorfusion.documents.periods import Period
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.outbox import has_room, queue_uncomposed


class QueueReports:
    """Looks once a minute; the sender writes the message when it sends it."""

    name = "queue reports"
    every_s = 60.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        queue_due(now=self._now())  # by the ORM's connection, as all that is queued
        return False


def queue_due(*, now: datetime) -> None:
    """End the subscriptions of readers without a right, and queue the reports that are due for all others."""
    queries.without_right().delete()
    for every, calendar in list(queries.kinds()):
        for restored in queries.of_kind(every, calendar).filter(mailed=None):
            begin_with(restored, newest_over(every, calendar=calendar, now=now).last)
        period = due(every, calendar=calendar, now=now)
        for subscription in queries.sent_before(every, calendar, period.last):
            queue_report(subscription, period)


@transaction.atomic
def queue_report(subscription: ReportSubscription, period: Period) -> bool:
    """Queue the report of a period, if no other process does or did; it waits while the reader's mailbox is full."""
    operator = subscription.operator
    is_muted = Kind.REPORT in muted_by(operator) or not operator.is_trusted
    if not is_muted and not has_room(operator.email):
        return False
    older = MailedReport.objects.filter(subscription=subscription, last__lt=period.last)
    if not older.select_for_update(skip_locked=True).first():
        return False
    older.update(last=period.last)
    if not is_muted:
        queue_uncomposed(Kind.REPORT, to=operator.email, about=about(subscription, period))
    return not is_muted
