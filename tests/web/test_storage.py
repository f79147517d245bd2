"""Static files are served whether they were collected or not."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from pytest_django import Settings

import sensorfusion
from sensorfusion.web.importmap import LATER, PAGES, address, import_map, needed_by, preloaded
from sensorfusion.web.languages.scripts import MARKS
from sensorfusion.web.storage import HashedFiles, StaticFiles, plain_sheet

TOKENS = "css/tokens.css"
SHEETS = sorted(Path(sensorfusion.__file__).parent.glob("*/static/css/*.css"))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collect once into this module's own directory, without compression, which is the slowest part."""
    path = tmp_path_factory.mktemp("collected") / "static"
    left_alone = ("js", "css", "svg", "map", "png", "woff", "woff2", "html", "txt", "ico")
    with override_settings(STATIC_ROOT=path, WHITENOISE_SKIP_COMPRESS_EXTENSIONS=left_alone):
        call_command("collectstatic", verbosity=0, interactive=False)
    storage: Any = staticfiles_storage
    storage.hashed_files.clear()  # they are kept for the process, and other tests have collected nothing
    return path


@pytest.fixture
def collected(settings: Settings, directory: Path) -> HashedFiles:
    settings.STATIC_ROOT = directory
    return HashedFiles(location=directory, base_url=settings.STATIC_URL)


def test_a_file_is_served_by_its_plain_name_when_nothing_was_collected(client: Client) -> None:
    answer = client.get(f"/static/{TOKENS}")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/css")
    assert b"@layer reset, tokens, base, components, pages" in answer.content


def test_a_collected_sheet_has_no_comments(collected: HashedFiles, directory: Path) -> None:
    text = (directory / collected.stored_name(TOKENS)).read_text()

    assert "@layer reset, tokens, base, components, pages" in text
    assert "/*" not in text


def test_a_plain_name_is_not_kept_for_ever(client: Client) -> None:
    assert "immutable" not in client.get(f"/static/{TOKENS}")["Cache-Control"]


def test_a_file_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.get(f"/static/{TOKENS}")

    again = client.get(f"/static/{TOKENS}", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])

    assert again.status_code == 304
    assert again.content == b""


def test_a_head_request_gets_no_body(client: Client) -> None:
    answer = client.head(f"/static/{TOKENS}")

    assert answer.status_code == 200
    assert answer.content == b""


def test_a_name_that_is_no_file_is_not_found(client: Client) -> None:
    assert client.get("/static/css/nothing.css").status_code == 404


def test_a_file_that_was_not_collected_has_its_plain_address() -> None:
    assert HashedFiles(location="/nowhere", base_url="/static/").url("css/new.css") == "/static/css/new.css"


def test_a_collected_file_has_its_hash_in_its_name_and_is_kept_for_ever(
    collected: HashedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staticfiles_storage, "_wrapped", collected)
    address = collected.url(TOKENS)
    serve = StaticFiles(lambda _: HttpResponse(status=404))

    answer = serve(RequestFactory().get(address))

    assert address != f"/static/{TOKENS}"
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]


def test_a_collected_stylesheet_names_its_fonts_by_their_hashes(collected: HashedFiles) -> None:
    with collected.open(collected.stored_name("css/base.css")) as file:
        text = file.read().decode()

    assert collected.url("vendor/geist/geist-latin-wght-normal.woff2").rpartition("/")[2] in text


def test_a_collected_page_holds_all_of_our_scripts_it_needs(collected: HashedFiles) -> None:
    with collected.open(collected.stored_name("js/pages/page-sensor.js")) as file:
        text = file.read().decode()

    assert 'customElements.define("sf-chart"' in text
    assert re.findall(r"^import .*;$", text, re.MULTILINE) == ['import uPlot from "uplot";']


def test_a_collected_module_for_later_holds_what_it_needs_and_exports_its_own(collected: HashedFiles) -> None:
    with collected.open(collected.stored_name("js/later/chart-table.js")) as file:
        text = file.read().decode()

    assert "import " not in text
    assert re.search(r"^export \{ fillTable, rows, rowHead \};$", text, re.MULTILINE)


