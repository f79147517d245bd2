"""A restored backup has the subscriptions to reports, but not which periods were sent, and so sends nothing old."""

from pathlib import Path

import pytest

from sensorfusion.clock import utc_now
from sensorfusion.documents.mailing.models import Every, MailedReport
from sensorfusion.documents.mailing.services import choose
from tests.backup.test_save import data as data  # the fixtures
from tests.backup.test_save import empty as empty
from tests.backup.test_save import put_back, rows, take
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_subscriptions_are_restored_and_what_was_sent_is_not(
    cast: Cast, data: Path, empty: str, tmp_path: Path
) -> None:
    choose(by=cast.member, sensor=cast.sensor, wanted=[*Every], now=utc_now())
    assert MailedReport.objects.count() == 3
    take(data, tmp_path / "all.sfb")

    put_back(tmp_path / "all.sfb", into=tmp_path / "again", url=empty)

    assert rows(empty, "SELECT every FROM report_subscription ORDER BY every") == [("day",), ("month",), ("week",)]
    assert rows(empty, "SELECT * FROM report_mailed") == []  # tests/documents/mailing/test_chores.py goes on from here
