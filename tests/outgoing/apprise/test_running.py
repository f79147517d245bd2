"""Notifications by real processes of apprise, to receivers on this computer."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sensorfusion.outgoing.apprise import running
from sensorfusion.outgoing.apprise.guard import PRIVATE
from sensorfusion.outgoing.apprise.running import Notification, notify, shown_of
from sensorfusion.outgoing.attempts import NotAccepted

pytestmark = pytest.mark.sockets
HERE = ["127.0.0.0/8", "::1/128"]
Got = list[tuple[dict[str, str], bytes]]


@contextmanager
def receiving(status: int = 204, location: str = "") -> Iterator[tuple[str, Got]]:
    """Run a web server; yield its host and port, and what it gets."""
    got: Got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *given: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield f"{server.server_address[1]}", got
        finally:
            server.shutdown()
            thread.join()


def notification(url: str) -> Notification:
    return Notification(url, "Freezer", "−14 °C", "failure")


def test_message_comes_as_the_service_wants_it() -> None:
    with receiving() as (port, got):
        notify(notification(f"json://ada:s3cret@127.0.0.1:{port}/x?+X-Token=abc"), allowed=HERE)

    [(headers, body)] = got
    said = json.loads(body)
    assert (said["title"], said["message"], said["type"]) == ("Freezer", "−14 °C", "failure")
    assert (headers["User-Agent"], headers["X-Token"]) == ("SensorFusion", "abc")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433"])
def test_private_address_is_refused_by_number_and_by_a_name_that_leads_there(host: str) -> None:
    with receiving() as (port, got), pytest.raises(NotAccepted, match="private network"):
        notify(notification(f"json://{host}:{port}/"), allowed=["10.0.0.0/8"])

    assert got == []


def test_name_of_a_private_address_is_reached_if_the_setting_allows_it() -> None:
    with receiving() as (port, got):
        notify(notification(f"json://localhost:{port}/"), allowed=HERE)

    assert len(got) == 1


def test_mail_to_a_private_server_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"mailto://ada:s3cret@example.org:{silent.getsockname()[1]}?smtp=127.0.0.1&to=bo@example.org"
        with pytest.raises(NotAccepted) as refused:
            notify(notification(url), allowed=[])

    assert str(refused.value) == PRIVATE


def test_redirect_is_not_followed() -> None:
    with (
        receiving() as (elsewhere, got),
        receiving(307, f"http://127.0.0.1:{elsewhere}/") as (port, _),
        pytest.raises(NotAccepted, match="307"),
    ):
        notify(notification(f"json://127.0.0.1:{port}/"), allowed=HERE)

    assert got == []


def test_refusal_of_the_service_is_told_without_a_part_of_the_address() -> None:
    with receiving(401) as (port, _), pytest.raises(NotAccepted) as refused:
        notify(notification(f"json://ada:s3cret@127.0.0.1:{port}/a-token"), allowed=HERE)

    assert "401" in str(refused.value)
    assert not any(part in str(refused.value) for part in ("ada", "s3cret", "token"))


def test_service_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    with pytest.raises(NotAccepted, match=r"(?i)connection"):
        notify(notification(f"json://127.0.0.1:{port}/"), allowed=HERE)


def test_service_that_hangs_is_left_after_a_time() -> None:
    """It waits for an answer for ten minutes, as the address says, and the process is ended."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"json://127.0.0.1:{silent.getsockname()[1]}/?rto=600&cto=600"
        with pytest.raises(NotAccepted, match="no answer within 3 s"):
            notify(notification(url), allowed=HERE, within_s=3.0)


def test_plug_in_that_reads_a_file_of_the_server_gets_nothing_of_it(tmp_path: Path) -> None:
    kept = tmp_path / "secret.key"
    kept.write_text("-----BEGIN PRIVATE KEY-----")
    with pytest.raises(NotAccepted, match=r"could not be loaded|read a file"):
        notify(notification(f"vapid://a@example.org/b@example.org?keyfile={kept}&subfile={kept}"), allowed=HERE)


@pytest.mark.parametrize("url", ["syslog://", "dbus://", "gnome://", "rsyslog://127.0.0.1", "mqtt://127.0.0.1/a"])
def test_plug_in_that_sends_no_request_is_refused(url: str) -> None:
    with pytest.raises(NotAccepted, match="sends neither HTTP nor mail"):
        shown_of(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "exec://ls", "nothing", "config://example.org"])
def test_what_is_no_address_of_apprise_is_refused(url: str) -> None:
    with pytest.raises(NotAccepted, match="knows no such address"):
        shown_of(url)


def test_address_that_is_incomplete_is_explained_without_its_parts() -> None:
    with pytest.raises(NotAccepted, match="Webhook") as refused:
        shown_of("discord://s3cret")

    assert str(refused.value) == "An invalid Discord Webhook Token (None) was specified."


def test_address_is_not_connected_to_when_it_is_entered() -> None:
    with receiving() as (port, got):
        assert shown_of(f"json://127.0.0.1:{port}/s3cret") == "json://127.0.0.1/…"

    assert got == []


def test_process_knows_no_secret_and_no_proxy_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "HTTP_PROXY", "https_proxy", "EMAIL_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/s3cret")

    assert "s3cret" not in json.dumps(running._environment())
    assert not os.path.exists(running._environment()["NETRC"])


def test_process_that_ends_without_an_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_COMMAND", ["python", "-c", "import os; os.abort()"])

    with pytest.raises(NotAccepted, match="ended without an answer"):
        shown_of("json://example.org")


def test_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "has_apprise", lambda: False)

    with pytest.raises(NotAccepted, match=r"pip install 'sensorfusion\[apprise\]'"):
        shown_of("json://example.org")
