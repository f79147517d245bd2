"""Times are written for the reader of a request: by this browser's choice, else by the account's."""

from datetime import UTC, datetime

from django.test import Client

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.web.values.display import NBSP
from tests.conftest import Cast


def test_times_are_written_by_the_reader_s_clock(client: Client, cast: Cast) -> None:
    cast.owner.clock = "12"
    cast.owner.save(update_fields=["clock"])
    client.force_login(cast.owner)
    entry = AuditEntry.objects.create(action="signed_in", by="owner@example.org", operator=cast.owner)
    AuditEntry.objects.filter(pk=entry.pk).update(at=datetime(2026, 11, 22, 14, 5, tzinfo=UTC))

    by_account = client.get("/account/audit/").content.decode()
    client.cookies["clock"] = "24"
    by_browser = client.get("/account/audit/").content.decode()

    assert f"2:05{NBSP}pm" in by_account
    assert "14:05" in by_browser
