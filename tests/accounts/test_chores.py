"""Counts of failed attempts are deleted when no window covers them any more."""

from datetime import UTC, datetime

import psycopg
import pytest

from sensorfusion.accounts.attempts import HOUR, Attempt, count, forgive
from sensorfusion.accounts.chores import NETWORKS_KEPT, ForgetAttempts
from sensorfusion.accounts.models import Failures, KnownNetwork
from sensorfusion.events.postgres import conninfo
from tests.conftest import Cast

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_what_no_window_covers_is_deleted(cast: Cast) -> None:
    forgive(count(Attempt("198.51.100.1", cast.owner.email), now=NOW), operator=cast.owner, now=NOW)
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        ForgetAttempts(lambda: NOW + HOUR).run(connection)
        assert Failures.objects.count() == 2
        assert KnownNetwork.objects.count() == 1

        ForgetAttempts(lambda: NOW + NETWORKS_KEPT + HOUR).run(connection)

    assert not Failures.objects.exists()
    assert not KnownNetwork.objects.exists()
