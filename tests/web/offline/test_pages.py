"""The offline page and its service worker: what is kept, for which scope, and nothing of a person."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client, override_settings
from django.urls import clear_script_prefix, set_script_prefix

from sensorfusion.web.offline import pages
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def worker_is_made_again() -> None:
    """It is made once in a process, with the hashed names of another test that collected the static files."""
    storage: Any = staticfiles_storage
    storage.hashed_files.clear()
    pages._worker.cache_clear()


def kept(client: Client) -> dict[str, object]:
    first, _, _ = client.get("/worker.js").text.partition("\n")
    found: dict[str, object] = json.loads(first.removeprefix("const KEPT = ").removesuffix(";"))
    return found


def test_worker_is_served_at_the_root_as_a_script(client: Client) -> None:
    answer = client.get("/worker.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-store"
    assert "connect-src 'self'" in answer["Content-Security-Policy"]
    assert "worker-src 'self'" in client.get("/offline/")["Content-Security-Policy"]


def test_worker_keeps_the_offline_page_and_static_files_only(client: Client) -> None:
    names = kept(client)

    assert (names["root"], names["page"]) == ("/", "/offline/")
    files = names["files"]
    assert isinstance(files, list)
    assert all(each.startswith("/static/") for each in files)
    assert {client.get(each).status_code for each in files} == {200}
    for part in ("tokens", "offline", "page-offline", "last-values", "geist-latin-wght"):
        assert any(part in each for each in files), part


def test_worker_keeps_the_offline_page_in_the_language_of_the_page_that_registers_it(client: Client) -> None:
    client.cookies["language"] = "de"
    german = kept(client)
    client.cookies["language"] = "en"
    english = kept(client)

    assert (german["language"], english["language"]) == ("de", "en")
    assert german["version"] != english["version"]
    text = client.get("/worker.js").text
    # The page is fetched without cookies, which would have said its language.
    assert 'headers: { "Accept-Language": KEPT.language }' in text
    client.cookies.clear()
    assert '<html lang="de"' in " ".join(client.get("/offline/", HTTP_ACCEPT_LANGUAGE="de").text.split())


def test_everything_that_the_offline_page_loads_is_kept(client: Client) -> None:
    text = client.get("/offline/").text
    loaded = re.findall(r'<(?:script|link rel="(?:stylesheet|modulepreload)")[^>]*(?:src|href)="([^"]+)"', text)

    assert loaded
    assert set(loaded) <= set(map(str, kept(client)["files"]))  # type: ignore[call-overload]  # of JSON


@pytest.mark.django_db
def test_offline_page_is_the_same_for_everybody(cast: Cast) -> None:
    client = Client()
    signed_out = client.get("/offline/")
    client.force_login(cast.owner)

    assert client.get("/offline/").text == signed_out.text
    assert "cookie" not in signed_out["Vary"].lower()  # as the worker fetches it: cookies say the language of a reader
    assert "Orchard" not in signed_out.text


def test_worker_and_page_are_below_the_path_of_the_platform(client: Client) -> None:
    pages._worker.cache_clear()
    set_script_prefix("/sf/")
    try:
        with override_settings(PUBLIC_PATH="/sf"):
            text = pages._worker()
    finally:
        clear_script_prefix()
        pages._worker.cache_clear()

    names = json.loads(text.partition("\n")[0].removeprefix("const KEPT = ").removesuffix(";"))
    assert (names["root"], names["page"]) == ("/sf/", "/sf/offline/")


def test_signing_out_leads_to_the_page_that_forgets(client: Client, db: None) -> None:
    answer = client.post("/sign-out/")

    assert urlsplit(answer["Location"]).path == "/sign-in/"
    assert 'data-page="door"' in client.get(answer["Location"]).text
