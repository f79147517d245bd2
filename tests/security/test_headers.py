"""Headers of every response, CSRF, redirects after signing in, and rate limits of attempts."""

import json
import os
import subprocess
import sys
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from sensorfusion.accounts.attempts import FROM_ANYWHERE
from sensorfusion.accounts.services import issue_token
from tests.clients import client_with
from tests.conftest import PASSWORD, Cast
from tests.ingest.conftest import Server
from tests.security.test_sight import PUBLIC, World, ask, everywhere, signed_in, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db

PAGES = ["/sign-in/", "/sign-up/", "/nothing/", "/api/v1/sensors/", "/api/docs/", "/api/redoc/", "/admin/login/", "/"]
NEW = "a much better password"


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_headers_that_browsers_obey(path: str) -> None:
    answer = Client().get(path)

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    # Swagger UI's OAuth window is answered by another service.
    assert answer["Cross-Origin-Opener-Policy"] == ("unsafe-none" if path == "/api/docs/" else "same-origin")
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]


def test_no_answer_to_somebody_signed_in_is_kept_by_the_browser(world: World) -> None:
    """Back after signing out must not show it; a conditional request for a chart is answered by us."""
    kept = {}
    for route, method, _ in everywhere():
        if method == "GET":
            caching = ask(signed_in(world.cast.owner), world, route, method).get("Cache-Control", "")
            if "no-store" not in caching and "private, no-cache" not in caching:
                kept[route] = caching

    assert kept == {}


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/", "/sign-in/"])
def test_no_page_asks_anybody_else_for_anything(path: str) -> None:
    text = Client().get(path).text

    assert "fonts.g" not in text
    assert 'src="http' not in text
    assert 'href="http' not in text


def test_the_session_s_cookie_is_not_for_scripts_nor_for_other_sites(cast: Cast) -> None:
    client = Client()
    client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD})

    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def settings_with(**given: str) -> dict[str, object]:
    """Return the settings of a process with these variables."""
    names = ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SECURE_HSTS_SECONDS")
    more = ("SECURE_SSL_REDIRECT", "SECURE_SSL_HOST")
    listed = f"json.dumps([getattr(settings, name, None) for name in {names + more}])"
    code = f"import json; from sensorfusion.config import settings; print({listed})"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **given}, capture_output=True, text=True, check=True
    )
    return dict(zip(names + more, json.loads(done.stdout), strict=True))


def test_cookies_of_a_public_https_address_are_this_host_s_and_sent_over_https_alone() -> None:
    found = settings_with(PUBLIC_URL="https://sensors.example.org", HTTPS_ONLY="1")

    assert found == {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_SSL_HOST": "sensors.example.org",
    }


@pytest.mark.parametrize("url", ["", "http://station.local:8000", "https://example.org/sf"])
def test_a_platform_without_tls_or_beside_others_promises_nothing_for_the_host(url: str) -> None:
    found = settings_with(PUBLIC_URL=url)

    assert found["SECURE_HSTS_SECONDS"] == 0
    assert found["SECURE_SSL_REDIRECT"] is False
    assert not str(found["SESSION_COOKIE_NAME"]).startswith("__Host-")


def test_pages_over_plain_http_are_redirected_where_that_is_set(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "sensors.example.org"
    settings.SECURE_HSTS_SECONDS = 31_536_000

    plain, encrypted = Client().get("/sign-in/?next=/"), Client().get("/sign-in/", secure=True)

    assert (plain.status_code, plain["Location"]) == (301, "https://sensors.example.org/sign-in/?next=/")
    assert encrypted.status_code == 200
    assert encrypted["Strict-Transport-Security"] == "max-age=31536000"


# Sent by programs for mail (RFC 8058): the token in the address allows it (tests/documents/mailing/test_pages.py).
WITHOUT_A_PAGE = {"account/reports/end/<token>/"}


def test_no_form_is_taken_without_its_token(world: World) -> None:
    for route, method, _ in everywhere():
        if method == "POST" and not route.startswith("api/") and route not in WITHOUT_A_PAGE:
            client = Client(enforce_csrf_checks=True)
            client.force_login(world.cast.owner)
            assert ask(client, world, route, method).status_code == 403, route


def test_a_session_writes_to_the_api_only_with_the_token_of_its_pages(world: World) -> None:
    for route, method, kind in everywhere():
        if method != "GET" and route.startswith("api/") and kind != PUBLIC:
            client = Client(enforce_csrf_checks=True)
            client.force_login(world.cast.owner)
            assert ask(client, world, route, method).status_code == 403, (method, route)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "http:evil.example", "javascript:alert(1)", "///x"],
)
def test_signing_in_leads_nowhere_else(cast: Cast, elsewhere: str) -> None:
    given = {"email": cast.owner.email, "password": PASSWORD}

    by_form = Client().post("/sign-in/", {**given, "next": elsewhere})
    by_address = Client().post(f"/sign-in/?next={elsewhere}", given)
    signed_in_already = signed_in(cast.owner).get("/sign-in/", {"next": elsewhere})

    assert {answer["Location"] for answer in (by_form, by_address, signed_in_already)} == {"/"}


