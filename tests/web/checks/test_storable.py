"""The boundary: forms and parameters before any view, JSON while it is parsed."""

from typing import Any

import pytest
from django.test import Client

from sensorfusion.web.checks.storable import StorableJSON
from tests.clients import client_of
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sent", [{"email": "a\0@x.org"}, {"a\0b": "c"}])
def test_form_with_nul_is_refused_on_a_page(client: Client, sent: dict[str, str]) -> None:
    body = "&".join(f"{name}={value}" for name, value in sent.items()).replace("\0", "%00")

    page = client.post("/sign-in/", body, content_type="application/x-www-form-urlencoded")

    assert page.status_code == 400
    assert "cannot be stored" in page.text


def test_path_with_nul_is_refused_in_the_format_of_the_api(client: Client) -> None:
    answer = client.get("/api/v1/sensors/%00/")

    assert (answer.status_code, answer.json()["code"]) == (400, "not_storable")


@pytest.mark.parametrize(
    "body",
    [
        rb'{"name": "a\u0000"}',
        rb'{"name": "\ud800"}',
        rb'{"names": {"a\u0000": {"quantity": "temperature"}}}',
        b'{"latitude": 1e400}',
        b'{"latitude": 36893488147419103232}',
        b'{"unknown": [[["\\u0000"]]]}',
        b"[" * 100_000,
    ],
)
def test_json_that_cannot_be_stored_is_refused_wherever_it_is(cast: Cast, body: bytes) -> None:
    program: Any = client_of(cast.owner)
    answer = program.generic("PATCH", f"/api/v1/sensors/{cast.sensor.uuid}/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["content-type"] == "application/problem+json"


def test_whole_characters_and_usual_numbers_pass() -> None:
    import io

    body = '{"a": "日本語 🌡\\ud83c\\udf21", "b": [1.5, -9223372036854775808, null, true]}'

    parsed = StorableJSON().parse(io.BytesIO(body.encode()))

    assert parsed == {"a": "日本語 🌡🌡", "b": [1.5, -(2**63), None, True]}
