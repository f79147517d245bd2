"""What is required of a PostgreSQL server, with a real PgBouncer in its modes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.postgres import requirements
from sensorfusion.postgres.requirements import Unsuitable, examine, require
from tests import pgbouncer

pytestmark = pytest.mark.django_db


def found(conninfo: str) -> list[str]:
    return [answer.what for answer in examine(conninfo)]


def faults(conninfo: str) -> list[str]:
    return [f"{answer.what}. {answer.remedy}" for answer in examine(conninfo) if answer.remedy]


def test_our_own_server_meets_all_requirements() -> None:
    assert faults(conninfo()) == []
    assert not any("pooler" in each for each in found(conninfo()))


def test_server_that_does_not_answer_is_left_to_those_who_wait_for_it() -> None:
    require("host=127.0.0.1 port=1 dbname=x")

    with pytest.raises(psycopg.OperationalError):
        found("host=127.0.0.1 port=1 dbname=x")


def test_standby_is_refused() -> None:
    with pytest.raises(Unsuitable, match="is read-only") as refused:
        require(f"{conninfo()} options='-c default_transaction_read_only=on'")

    assert refused.value.status == 2


def test_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "OLDEST", 999)

    assert "Upgrade it to 999 or newer." in faults(conninfo())[0]


@pytest.mark.parametrize("mode", ["transaction", "statement"])
@pytest.mark.parametrize("size", ["1", "2", "10"])
@pytest.mark.parametrize("round_robin", ["0", "1"])
def test_pooler_without_sessions_is_refused(mode: str, size: str, round_robin: str) -> None:
    with pgbouncer.running(pool_mode=mode, default_pool_size=size, server_round_robin=round_robin) as url:
        with busy(url, clients=0):
            idle = faults(url)
        with busy(url, clients=3):
            loaded = [faults(url) for _ in range(5)]

    assert len(idle) == 1
    assert "does not keep sessions" in idle[0]
    assert "pool_mode=session" in idle[0]
    assert loaded == [idle] * 5


def test_pooler_in_session_mode_is_suitable_also_when_it_is_busy() -> None:
    with pgbouncer.running(pool_mode="session") as url, busy(url, clients=3):
        for _ in range(5):
            assert faults(url) == []
            assert "DATABASE_URL leads to a connection pooler in session mode" in found(url)


def test_pooler_in_session_mode_with_one_connection_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "_WITHIN_S", 0.5)

    with pgbouncer.running(pool_mode="session", default_pool_size="1") as url:
        [fault] = faults(url)

    assert "gives out one connection only. " in fault
    assert "default_pool_size" in fault


def test_settings_that_the_pooler_drops_are_named() -> None:
    with pgbouncer.running(pool_mode="session") as url:
        dropped = faults(f"{url}?options=-cstatement_timeout%3D54321")
        none = faults(f"{url}?application_name=x&connect_timeout=3")

    assert none == []
    assert len(dropped) == 1
    assert "does not pass on statement_timeout of the parameter options" in dropped[0]


@contextmanager
def busy(url: str, *, clients: int) -> Iterator[None]:
    """Let clients send short transactions, as a platform does, while the block runs."""
    stopped = threading.Event()

    def work() -> None:
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as link:
            while not stopped.is_set():
                link.execute("SELECT count(*) FROM pg_class")

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(("size", "given"), [("10", 10), ("18", 18), ("30", 18)])
def test_connections_that_a_pooler_gives_are_counted(size: str, given: int) -> None:
    with pgbouncer.running(pool_mode="session", default_pool_size=size) as url:
        assert requirements.connections_given(url, 18) == given
        assert requirements.connections_given(url, 18) == given  # those that were too many are gone


def test_clients_that_a_pooler_turns_away_are_not_counted() -> None:
    with pgbouncer.running(pool_mode="session", default_pool_size="30", max_client_conn="12") as url:
        assert requirements.connections_given(url, 18) == 12


def test_without_a_pooler_all_connections_are_given() -> None:
    assert requirements.connections_given(conninfo(), 1_000) == 1_000