def test_a_page_is_served_under_its_own_names_only() -> None:
    for host in ("evil.example", "localhost@evil.example", "localhost:80:80", "a" * 300):
        answer = Client().get("/sign-in/", headers={"Host": host})

        assert answer.status_code == 400
        assert "evil" not in answer.text


@pytest.mark.django_db(transaction=True)
async def test_a_door_answers_under_any_name_and_repeats_none(server: Server) -> None:
    answer = await server.post({"temperature": 20}, headers={"Host": "evil.example"})

    assert answer.status_code == 200
    assert "evil" not in answer.text + str(answer.headers)


def test_signing_in_begins_a_new_session(cast: Cast) -> None:
    client = Client()
    client.get("/sign-in/")
    client.session["planted"] = True
    client.session.save()
    client.cookies["sessionid"] = "plantedplantedplantedplantedplan"

    client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD})

    assert client.cookies["sessionid"].value != "plantedplantedplantedplantedplan"
    assert "planted" not in client.session


def test_signing_out_ends_the_session_itself(cast: Cast) -> None:
    client = signed_in(cast.owner)
    kept = client.cookies["sessionid"].value
    client.post("/sign-out/")
    client.cookies["sessionid"] = kept

    assert client.get("/").status_code == 302


@pytest.mark.parametrize("way", ["page", "api by session", "api by token", "admin"])
def test_a_new_password_ends_other_sessions_and_tokens(cast: Cast, way: str, now: datetime) -> None:
    other = signed_in(cast.owner)
    program = client_with(issue_token(operator=cast.owner, label="", now=now).text)
    own = client_with(issue_token(operator=cast.owner, label="", now=now).text)
    match way:
        case "page":
            signed_in(cast.owner).post("/account/password/", {"current": PASSWORD, "new": NEW})
        case "api by session":
            body = {"current": PASSWORD, "new": NEW}
            signed_in(cast.owner).post("/api/v1/auth/password/", body, content_type="application/json")
        case "api by token":
            own.post("/api/v1/auth/password/", {"current": PASSWORD, "new": NEW})
        case "admin":
            cast.editor.is_staff = cast.editor.is_superuser = True
            cast.editor.save()
            form = {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "1"}
            signed_in(cast.editor).post(f"/admin/accounts/operator/{cast.owner.pk}/password/", form)

    cast.owner.refresh_from_db()
    assert cast.owner.check_password(NEW)
    assert other.get("/").status_code == 302
    assert program.get("/api/v1/auth/me/").status_code == 401
    assert own.get("/api/v1/auth/me/").status_code == (200 if way == "api by token" else 401)


@pytest.mark.usefixtures("stopped_clock")
def test_passwords_cannot_be_guessed_by_trying(cast: Cast) -> None:
    given = {"email": cast.owner.email, "password": "wrong wrong wrong"}

    addresses = [f"10.0.0.{number}" for number in range(FROM_ANYWHERE + 2)]
    pages = [Client().post("/sign-in/", given, REMOTE_ADDR=address) for address in addresses]
    program = Client().post("/api/v1/auth/login/", given, content_type="application/json", REMOTE_ADDR="10.0.1.1")

    assert {page.status_code for page in pages[:FROM_ANYWHERE]} == {200}
    for refused in (*pages[FROM_ANYWHERE:], program):
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0


@pytest.mark.usefixtures("stopped_clock")
def test_one_address_cannot_try_many_accounts() -> None:
    given = [{"email": f"person{number}@example.org", "password": "wrong"} for number in range(31)]

    answers = [Client().post("/api/v1/auth/login/", one, content_type="application/json") for one in given]

    assert answers[-1].status_code == 429


def test_the_admin_has_no_sign_in_of_its_own(cast: Cast) -> None:
    cast.editor.is_staff = True
    cast.editor.save()

    asked = Client().get("/admin/sensors/sensor/", follow=True)
    tried = Client().post("/admin/login/", {"username": cast.editor.email, "password": PASSWORD})

    assert asked.redirect_chain[-1][0] == "/sign-in/?next=/admin/sensors/sensor/"
    assert tried["Location"].startswith("/sign-in/")
    assert signed_in(cast.owner).get("/admin/", follow=True).status_code == 403
    assert signed_in(cast.editor).get("/admin/login/")["Location"] == "/admin/"


@pytest.mark.parametrize("path", ["/account/password/", "/account/email/", "/account/close/", "/api/v1/auth/me/"])
@pytest.mark.usefixtures("stopped_clock")
def test_who_found_a_signed_in_browser_cannot_guess_its_password(cast: Cast, path: str) -> None:
    client = signed_in(cast.owner)
    wrong = {"password": "wrong", "current": "wrong", "new": NEW, "email": "x@example.org", "typed": cast.owner.email}
    for _ in range(31):
        if path.startswith("/api/"):
            answer = client.delete(path, wrong, content_type="application/json")
        else:
            answer = client.post(path, wrong)
    assert answer.status_code == 429 or "Too many attempts" in answer.text
