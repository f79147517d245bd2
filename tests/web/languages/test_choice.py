"""Whose choice the language of a page is, and what is English for everyone."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import translation

from sensorfusion.web.languages import LANGUAGES, Language, in_language_of, language_of
from tests.conftest import Cast
from tests.security.test_sight import signed_in

ACCEPTING = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
GERMAN = {"HTTP_ACCEPT_LANGUAGE": ACCEPTING["Accept-Language"]}


def asked(path: str = "/", cookie: str = "", **meta: str) -> HttpRequest:
    request = HttpRequest()
    request.path_info, request.META = path, dict(meta)
    if cookie:
        request.COOKIES["language"] = cookie
    return request


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-CH, fr;q=0.8", "de"),
        ("fr, de;q=0.3, en;q=0.2", "de"),
        ("fr", "en"),
        ("en-GB, de;q=0.9", "en"),
        ("", "en"),
        ("*", "en"),
        ("x" * 5_000, "en"),
        ("de;q=0, en", "en"),
    ],
)
def test_a_browser_asks_for_its_language(accepted: str, language: str) -> None:
    assert language_of(asked(HTTP_ACCEPT_LANGUAGE=accepted)) == language


@pytest.mark.parametrize("cookie", ["en", "de"])
def test_what_was_chosen_in_this_browser_counts_more(cookie: str) -> None:
    assert language_of(asked(cookie=cookie, HTTP_ACCEPT_LANGUAGE="de" if cookie == "en" else "en")) == cookie


@pytest.mark.parametrize("cookie", ["xx", "de-AT", "../de", ""])
def test_a_choice_that_there_is_not_counts_for_nothing(cookie: str) -> None:
    assert language_of(asked(cookie=cookie, **GERMAN)) == "de"


def test_the_account_s_language_counts_more_than_the_browser_s(cast: Cast) -> None:
    cast.owner.language = "de"
    cast.owner.save()

    page = signed_in(cast.owner).get("/account/")

    assert '<html lang="de"' in " ".join(page.content.decode().split())
    assert page.headers["Content-Language"] == "de"


def test_a_language_is_chosen_in_the_menu_and_kept_with_the_account(cast: Cast) -> None:
    client = signed_in(cast.owner)
    client.cookies["language"] = "en"

    answer = client.post("/account/choices/", {"language": "de", "next": "/sensors/"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sensors/")
    assert answer.cookies["language"].value == ""  # so that all browsers of the account follow it
    assert client.get("/sensors/").headers["Content-Language"] == "de"


@pytest.mark.parametrize("language", ["xx", "", "de-AT"])
def test_a_language_that_there_is_not_is_not_kept(cast: Cast, language: str) -> None:
    signed_in(cast.owner).post("/account/choices/", {"language": language})

    cast.owner.refresh_from_db()
    assert cast.owner.language == ""


def test_the_profile_says_which_language_and_takes_the_browser_s_again(cast: Cast) -> None:
    client = signed_in(cast.owner)
    form = {"name": "", "units": "metric", "clock": "24", "week_begins": "monday"}

    client.post("/account/profile/", {**form, "language": "de"})
    cast.owner.refresh_from_db()
    chosen = cast.owner.language
    client.post("/account/profile/", {**form, "language": ""})
    cast.owner.refresh_from_db()

    assert (chosen, cast.owner.language) == ("de", "")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/auth/me/", "/api/v1/nowhere/", "/api/v1/sensors/"])
def test_programs_are_answered_in_english(path: str) -> None:
    plain, german = Client().get(path), Client().get(path, headers=ACCEPTING)

    assert (german.status_code, german.content) == (plain.status_code, plain.content)
    assert "Content-Language" not in german.headers


@pytest.mark.django_db
def test_a_page_says_that_it_depends_on_the_browser_s_language() -> None:
    page = Client().get("/sign-in/", headers=ACCEPTING)

    assert "Accept-Language" in page.headers["Vary"]
    assert page.headers["Content-Language"] == "de"


def test_the_language_ends_with_its_request() -> None:
    heard = []

    def page(request: HttpRequest) -> HttpResponse:
        heard.append(translation.get_language())
        return HttpResponse("")

    for cookie in ("de", "en"):
        Language(page)(asked(cookie=cookie))

    assert heard == ["de", "en"]
    assert translation.get_language() == settings.LANGUAGE_CODE


def test_messages_are_in_the_language_of_who_gets_them(cast: Cast) -> None:
    languages = []
    for language in (*LANGUAGES, ""):
        cast.owner.language = language
        with in_language_of(cast.owner):
            languages.append(translation.get_language())
    with translation.override("de"), in_language_of(None):
        languages.append(translation.get_language())

    assert languages == [*LANGUAGES, "en", "en"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/"])
def test_the_pages_that_describe_the_api_are_in_the_reader_s_language(client: Client, path: str) -> None:
    answer = client.get(path, headers=ACCEPTING)

    assert answer.headers["Content-Language"] == "de"
    assert "<h1>API-Dokumentation</h1>" in answer.content.decode()
