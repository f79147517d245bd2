"""Which Origins open a socket, and what the log says of the others (live/origins.md)."""

import json
import re
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.cases.conftest import ELSEWHERE
from tests.crash.platform import Platform
from tests.journeys.people import Owner
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash

CASE = (Path(__file__).parent / "live" / "origins.md").read_text()


# What the case names, and its kin: another port, another name of this machine, and what is no origin.
OTHERS = (
    "null", "file://", "https://evil.example.org", "http://127.0.0.1:1", "http://127.0.0.1", "http://localhost",
    "http://127.0.0.1.evil.example.org", "javascript:", "http://[", "x" * 5_000,
)  # fmt: skip


def test_case_names_the_origins_that_are_played() -> None:
    assert "null, file://, another host (403)" in CASE


@pytest.fixture(scope="module")
def cookie(installation: Platform, owner: Owner) -> str:
    """The cookie of a browser that signed in by the form."""
    with httpx2.Client(base_url=installation.url, timeout=PATIENCE_S, headers={"Referer": installation.url}) as client:
        client.get("/sign-in/").raise_for_status()
        form = {"email": "owner@example.org", "password": "correct horse battery staple"}
        client.post("/sign-in/", data={**form, "csrfmiddlewaretoken": client.cookies["csrftoken"]})
        return f"sessionid={client.cookies['sessionid']}"


def opened(platform: Platform, path: str, origin: str, **headers: str) -> ClientConnection:
    address = f"{platform.url.replace('http', 'ws')}{path}"
    given = {name.title(): value for name, value in headers.items()}
    return connect(address, origin=Origin(origin), additional_headers=given)


def refusal(platform: Platform, path: str, origin: str, **headers: str) -> int:
    with pytest.raises(InvalidStatus) as refused, opened(platform, path, origin, **headers):
        pass
    return int(refused.value.response.status_code)


def test_servers_own_origin_is_let_in_by_its_cookie(installation: Platform, cookie: str) -> None:
    with opened(installation, "/ws/live/", installation.url, cookie=cookie) as socket:
        socket.send('{"action": "request.data"}')
        assert json.loads(socket.recv(PATIENCE_S))["type"] == "snapshot"


@pytest.mark.parametrize("origin", OTHERS)
def test_other_origin_is_refused_with_a_line_that_names_it_and_the_setting(
    installation: Platform, cookie: str, origin: str
) -> None:
    assert refusal(installation, "/ws/live/", origin, cookie=cookie) == 403
    line = installation.hear(f"'/ws/live/' was refused with 403: its Origin is {origin[:200]!r}.")
    assert re.search("CORS_ALLOWED_ORIGINS|PUBLIC_URL|ALLOWED_HOSTS|FORWARDED_ALLOW_IPS", line)
    assert len(line) < 1_000


def test_page_behind_a_proxy_that_hides_its_name_is_told_the_header(installation: Platform, cookie: str) -> None:
    origin = "https://sensors.example.org"
    assert refusal(installation, "/ws/live/", origin, cookie=cookie) == 403
    line = installation.hear(repr(origin))
    assert "proxy_set_header Host $http_host" in line
    assert "set PUBLIC_URL=https://sensors.example.org" in line


def test_scheme_counts_as_far_as_a_proxy_tells_it(installation: Platform, cookie: str) -> None:
    encrypted = installation.url.replace("http", "https")

    with opened(installation, "/ws/live/", encrypted, cookie=cookie):
        pass
    headers = {"cookie": cookie, "X-Forwarded-Proto": "https"}
    with opened(installation, "/ws/live/", encrypted, **headers):
        pass
    headers["X-Forwarded-Proto"] = "http"
    assert refusal(installation, "/ws/live/", encrypted, **headers) == 403
    assert "says http in X-Forwarded-Proto" in installation.hear(repr(encrypted))


def test_listed_site_needs_a_token_whatever_cookie_it_has(installation: Platform, owner: Owner, cookie: str) -> None:
    with opened(installation, "/ws/live/", ELSEWHERE, cookie=cookie) as socket:
        socket.send('{"action": "request.data"}')
        assert json.loads(socket.recv(PATIENCE_S))["code"] == "not_signed_in"
    with opened(installation, "/ws/live/", ELSEWHERE) as socket:
        socket.send(json.dumps({"action": "authenticate", "token": owner.token}))
        assert json.loads(socket.recv(PATIENCE_S))["type"] == "authenticated"


@pytest.mark.parametrize("origin", ["null", "https://evil.example.org", "http://127.0.0.1:1"])
def test_page_of_another_site_sends_no_readings(installation: Platform, origin: str) -> None:
    assert refusal(installation, "/ws/ingest/", origin) == 403
    installation.hear(f"'/ws/ingest/' was refused with 403: its Origin is {origin!r}.")


@pytest.mark.parametrize("origin", ["file://", "https://evil.example.org", ELSEWHERE, "null"])
def test_device_sends_readings_whatever_origin_its_library_adds(
    installation: Platform, owner: Owner, origin: str
) -> None:
    with opened(installation, "/ws/ingest/", origin, authorization=f"Bearer {owner.key}") as socket:
        socket.send('{"temperature": 21.4}')
        receipt = json.loads(socket.recv(PATIENCE_S))
    assert receipt["accepted"] + receipt["duplicates"] == 1


@pytest.mark.parametrize("origin", ["file://", ELSEWHERE])
def test_key_may_also_be_in_the_first_message(installation: Platform, owner: Owner, origin: str) -> None:
    with opened(installation, "/ws/ingest/", origin) as socket:
        socket.send(json.dumps({"action": "authenticate", "key": owner.key}))
        assert json.loads(socket.recv(PATIENCE_S)) == {"type": "authenticated"}


def test_unknown_path_is_refused_with_a_line(installation: Platform) -> None:
    assert refusal(installation, "/ws/nowhere/", installation.url) == 403
    assert "/ws/live/ and /ws/ingest/" in installation.hear("'/ws/nowhere/' was refused with 403")


def test_handshake_without_its_upgrade_is_told_what_the_proxy_lacks(installation: Platform) -> None:
    headers = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}

    answer = httpx2.get(f"{installation.url}/ws/live/", headers=headers)

    assert answer.status_code == 426
    assert "proxy_set_header Upgrade" in answer.json()["detail"]
    installation.hear("'/ws/live/' was refused with 426")