def test_a_page_of_collected_scripts_preloads_only_the_library(
    collected: HashedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staticfiles_storage, "_wrapped", HashedFiles(location="/nowhere", base_url="/static/"))
    assert len(preloaded("sf/page-sensor")) > 20

    monkeypatch.setattr(staticfiles_storage, "_wrapped", collected)
    assert preloaded("sf/page-sensor") == ("uplot",)


def test_the_map_of_collected_scripts_leaves_out_what_pages_hold(
    collected: HashedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staticfiles_storage, "_wrapped", collected)

    named = json.loads(import_map.__wrapped__())["imports"].keys()

    assert named == {*LATER, *needed_by("sf/frame"), *needed_by("sf/forms"), "uplot"} - {MARKS}


def test_the_german_map_names_the_german_scripts_where_they_differ(
    collected: HashedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staticfiles_storage, "_wrapped", collected)

    english, german = (json.loads(import_map.__wrapped__(each))["imports"] for each in ("en", "de"))

    assert english.keys() == german.keys()
    assert german["sf/keys-help"] != english["sf/keys-help"]
    assert german["sf/last-values"] == english["sf/last-values"]  # no texts
    assert german["uplot"] == english["uplot"]


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        ("sf/page-sensor", '"Paused"', '"Angehalten"'),  # joined, from another module
        ("sf/chart-table", '"Time"', '"Zeit"'),  # imported on use
        ("sf/forms", '"Hide password"', '"Passwort verbergen"'),  # by itself
        ("sf/frame", '"Find a sensor"', '"Sensor suchen"'),
    ],
)
def test_every_collected_script_exists_in_german(
    name: str, english: str, german: str, collected: HashedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staticfiles_storage, "_wrapped", collected)
    addresses = {"en": address(name), "de": address(name, "de"), "xx": address(name, "xx")}

    for language, there, missing in (("en", english, german), ("de", german, english), ("xx", english, german)):
        with collected.open(addresses[language].removeprefix("/static/")) as file:
            text = file.read().decode()
        assert there in text
        assert missing not in text
        assert "gettext" not in text


def test_no_collected_script_marks_its_texts(collected: HashedFiles) -> None:
    files = list((Path(collected.location) / "js").rglob("*.js"))

    assert len(files) > len(PAGES) + len(LATER)
    assert [each.name for each in files if MARKS in each.read_text()] == []


def test_what_is_no_static_file_goes_on_to_the_pages() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"page {request.path}")

    assert StaticFiles(page)(RequestFactory().get("/sign-in/")).content == b"page /sign-in/"


def test_a_file_that_changed_under_the_server_is_sent_whole(collected: HashedFiles) -> None:
    plain = Path(collected.location) / "changed.txt"
    plain.write_text("before", encoding="utf-8")
    serve = StaticFiles(lambda _: HttpResponse(status=404))
    plain.write_text("afterwards", encoding="utf-8")

    answer = serve(RequestFactory().get("/static/changed.txt"))

    assert (answer.content, answer["Content-Length"]) == (b"afterwards", "10")


def test_comments_and_indentation_are_not_sent() -> None:
    text = "/* Of pages:\n   all of them */\n@layer a {\n  b { c: d }\n\n  /* e */\n  f { g: h } /* i */\n}\n"

    assert plain_sheet(text) == "@layer a {\nb { c: d }\nf { g: h }\n}\n"


def test_the_strings_of_our_sheets_contain_nothing_that_is_taken_out() -> None:
    assert len(SHEETS) > 20
    for sheet in SHEETS:
        text = plain_sheet(sheet.read_text())

        assert not re.search(r"/\*|\*/|\n\s", text), sheet.name
        strings = [part for line in sheet.read_text().splitlines() for part in line.split('"')[1::2]]
        assert not [each for each in strings if "/*" in each]
