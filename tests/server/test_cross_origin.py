"""Scripts of other sites: which origins may read answers, at Django's addresses and at the doors alike."""

from typing import Any

import pytest
from channels.routing import URLRouter
from pytest_django import Settings

from sensorfusion.config.env import read
from sensorfusion.server.asgi import application
from sensorfusion.server.cross_origin import CrossOrigin

DASHBOARD = "https://dash.example.org"


@pytest.fixture(autouse=True)
def listed(settings: Settings) -> None:
    settings.ENVIRONMENT = read({"CORS_ALLOWED_ORIGINS": f"{DASHBOARD},null"})


async def asked(method: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Return status and headers of the answer; the application inside says 200."""
    sent: list[dict[str, Any]] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"vary", b"Cookie")]})
        await send({"type": "http.response.body", "body": b"{}"})

    async def send(message: Any) -> None:
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await CrossOrigin(inside)({"type": "http", "method": method, "path": "/api/", "headers": given}, None, send)
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


async def preflight(origin: str) -> tuple[int, dict[str, str]]:
    return await asked(
        "OPTIONS", origin=origin, access_control_request_method="GET", access_control_request_headers="authorization"
    )


@pytest.mark.parametrize("origin", [DASHBOARD, "null"])
async def test_preflight_of_a_listed_origin_is_answered_without_credentials(origin: str) -> None:
    status, headers = await preflight(origin)

    assert status == 204
    assert headers["access-control-allow-origin"] == origin
    assert "authorization" in headers["access-control-allow-headers"]
    assert "DELETE" in headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example.org", f"{DASHBOARD}:8443", "http://dash.example.org", "file://"]
)
async def test_preflight_of_another_origin_is_refused_with_a_problem(origin: str) -> None:
    status, headers = await preflight(origin)

    assert status == 403
    assert headers["content-type"] == "application/problem+json"
    assert not [name for name in headers if name.startswith("access-control")]


async def test_listed_origin_may_read_the_answer() -> None:
    status, headers = await asked("GET", origin=DASHBOARD)

    assert status == 200
    assert headers["access-control-allow-origin"] == DASHBOARD
    assert "etag" in headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example.org"}, {}])
async def test_any_other_answer_is_unchanged(headers: dict[str, str]) -> None:
    assert await asked("GET", **headers) == (200, {"vary": "Cookie"})


async def test_options_without_the_question_is_passed_on() -> None:
    assert (await asked("OPTIONS", origin="https://evil.example.org"))[0] == 200


def test_every_door_and_the_api_are_wrapped() -> None:
    router: URLRouter = application.application_mapping["http"]
    bare = {str(route.pattern) for route in router.routes if not isinstance(route.callback, CrossOrigin)}

    assert bare == {"^healthz/?$", "^readyz/?$", "^metrics/?$", r"^ws/(?:live|ingest)/?$", ""}
