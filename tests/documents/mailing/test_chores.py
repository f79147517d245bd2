"""One message for each subscription and period, whatever happens meanwhile."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction

from sensorfusion.accounts.models import Membership
from sensorfusion.documents.mailing import chores
from sensorfusion.documents.mailing.chores import queue_due
from sensorfusion.documents.mailing.models import Every, MailedReport, ReportSubscription
from sensorfusion.documents.mailing.services import choose
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.sensors.models import Site
from tests.clients import NOW
from tests.conftest import Cast
from tests.crash.platform import database_url, environment
from tests.mail.conftest import mail_settings
from tests.patience import PATIENCE_S

__all__ = ["mail_settings"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_settings")]
DAY = timedelta(days=1)


@pytest.fixture
def daily(cast: Cast) -> Cast:
    """The member gets a report of each day in UTC, since 22 November."""
    Site.objects.update(time_zone="UTC")
    cast.sensor.site.refresh_from_db()
    choose(by=cast.member, sensor=cast.sensor, wanted=[Every.DAY], now=NOW)
    return cast


def sent() -> list[str]:
    """Return the last days of the periods that were queued, in order."""
    return [each.about.split()[-1] for each in OutboxMessage.objects.order_by("id")]


def test_each_period_is_queued_once_an_hour_after_it(daily: Cast) -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=NOW.tzinfo)
    for minutes in range(0, 3 * 24 * 60, 30):
        queue_due(now=at + timedelta(minutes=minutes))
        if at + timedelta(minutes=minutes) < datetime(2026, 11, 23, 1, tzinfo=NOW.tzinfo):
            assert sent() == []

    assert sent() == ["2026-11-22", "2026-11-23", "2026-11-24"]
    assert set(OutboxMessage.objects.values_list("recipient", flat=True)) == {daily.member.email}


def test_after_a_long_time_only_the_newest_period_is_due(daily: Cast) -> None:
    queue_due(now=NOW + 40 * DAY)
    queue_due(now=NOW + 40 * DAY + timedelta(hours=1))

    assert sent() == ["2026-12-31"]


def test_another_zone_and_another_beginning_of_days_hold_from_the_next_period_on(daily: Cast) -> None:
    queue_due(now=NOW + DAY)
    Site.objects.update(time_zone="Pacific/Auckland", day_starts_h=9)  # where it is 13 hours later

    queue_due(now=datetime(2026, 11, 23, 20, 59, tzinfo=NOW.tzinfo))
    assert sent() == ["2026-11-22"]
    queue_due(now=datetime(2026, 11, 23, 21, tzinfo=NOW.tzinfo))
    assert sent() == ["2026-11-22", "2026-11-23"]


def test_the_subscription_of_a_removed_member_ends(daily: Cast) -> None:
    Membership.objects.filter(operator=daily.member).delete()

    queue_due(now=NOW + DAY)

    assert sent() == []
    assert not ReportSubscription.objects.exists()


def test_a_sensor_that_moved_to_where_the_reader_is_no_member_ends_it(daily: Cast) -> None:
    daily.sensor.site = daily.other_site
    daily.sensor.save()

    queue_due(now=NOW + DAY)

    assert sent() == []
    assert not ReportSubscription.objects.exists()


def test_a_closed_account_gets_nothing(daily: Cast) -> None:
    daily.member.is_active = False
    daily.member.save()

    queue_due(now=NOW + DAY)

    assert sent() == []


def test_a_restored_backup_sends_nothing_of_before(daily: Cast) -> None:
    MailedReport.objects.all().delete()  # as of a backup, which leaves the table out

    queue_due(now=NOW + 9 * DAY)
    assert sent() == []
    queue_due(now=NOW + 10 * DAY)

    assert sent() == ["2026-12-01"]


def test_a_full_mailbox_holds_a_report_back_and_loses_none(daily: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "has_room", lambda _: False)
    queue_due(now=NOW + DAY)
    assert sent() == []
    monkeypatch.undo()

    queue_due(now=NOW + DAY)

    assert sent() == ["2026-11-22"]


def test_the_message_and_what_is_remembered_of_it_are_one_transaction(
    daily: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    monkeypatch.setattr(chores, "queue_uncomposed", killed)
    with pytest.raises(SystemExit), transaction.atomic():
        queue_due(now=NOW + DAY)
    monkeypatch.undo()

    queue_due(now=NOW + DAY)

    assert sent() == ["2026-11-22"]


@pytest.mark.django_db(transaction=True)
def test_several_processes_at_once_queue_one_message(cast: Cast) -> None:
    choose(by=cast.member, sensor=cast.sensor, wanted=[*Every], now=NOW)

    def look(_: int) -> None:
        try:
            queue_due(now=NOW + 40 * DAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(look, range(12)))

    assert sorted(sent()) == ["2026-12-27", "2026-12-31", "2026-12-31"]  # it is 1 January


# Is killed with the message and the row that remembers it written, and not committed.
DIES = """
import os, signal
from datetime import datetime
import django
django.setup()
from sensorfusion.documents.mailing import chores
from sensorfusion.mail.models import OutboxMessage

queue = chores.queue_uncomposed

def killed(*given, **options):
    queue(*given, **options)
    assert OutboxMessage.objects.count() == 1
    os.kill(os.getpid(), signal.SIGKILL)

chores.queue_uncomposed = killed
chores.queue_due(now=datetime.fromisoformat(os.environ["AT"]))
"""


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_it_queues_leaves_the_message_to_the_next(cast: Cast, tmp_path: Path) -> None:
    choose(by=cast.member, sensor=cast.sensor, wanted=[Every.MONTH], now=NOW)
    at = NOW + 10 * DAY
    given = environment(
        DATABASE_URL=database_url(), SENSORFUSION_DATA=str(tmp_path), SECRET_KEY="x" * 50, EMAIL_URL="console:",
        DJANGO_SETTINGS_MODULE="sensorfusion.config.settings", AT=at.isoformat(),
    )  # fmt: skip
    done = subprocess.run([sys.executable, "-c", DIES], env=given, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert sent() == []

    queue_due(now=at)
    queue_due(now=at)

    assert sent() == ["2026-11-30"]
