"""Entries are kept for a year: then they are shown no more, and deleted."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from sensorfusion.accounts.audit.chores import ForgetAudit
from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.audit.queries import KEPT, entries_of, entries_of_site
from sensorfusion.events.postgres import conninfo
from tests.conftest import Cast

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_entries_of_the_last_year_stay(cast: Cast) -> None:
    old, kept = (
        AuditEntry.objects.create(at=at, action=Action.KEY_MADE, operator=cast.owner, site=cast.site)
        for at in (NOW - KEPT, NOW - KEPT + timedelta(seconds=1))
    )
    assert list(entries_of(cast.owner, now=NOW)) == [kept]
    assert list(entries_of_site(cast.site, now=NOW)) == [kept]

    with psycopg.connect(conninfo(), autocommit=True) as connection:
        assert ForgetAudit(lambda: NOW).run(connection) is False

    assert list(AuditEntry.objects.all()) == [kept]
    assert old not in AuditEntry.objects.all()
