"""What people and programs send by habit, to a running platform (accounts/habits.md, accounts/cors-preflight.http)."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import yaml

from sensorfusion.clock import utc_now
from tests.cases.conftest import ELSEWHERE
from tests.crash.platform import Platform
from tests.journeys.people import Owner
from tests.operations import is_view
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash

HERE = Path(__file__).parent
PROBLEM = "application/problem+json"
NOBODY = "6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11"
ALL = yaml.safe_load((HERE.parents[1] / "docs" / "openapi.yaml").read_text())["paths"]
DESCRIBED = {path: methods for path, methods in ALL.items() if all(map(is_view, methods.values()))}
OPERATIONS = [(method, path) for path, methods in DESCRIBED.items() for method in methods]


@pytest.fixture(scope="module")
def program(installation: Platform, owner: Owner) -> Iterator[httpx2.Client]:
    """A client of the API with the owner's token."""
    with httpx2.Client(base_url=installation.url, headers=owner.headers, timeout=PATIENCE_S) as client:
        yield client


def filled(path: str, owner: Owner) -> str:
    """Return a path of the description with the owner's sensor or site; everything else named is nobody's."""
    ours = owner.site if "/sites/" in path else owner.sensor
    variables = {"{uuid}": ours, "{id}": "1", "{number}": "1", "{prefix}": "sf_abcdefgh"}
    variables |= dict.fromkeys(
        (
            *("{operator}", "{invitation}", "{alert}", "{rule}", "{note}", "{share}", "{page}", "{span}"),
            *("{webhook}", "{delivery}", "{destination}", "{subscription}", "{export}", "{offer}"),
        ),
        NOBODY,
    )
    for variable, value in variables.items():
        path = path.replace(variable, value)
    return path


