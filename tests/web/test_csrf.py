"""The page of a form that is refused: which header or setting it names."""

import logging
from collections.abc import Mapping

import pytest
from django.test import Client
from pytest_django import Settings

from sensorfusion.web import csrf
from sensorfusion.web.logs.limited_log import LimitedLog

HOST = "sensors.example.org"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [HOST, "127.0.0.1"]


def page(headers: Mapping[str, str] = {}, *, cookie: bool = True, token: bool = True) -> str:
    """Submit the sign-in form with these headers; return the page of the refusal."""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/sign-in/", headers={"host": HOST})
    form = {"email": "ada@example.org", "password": "x"}
    if token:
        form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
    if not cookie:
        browser.cookies.clear()
    answer = browser.post("/sign-in/", form, headers={"host": HOST, **headers})
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert 'class="wrong"' in shown, "not in the look of our pages"
    return shown


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"origin": f"https://{HOST}"}, "the proxy does not send X-Forwarded-Proto"),
        ({"origin": f"https://{HOST}"}, f"or set PUBLIC_URL=https://{HOST}."),
        ({"origin": f"https://{HOST}", "x-forwarded-proto": "http"}, "the proxy says http in X-Forwarded-Proto"),
        ({"origin": f"https://{HOST}", "x-forwarded-proto": "https"}, "add it to FORWARDED_ALLOW_IPS"),
        ({"origin": f"https://{HOST}", "host": "127.0.0.1:8000"}, "The Host header is 127.0.0.1:8000."),
        ({"origin": f"https://{HOST}", "host": "127.0.0.1:8000"}, "proxy_set_header Host $http_host"),
        ({"origin": f"http://{HOST}:8080"}, f"The Host header is {HOST}, without this port"),
        ({"origin": "null"}, "A browser sends null for a file"),
        ({"origin": "https://evil.example.org"}, "add https://evil.example.org to CORS_ALLOWED_ORIGINS"),
    ],
)
def test_header_that_is_missing_is_named_with_what_to_set(headers: dict[str, str], words: str) -> None:
    assert words in page(headers)


def test_missing_cookie_leads_to_the_public_address(settings: Settings) -> None:
    assert "Allow cookies for this site" in page(cookie=False)

    settings.PUBLIC_URL = "https://sensors.example.org/sf"
    assert "Open the platform at https://sensors.example.org/sf" in page(cookie=False)


def test_old_form_is_to_be_sent_again() -> None:
    assert "This form was open for too long" in page(token=False)


@pytest.mark.parametrize(
    ("referer", "words"),
    [
        ("", "The browser sent neither Origin nor Referer."),
        ("https://evil.example.org/page", "a page of https://evil.example.org."),
        ("http://sensors.example.org/", "opened over http, but the proxy says https"),
        ("https://[", "That is no address of a web page"),
    ],
)
def test_encrypted_form_without_origin_is_explained_by_its_referer(
    settings: Settings, referer: str, words: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"x-forwarded-proto": "https", **({"referer": referer} if referer else {})}

    assert words in page(headers)


def test_what_the_browser_sent_is_not_markup() -> None:
    assert "<script>" not in page({"origin": "https://<script>alert(1)</script>"}).partition("<main")[2]


def test_the_page_is_in_the_reader_s_language_and_the_log_in_english(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csrf, "_log", LimitedLog(logging.getLogger(csrf.__name__)))  # has said nothing yet

    shown = page({"accept-language": "de"}, cookie=False)

    assert "Der Browser hat kein Cookie gesendet" in shown
    assert "laden Sie die Seite neu" in shown
    assert all("Cookie gesendet" not in each for each in caplog.messages)
    assert any("Allow cookies for this site" in each for each in caplog.messages)
