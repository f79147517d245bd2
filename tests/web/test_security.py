"""The content security policy: strict for our pages, looser for third-party ones, and nothing inline in a template."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client

import sensorfusion
from sensorfusion.web import importmap
from sensorfusion.web.security import EXCEPTIONS, policy

# Except messages: they are shown by programs for mail, which load no style sheets.
ELSEWHERE = ("mail/message.html",)
TEMPLATES = sorted(
    each
    for each in Path(sensorfusion.__file__).parent.glob("*/templates/**/*.html")
    if f"{each.parent.name}/{each.name}" not in ELSEWHERE
)
_STYLE = re.compile(r"<style|\sstyle\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


def test_our_pages_run_nothing_inline_and_make_no_markup_from_strings() -> None:
    allowed = policy(path="/", host="station.example")

    assert "default-src 'none'" in allowed
    assert "unsafe" not in allowed
    assert "require-trusted-types-for 'script'" in allowed
    assert "frame-ancestors 'none'" in allowed


def test_sockets_of_the_same_host_are_named_for_safari() -> None:
    assert "connect-src 'self' ws://station.example:8000 wss://station.example:8000;" in policy(
        path="/", host="station.example:8000"
    )


def test_a_host_that_is_not_ours_gets_no_place_in_the_policy(client: Client) -> None:
    answer = client.get("/", HTTP_HOST="evil.example; script-src *")

    assert answer.status_code == 400
    assert "evil" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("beginning", [beginning for beginning, _ in EXCEPTIONS])
def test_pages_of_others_may_style_themselves_but_not_be_framed(beginning: str) -> None:
    allowed = policy(path=beginning, host="station.example")

    assert "style-src 'self' 'unsafe-inline'" in allowed
    assert "frame-ancestors 'none'" in allowed
    assert "base-uri 'none'" in allowed


@pytest.mark.parametrize("beginning", [beginning for beginning, _ in EXCEPTIONS])
def test_pages_of_others_run_no_inline_script(beginning: str) -> None:
    assert "unsafe-inline" not in policy(path=beginning, host="").replace("style-src 'self' 'unsafe-inline'", "")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/"])
def test_the_documentation_is_in_our_frame_with_the_import_map_its_policy_allows(client: Client, path: str) -> None:
    answer = client.get(path)

    (imports,) = re.findall(r'<script type="importmap">(.*?)</script>', answer.content.decode())
    allowed = b64encode(sha256(imports.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{allowed}'" in answer["Content-Security-Policy"]
    assert 'href="/" aria-label="SensorFusion, overview"' in answer.text
    assert 'lang="en"' in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/nothing/", "/offline/"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_may_run_the_scripts_of_its_language(
    client: Client, path: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not collected, the scripts of all languages are the same files, so one of these differs here."""
    monkeypatch.setattr(importmap, "address", lambda name, language: f"/static/{name}.{language}.js")
    importmap.import_map.cache_clear()
    importmap.import_map_hash.cache_clear()
    try:
        answer = client.get(path, HTTP_ACCEPT_LANGUAGE=language)
    finally:
        importmap.import_map.cache_clear()
        importmap.import_map_hash.cache_clear()

    (imports,) = re.findall(r'<script type="importmap">(.*?)</script>', answer.text)
    assert f"sf/frame.{language}.js" in imports
    allowed = b64encode(sha256(imports.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{allowed}'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/nothing/", "/admin/login/", "/api/docs/", "/api/v1/sensors/"])
def test_every_answer_has_a_policy(client: Client, path: str) -> None:
    assert "frame-ancestors 'none'" in client.get(path)["Content-Security-Policy"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: f"{each.parent.name}/{each.name}")
def test_no_template_has_an_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    assert not _STYLE.search(text)
    assert not _SCRIPT.search(text)


def test_the_one_style_in_a_page_is_allowed_by_its_hash(client: Client, db: None) -> None:
    answer = client.get("/sign-in/")

    (style,) = re.findall(r"<style>(.*?)</style>", answer.content.decode())
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in answer["Content-Security-Policy"]
    assert answer.content.index(b"<style>") < answer.content.index(b'rel="stylesheet"')


def test_a_refused_form_s_page_has_the_policy_too() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {})

    assert answer.status_code == 403
    assert "default-src 'none'" in answer["Content-Security-Policy"]