def is_problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """Check that an answer is problem details, and return them."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert {"type", "title", "code", "detail"} <= body.keys()
    return body


# Parameters


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_unknown_parameter_is_refused_with_the_known_ones(
    program: httpx2.Client, owner: Owner, method: str, path: str
) -> None:
    for address in (filled(path, owner), filled(path, owner).rstrip("/")):
        body = is_problem(program.request(method, f"{address}?no_such_parameter=1"), 400)
        assert body["code"] == "unknown_parameter"
        for parameter in DESCRIBED[path][method].get("parameters", ()):
            assert parameter["in"] != "query" or parameter["name"] in body["detail"]


EXAMPLES = {
    "acknowledged": "true", "action": "signed_in", "active": "true", "cursor": "start", "rule": NOBODY,
    "role": "owner", "sensor": NOBODY, "severity": "warning",
    "after_seq": "0", "against": "week", "figures": "1", "level": "20", "operation": "ratio",
    "derived": "1", "format": "csv", "from": "2026-01-01T00:00:00Z", "limit": "10", "month": "1", "of": "notes",
    "ordering": "name", "page": "1", "page_size": "10", "per": "week", "points": "100", "quantities": "temperature",
    "quantity": "temperature", "resolution": "1d", "search": "Orchard", "site": NOBODY, "status": "active",
    "state": "done", "to": "2026-06-01T00:00:00Z", "transport": "http", "year": "2025",
}  # fmt: skip


@pytest.mark.parametrize("path", [path for method, path in OPERATIONS if method == "get"])
def test_every_documented_parameter_is_accepted(program: httpx2.Client, owner: Owner, path: str) -> None:
    examples = {**EXAMPLES, "series": f"{owner.sensor}:temperature"}
    if path.endswith("/usual/"):  # of at most 31 days
        examples["from"] = f"{utc_now() - timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}"
    asked = [each for each in DESCRIBED[path]["get"].get("parameters", ()) if each["in"] == "query"]
    examples |= {each["name"]: each["schema"]["items"]["enum"][0] for each in asked if each["name"] == "fields"}
    needed = {each["name"]: examples[each["name"]] for each in asked if each.get("required")}
    for name in (each["name"] for each in asked):
        answer = program.get(filled(path, owner), params={**needed, name: examples[name]})
        is_nothing = NOBODY in answer.url.path or answer.url.path.endswith(("/poll/", "/offer/", "/stream"))
        assert answer.status_code == (404 if is_nothing else 200), (name, answer.text)


@pytest.mark.parametrize("query", ["limit=2", "page_size=0", "page_size=many", "page_size=100000", "Page=1", "token=x"])
def test_habit_of_another_api_is_refused_and_not_ignored(program: httpx2.Client, query: str) -> None:
    body = is_problem(program.get(f"/api/v1/sensors/?{query}"), 400)

    assert "page_size" in body["detail"]


def test_format_that_is_always_meant_is_accepted(program: httpx2.Client) -> None:
    assert program.get("/api/v1/sensors/?format=json").status_code == 200
    is_problem(program.get("/api/v1/sensors/?format=xml"), 400)


def test_doors_go_on_accepting_what_devices_add(installation: Platform, owner: Owner) -> None:
    headers = {"Authorization": f"Bearer {owner.key}"}
    for address in ("/api/v1/readings?v=1&device=esp", "/api/v1/readings/?no_such_parameter=1"):
        assert httpx2.post(installation.url + address, json={"humidity": 60}, headers=headers).status_code == 200
    line = httpx2.post(f"{installation.url}/api/v2/write?org=a&x=y", content="w humidity=61", headers=headers)
    assert line.status_code == 204


# Paths, methods and slashes


@pytest.mark.parametrize(
    "path",
    [
        "",
        "v1",
        "v1/",
        "v1/nothing/",
        "v2/sensors/",
        "v1/sensors/7/",
        "v1/sensors/not-a-uuid/latest",
        "v1/auth/",
        "x/../y",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_unknown_path_is_a_problem(program: httpx2.Client, method: str, path: str) -> None:
    body = is_problem(program.request(method, f"/api/{path}"), 404)

    assert "/api/docs/" in body["detail"]


@pytest.mark.parametrize("path", [path for method, path in OPERATIONS if method == "get" and "{uuid}" in path])
def test_unknown_id_is_a_problem(program: httpx2.Client, path: str) -> None:
    is_problem(program.get(path.replace("{uuid}", NOBODY)), 404)


@pytest.mark.parametrize("path", DESCRIBED)
def test_other_method_is_a_problem_that_names_the_allowed_ones(program: httpx2.Client, owner: Owner, path: str) -> None:
    known = {method.upper() for method in DESCRIBED[path]}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
        answer = program.request(method, filled(path, owner))
        if "/auth/login/" not in path and "/auth/register/" not in path:
            is_problem(answer, 405)
        assert known <= {each.strip() for each in answer.headers["allow"].split(",")}


@pytest.mark.parametrize("slash", ["", "/"])
def test_body_is_kept_with_and_without_the_slash(program: httpx2.Client, owner: Owner, slash: str) -> None:
    made = program.post(f"/api/v1/sensors{slash}", json={"name": f"Shed{len(slash)}"})
    assert (made.status_code, made.json()["name"]) == (201, f"Shed{len(slash)}")
    wrong = program.post(f"/api/v1/auth/login{slash}", json={"email": "owner@example.org", "password": "x"})
    assert is_problem(wrong, 401)["code"]
    key = {"Authorization": f"Bearer {owner.key}"}
    assert program.post(f"/api/v1/readings{slash}", json={"humidity": 60}, headers=key).status_code == 200
    assert program.get(f"/api/v1/readings{slash}").status_code == 405


# Credentials


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "bearer", "TOKEN"])
def test_token_is_accepted_by_either_name(installation: Platform, owner: Owner, scheme: str) -> None:
    answer = httpx2.get(f"{installation.url}/api/v1/sites/", headers={"Authorization": f"{scheme} {owner.token}"})

    assert answer.status_code == 200


@pytest.mark.parametrize("form", ["{}", "ApiKey {}", "Basic {}", "JWT {}", "Token token={}", "Bearer {}x", "Bearer"])
def test_any_other_form_is_refused_in_words(installation: Platform, owner: Owner, form: str) -> None:
    headers = {"Authorization": form.format(owner.token)}
    answer = httpx2.get(f"{installation.url}/api/v1/sites/", headers=headers)

    body = is_problem(answer, 401)
    assert "token" in body["detail"].lower()
    assert answer.headers["www-authenticate"] == "Bearer"
    assert owner.token not in answer.text


# Scripts of other sites


def test_preflight_of_the_case_is_answered(installation: Platform) -> None:
    first, *headers = (HERE / "accounts" / "cors-preflight.http").read_text().strip().splitlines()
    method, path = first.split()
    given = dict(line.split(": ", 1) for line in headers)
    assert given["Origin"] == ELSEWHERE

    answer = httpx2.request(method, installation.url + path, headers=given)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ELSEWHERE
    assert "authorization" in answer.headers["access-control-allow-headers"]

    refused = httpx2.request(method, installation.url + path, headers={**given, "Origin": "https://other.example.org"})
    assert "CORS_ALLOWED_ORIGINS" in is_problem(refused, 403)["detail"]
    assert "access-control-allow-origin" not in refused.headers
    installation.hear("Scripts of https://other.example.org may not use this API")


@pytest.mark.parametrize(
    "path", ["/api/v1/readings", "/api/v1/readings/", "/api/v2/write", "/in/ttn/up", "/data/report/"]
)
def test_doors_answer_scripts_of_a_listed_site(installation: Platform, owner: Owner, path: str) -> None:
    asking = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    assert httpx2.request("OPTIONS", installation.url + path, headers=asking).status_code == 204

    headers = {"Origin": ELSEWHERE, "Authorization": f"Bearer {owner.key}"}
    answer = httpx2.post(installation.url + path, content=json.dumps({"humidity": 60}), headers=headers)
    assert answer.headers["access-control-allow-origin"] == ELSEWHERE
    assert "access-control-allow-credentials" not in answer.headers


def test_script_of_a_listed_site_reads_the_api_and_its_errors(program: httpx2.Client, owner: Owner) -> None:
    for path, status in ((f"/api/v1/sensors/{owner.sensor}/latest", 200), (f"/api/v1/sensors/{NOBODY}/latest", 404)):
        answer = program.get(path, headers={"Origin": ELSEWHERE})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, ELSEWHERE)
    other = program.get("/api/v1/sites/", headers={"Origin": "https://other.example.org"})
    assert other.status_code == 200
    assert "access-control-allow-origin" not in other.headers


# Bodies that are too large


@pytest.mark.parametrize(
    "path", ["/api/v1/readings", "/api/v2/write", "/data/report/", "/api/v1/sensors/", "/sign-in/"]
)
@pytest.mark.parametrize("length", ["Content-Length: {}", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("last", ["Connection: close", "Connection: keep-alive"])
def test_413_reaches_a_client_that_sends_its_body_without_waiting(
    installation: Platform, owner: Owner, path: str, length: str, last: str
) -> None:
    """With a credential, since a door and the API refuse a request without one before its body."""
    size = 8_000_000
    part = b"x" * 100_000
    address = urlsplit(installation.url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), PATIENCE_S) as link:
        credential = owner.headers["Authorization"] if path == "/api/v1/sensors/" else f"Bearer {owner.key}"
        shown = f"Authorization: {credential}"
        head = (f"POST {path} HTTP/1.1", f"Host: {address.netloc}", shown, length.format(size), last, "", "")
        link.sendall("\r\n".join(head).encode())
        for _ in range(size // len(part)):
            link.sendall(b"%x\r\n%b\r\n" % (len(part), part) if "chunked" in length else part)
        if "chunked" in length:
            link.sendall(b"0\r\n\r\n")
        answer = link.recv(10_000)

    assert answer.startswith(b"HTTP/1.1 413 "), answer
