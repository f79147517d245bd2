"""No key, token, password, session or secret key appears in a log, in a response to others, or in the database."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from pytest_django import Settings

from sensorfusion.config.env import Environment
from sensorfusion.sensors.models import Key
from tests.conftest import PASSWORD, Cast
from tests.ingest.conftest import Server, change, read

pytestmark = pytest.mark.django_db(transaction=True)

LOGGERS = ["", "django", "django.request", "django.security", "uvicorn", "sensorfusion", "psycopg", "psycopg.pool"]
WRONG_KEY = "sf_abcdefgh-" + "Secret" * 5 + "xy"
WRONG_TOKEN = "sft_" + "Token" * 8
WRONG_PASSWORD = "a wrong password that is secret"


class _Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Everything that is logged, including debug messages, with tracebacks."""
    everything = _Everything()
    found = [logging.getLogger(name) for name in LOGGERS]
    before = [(one, one.level) for one in found]
    for one in found:
        one.addHandler(everything)
        one.setLevel(logging.DEBUG)
    # Statements contain the parameters that Django passes, including digests; this logger is off in production.
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    yield everything.lines
    for one, level in before:
        one.removeHandler(everything)
        one.setLevel(level)
    logging.getLogger("django.db.backends").setLevel(logging.NOTSET)


def nowhere(secrets: list[str], texts: list[str]) -> None:
    for secret in secrets:
        assert secret
        assert [text[:300] for text in texts if secret in text] == []


async def test_what_is_posted_to_the_door_leaves_no_key_in_a_log_or_answer(server: Server, log: list[str]) -> None:
    keys = [server.key, server.key[:-1] + "_", WRONG_KEY, "short", "", WRONG_TOKEN]
    bodies = [b'{"temperature":1}', b"garbage", b'{"temperature":9999}', b"[" * 9999, b" " * 2_000_000]
    answers = [(await server.post(content=body, key=key)).text for key in keys for body in bodies]
    change("UPDATE sensors_key SET revoked_at = now()")
    await server.post({"temperature": 1})

    nowhere([server.key, server.key[12:], WRONG_KEY, WRONG_KEY[12:], WRONG_TOKEN], log + answers)


async def test_a_fault_while_storing_logs_no_key(server: Server, log: list[str]) -> None:
    await server.post({"temperature": 1})
    change("ALTER TABLE sensor_state RENAME TO state_gone")
    try:
        answer = await server.post({"temperature": 2})
    finally:
        change("ALTER TABLE state_gone RENAME TO sensor_state")

    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    assert any("cannot be stored" in line for line in log)
    nowhere([server.key, server.key[12:]], [*log, answer.text])


@dataclass
class Person:
    """A client signed in by the page and by the API."""

    page: Client
    token: str
    session: str

    @property
    def secrets(self) -> list[str]:
        return [self.token, self.session, PASSWORD, WRONG_PASSWORD, WRONG_TOKEN, django_settings.SECRET_KEY]


@pytest.fixture
def person(cast: Cast) -> Person:
    page = Client(raise_request_exception=False)
    page.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD})
    credentials = {"email": cast.owner.email, "password": PASSWORD}
    token = Client().post("/api/v1/auth/login/", credentials, content_type="application/json").json()["token"]
    return Person(page, token, page.cookies["sessionid"].value)


JSON = "application/json"


@pytest.mark.parametrize("debug", [False, True])
def test_what_people_send_leaves_no_secret_in_a_log_or_answer(
    cast: Cast, person: Person, log: list[str], settings: Settings, debug: bool
) -> None:
    settings.DEBUG = debug
    program = Client(headers={"Authorization": f"Bearer {person.token}"}, raise_request_exception=False)
    outsider = Client(headers={"Authorization": f"Bearer {WRONG_TOKEN}"}, raise_request_exception=False)
    wrong = {"email": cast.owner.email, "password": WRONG_PASSWORD, "current": WRONG_PASSWORD, "new": PASSWORD}
    answers = [
        person.page.get("/"),
        person.page.get("/nowhere/"),
        person.page.get("/account/"),
        person.page.post("/account/password/", wrong),
        person.page.post("/account/email/", wrong),
        person.page.post("/account/close/", {**wrong, "typed": cast.owner.email}),
        Client().post("/sign-in/", wrong),
        Client().post("/sign-up/", {**wrong, "email": "x"}),
        Client(enforce_csrf_checks=True).post("/sign-in/", wrong),
        Client().post("/api/v1/auth/login/", wrong, content_type=JSON),
        Client().post("/api/v1/auth/login/", f'{{"password":"{PASSWORD}"', content_type=JSON),
        Client().post("/api/v1/auth/register/", {**wrong, "email": "x"}, content_type=JSON),
        program.post("/api/v1/auth/password/", wrong, content_type=JSON),
        program.delete("/api/v1/auth/me/", wrong, content_type=JSON),
        program.get("/api/v1/auth/tokens/"),
        program.get("/api/v1/nowhere/"),
        outsider.get("/api/v1/sensors/"),
        person.page.get("/", headers={"Host": "evil.example"}),
    ]

    assert all(answer.status_code < 500 for answer in answers)
    nowhere(person.secrets, log + [answer.text for answer in answers])


