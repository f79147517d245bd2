"""Statements of the read path have generic plans within a snapshot, and a snapshot is one."""

import psycopg
import pytest
from django.db import connection

from sensorfusion.events.postgres import conninfo
from sensorfusion.events.prepared import fetch, fetch_one
from sensorfusion.readings.storage.snapshots import snapshot

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_snapshot_does_not_see_what_others_commit_meanwhile() -> None:
    count = "SELECT count(*) FROM quantity_name WHERE name = 'of_a_snapshot'"

    with snapshot(), psycopg.connect(conninfo(), autocommit=True) as other:
        assert fetch(count, {}) == [(0,)]
        other.execute("INSERT INTO quantity_name (name, combine) VALUES ('of_a_snapshot', 'mean')")
        assert fetch(count, {}) == [(0,)]
        assert fetch_one("SHOW plan_cache_mode", {}) == ("force_generic_plan",)

    assert fetch(count, {}) == [(1,)]
    assert fetch_one("SHOW plan_cache_mode", {}) == ("auto",)


def test_a_generic_plan_starts_neither_workers_nor_a_compiler() -> None:
    with snapshot():
        assert fetch_one("SHOW max_parallel_workers_per_gather", {}) == ("0",)
        assert fetch_one("SHOW jit", {}) == ("off",)


def test_a_snapshot_inside_a_transaction_is_that_of_the_caller() -> None:
    with snapshot(), snapshot():
        assert connection.in_atomic_block
        assert fetch_one("SHOW transaction_isolation", {}) == ("repeatable read",)
