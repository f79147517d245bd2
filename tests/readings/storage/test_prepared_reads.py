"""Statements of the read path are planned once per connection, and a snapshot is one."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.storage.prepared_reads import fetch, fetch_one, snapshot

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_statement_is_prepared_when_it_comes_again() -> None:
    question = "SELECT %(value)s::int + 1"

    assert [fetch(question, {"value": value}) for value in (1, 2, 3)] == [[(2,)], [(3,)], [(4,)]]

    prepared = fetch("SELECT statement FROM pg_prepared_statements", {})
    assert ("SELECT $1::int + 1",) in prepared


def test_none_is_the_first_row_of_nothing() -> None:
    assert fetch_one("SELECT 1 WHERE false", {}) is None
    assert fetch_one("SELECT %(a)s::text, 2", {"a": "%"}) == ("%", 2)


def test_queries_of_a_test_are_counted(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        fetch("SELECT 1", {})


def test_a_snapshot_does_not_see_what_others_commit_meanwhile() -> None:
    count = "SELECT count(*) FROM quantity_name WHERE name = 'of_a_snapshot'"

    with snapshot(), psycopg.connect(conninfo(), autocommit=True) as other:
        assert fetch(count, {}) == [(0,)]
        other.execute("INSERT INTO quantity_name (name, combine) VALUES ('of_a_snapshot', 'mean')")
        assert fetch(count, {}) == [(0,)]
        assert fetch_one("SHOW plan_cache_mode", {}) == ("force_generic_plan",)

    assert fetch(count, {}) == [(1,)]
    assert fetch_one("SHOW plan_cache_mode", {}) == ("auto",)


def test_a_snapshot_inside_a_transaction_is_that_of_the_caller() -> None:
    with snapshot(), snapshot():
        assert connection.in_atomic_block
        assert fetch_one("SHOW transaction_isolation", {}) == ("repeatable read",)