def test_a_server_error_shows_and_logs_no_secret(
    cast: Cast, person: Person, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sensorfusion.accounts.pages.change_password", "sensorfusion.accounts.services.change_password"):
        monkeypatch.setattr(name, fail)
    given = {"current": PASSWORD, "new": WRONG_PASSWORD}
    program = Client(headers={"Authorization": f"Bearer {person.token}"}, raise_request_exception=False)

    page = person.page.post("/account/password/", given)
    api = program.post("/api/v1/auth/password/", given, content_type=JSON)

    assert (page.status_code, api.status_code) == (500, 500)
    assert any("our fault" in line for line in log)
    nowhere(person.secrets, [*log, page.text, api.text])


def test_the_page_of_a_fault_while_debugging_shows_no_setting_that_is_secret(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    settings.ENVIRONMENT = Environment(
        secret_key="the-secret-key", database_url="postgresql://u:the-password@h/d", metrics_token="the-metrics-token"
    )
    monkeypatch.setattr("sensorfusion.reports.pages.sensors_by_site", fail)
    client = Client(raise_request_exception=False)
    client.force_login(cast.owner)

    page = client.get("/", headers={"Authorization": f"Bearer {WRONG_TOKEN}"})

    assert page.status_code == 500
    assert "ZeroDivisionError" in page.text
    session = client.cookies["sessionid"].value
    nowhere(["the-secret-key", "the-password", "the-metrics-token", WRONG_TOKEN, session], [page.text])


def test_the_environment_is_printed_without_its_secrets() -> None:
    shown = repr(
        Environment(
            secret_key="the-secret-key",
            database_url="postgresql://u:the-password@h/d",
            redis_url="redis://:the-redis-password@h",
            metrics_token="the-metrics-token",
        )
    )

    nowhere(["the-secret-key", "the-password", "the-redis-password", "the-metrics-token"], [shown])


def test_keys_tokens_and_passwords_are_nowhere_in_the_database(cast: Cast, person: Person) -> None:
    program = Client(headers={"Authorization": f"Bearer {person.token}"})
    made = program.post(f"/api/v1/sensors/{cast.sensor.uuid}/keys/", {}, content_type=JSON).json()["key"]
    other = program.post("/api/v1/auth/tokens/", {"label": "x"}, content_type=JSON).json()["token"]
    person.page.post(f"/sensors/{cast.sensor.uuid}/keys/")
    shown = person.page.get(f"/sensors/{cast.sensor.uuid}/keys/").text
    prefix = Key.objects.latest("id").prefix
    shown_key = shown[shown.index(f"{prefix}-") :][:44]
    assert len(shown_key) == 44

    secrets = [made, made[12:], other, other[4:], shown_key, shown_key[12:], person.token, PASSWORD]
    nowhere(secrets, everything_stored())


def everything_stored() -> list[str]:
    """Return every row of every table as text; bytes also as characters."""
    connection.close()
    tables = read("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
    rows = [row for table in tables for row in read(f"SELECT t::text FROM {table} AS t")]
    digests = [read(f"SELECT encode(digest, 'escape') FROM {table}") for table in ("sensors_key", "accounts_apitoken")]
    return [*rows, *digests[0], *digests[1]]


def fail(*_: object, **__: object) -> None:
    """Raise an error; at the end of the file, since a debugging page shows the lines around it."""
    raise ZeroDivisionError("our fault")
