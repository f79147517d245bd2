"""Connections of the pool are checked by a statement only where there is a doubt."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from sensorfusion.config import pooled
from sensorfusion.config.pooled import Pooled
from sensorfusion.events.postgres import conninfo

pytestmark = pytest.mark.django_db
CHECK = ""  # what the pool sends to see whether a connection works


@pytest.fixture
def link() -> Iterator[Pooled]:
    with Pooled.connect(conninfo(), autocommit=True) as link:
        yield link


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The statements that reach the server."""
    statements: list[object] = []
    execute = psycopg.Connection.execute

    def noted(self: psycopg.Connection, query: Any, *given: Any, **how: Any) -> object:
        statements.append(query)
        return execute(self, query, *given, **how)

    monkeypatch.setattr(psycopg.Connection, "execute", noted)
    return statements


def test_a_connection_in_use_is_asked_once(link: Pooled, sent: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooled, "TRUSTED_S", 3600.0)

    for _ in range(3):
        link.execute(CHECK)

    assert sent == [CHECK]


def test_a_connection_that_was_idle_is_asked_again(
    link: Pooled, sent: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooled, "TRUSTED_S", 0.0)

    for _ in range(3):
        link.execute(CHECK)

    assert sent == [CHECK] * 3


def test_a_connection_that_the_server_ended_fails_its_check(link: Pooled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooled, "TRUSTED_S", 3600.0)
    link.execute(CHECK)

    with psycopg.connect(conninfo(), autocommit=True) as elsewhere:
        elsewhere.execute("SELECT pg_terminate_backend(%s, 10000)", [link.info.backend_pid])

    with pytest.raises(psycopg.OperationalError):
        link.execute(CHECK)


def test_a_closed_connection_fails_its_check(link: Pooled) -> None:
    link.execute(CHECK)
    link.close()

    with pytest.raises(psycopg.OperationalError):
        link.execute(CHECK)


def test_other_statements_are_sent(link: Pooled) -> None:
    link.execute(CHECK)

    assert link.execute("SELECT %s::int", [7]).fetchone() == (7,)
