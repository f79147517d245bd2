"""`doctor` tries the database, and asks the server that runs."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sensorfusion.command_line import checks_by_use
from sensorfusion.events.postgres import conninfo
from sensorfusion.server import own_address
from tests import pgbouncer


@pytest.mark.django_db(transaction=True)
def test_database_in_order_has_a_tick() -> None:
    [finding] = checks_by_use.database(conninfo())

    assert str(finding) == "✓ Writes, session locks, prepared statements and notifications work"


@pytest.mark.django_db(transaction=True)
def test_read_only_database_is_named() -> None:
    [finding] = checks_by_use.database(f"{conninfo()} options='-c default_transaction_read_only=on'")

    assert "read-only transaction" in finding.what
    assert "a read-only server" in finding.remedy


@pytest.mark.django_db(transaction=True)
def test_pooler_of_transactions_is_named() -> None:
    with pgbouncer.running(pool_mode="transaction", default_pool_size="2", server_round_robin="1") as url:
        [finding] = checks_by_use.database(url)

    assert finding.remedy


ANSWERS = {
    "ready": b'{"code": "ready", "detail": "The database answers.", "oldest_waiting_s": 0.012}',
    "not": b'{"code": "not_storing", "detail": "It has waited.", "oldest_waiting_s": 61.4}',
}


@pytest.fixture
def serving(request: pytest.FixtureRequest) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/readyz"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(ANSWERS[request.param])

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.sockets
@pytest.mark.parametrize(("serving", "good"), [("ready", True), ("not", False)], indirect=["serving"])
def test_running_server_is_asked_and_its_oldest_reading_told(serving: str, good: bool, tmp_path: Path) -> None:
    with own_address.published(tmp_path, serving):
        [finding] = checks_by_use.server(tmp_path)

    assert finding.is_good is good
    assert ("has waited for 0.0 s" if good else "has waited for 61.4 s") in finding.what


def test_without_a_server_there_is_nothing_to_ask(tmp_path: Path) -> None:
    assert list(checks_by_use.server(tmp_path)) == []
    with own_address.published(tmp_path, "http://127.0.0.1:1/"):  # left by a server that was killed
        assert list(checks_by_use.server(tmp_path)) == []
