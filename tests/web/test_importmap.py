"""The import map: its contents, its hash, and that every imported module exists."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

import sensorfusion.web
from sensorfusion.web.importmap import MODULES, import_map, imports_of, needed_by

SCRIPTS = Path(sensorfusion.web.__file__).parent / "static" / "js"
OUR_SCRIPTS = sorted(SCRIPTS.rglob("*.js"))
_IN_PAGE = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_of_the_list_is_a_file(name: str) -> None:
    assert finders.find(MODULES[name])


@pytest.mark.parametrize("script", OUR_SCRIPTS, ids=lambda each: each.stem)
def test_every_import_of_a_script_is_in_the_list(script: Path) -> None:
    imported = imports_of(f"js/{script.relative_to(SCRIPTS)}")

    assert set(imported) <= MODULES.keys()


@pytest.mark.parametrize("script", OUR_SCRIPTS, ids=lambda each: each.stem)
def test_every_script_is_in_the_list(script: Path) -> None:
    assert f"js/{script.relative_to(SCRIPTS)}" in MODULES.values()


@pytest.mark.parametrize("script", OUR_SCRIPTS, ids=lambda each: each.stem)
def test_no_script_imports_by_address(script: Path) -> None:
    assert not re.search(r"""(?:\bfrom|\bimport)\s*\(?\s*["'][./h]""", script.read_text(encoding="utf-8"))


def test_what_an_entry_needs_is_named_once_and_without_itself() -> None:
    needed = needed_by("sf/frame")

    assert len(set(needed)) == len(needed)
    assert "sf/frame" not in needed


@pytest.mark.django_db
def test_the_map_in_the_page_is_the_one_whose_hash_the_policy_allows(client: Client) -> None:
    page = client.get("/sign-in/")

    found = _IN_PAGE.search(page.content.decode())
    assert found
    hashed = b64encode(sha256(found[1].encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{hashed}'" in page["Content-Security-Policy"]
    imported = {name for path in MODULES.values() for name in imports_of(path)}
    assert json.loads(found[1])["imports"].keys() == imported


@pytest.mark.django_db
def test_the_map_comes_before_the_first_module(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()

    assert page.index("importmap") < page.index('type="module"')
    assert page.index("importmap") < page.index("modulepreload")


def test_the_map_cannot_end_its_script() -> None:
    assert "<" not in import_map()
