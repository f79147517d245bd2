"""Each request has an id: in its answer, in what is logged for it, and on the page of an error."""

import json
import logging
import re
from typing import Any

import pytest
from django.test import Client

from sensorfusion.config.log_redaction import JsonFormatter, RedactingFormatter
from sensorfusion.web.logs.request_id import HEADER, request_id
from tests.conftest import Cast


class Lines(logging.Handler):
    """Keeps each line as it would be written at once, in the context that logged it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.objects: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(RedactingFormatter("{message}", style="{").format(record))
        self.objects.append(JsonFormatter().format(record))


@pytest.fixture
def lines() -> Any:
    handler = Lines()
    log = logging.getLogger("django.request")
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("sensorfusion.accounts.pages.render", fail)
    monkeypatch.setattr("sensorfusion.accounts.api.Me.get", fail)


@pytest.mark.django_db
def test_requests_get_different_ids() -> None:
    first, second = (Client().get("/sign-in/").headers[HEADER] for _ in range(2))

    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert re.fullmatch(r"[0-9a-f]{16}", second)
    assert first != second


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["7b2f0c9e-1d5a-4c39-9c8e-2f1f0a3e5d11", "0f" * 16, "edge_42.0-17"])
def test_the_id_of_a_proxy_is_kept(given: str) -> None:
    assert Client().get("/sign-in/", headers={HEADER: given}).headers[HEADER] == given


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "two words", "line\nbreak", "sensor=other", "<script>", "naïve-id-ü"]
)
def test_what_could_be_taken_for_something_else_in_a_log_is_not(given: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", Client().get("/sign-in/", headers={HEADER: given}).headers[HEADER])


@pytest.mark.django_db
@pytest.mark.usefixtures("failing")
def test_the_page_of_an_error_names_the_request_as_the_log_does(lines: Lines) -> None:
    answer = Client(raise_request_exception=False).get("/sign-in/")

    name = answer.headers[HEADER]
    assert answer.status_code == 500
    assert f"<code>{name}</code>" in answer.text
    first = lines.lines[0].splitlines()[0]
    assert first.endswith(f"[request_id={name}]")
    assert json.loads(lines.objects[0])["request_id"] == name
    assert request_id() == ""


@pytest.mark.usefixtures("failing")
def test_an_error_of_the_api_names_the_request(cast: Cast, lines: Lines) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.owner)

    answer = client.get("/api/v1/auth/me/")

    assert answer.status_code == 500
    assert answer.headers[HEADER] in answer.json()["detail"]
    assert lines.lines[0].splitlines()[0].endswith(f"[request_id={answer.headers[HEADER]}]")


def test_a_static_file_has_none(client: Client) -> None:
    assert HEADER not in client.get("/static/css/base.css").headers
