"""The forge's address in `pyproject.toml` is the same wherever it is written out."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

from sensorfusion import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FORGE = PROJECT["urls"]["Source"]
SITE = PROJECT["urls"]["Documentation"]


def tracked() -> list[Path]:
    """Return the tracked files; all files where the tests run from a source distribution."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\n") if listed.returncode == 0 else [str(path) for path in ROOT.rglob("*")]
    return [path for path in (ROOT / name for name in names if name) if path.is_file() and not path.is_symlink()]


def test_no_file_names_another_address_of_this_project() -> None:
    owner = FORGE.split("/")[3]
    named = re.compile(rf"https://(?:github\.com/{owner}\b[^\s\"')>]*|{owner}\.github\.io\b[^\s\"')>]*)")
    files = [path for path in tracked() if path.suffix in {".md", ".yml", ".toml", ".cff", ".py"}]
    found = {(path.name, link) for path in files for link in named.findall(path.read_text(encoding="utf-8"))}

    assert len(found) >= 6
    assert [each for each in found if not each[1].startswith((FORGE, SITE))] == []


def test_every_address_of_the_package_is_on_the_forge_or_its_site() -> None:
    assert [url for url in PROJECT["urls"].values() if not url.startswith((FORGE, SITE))] == []


def test_citation_says_what_the_package_says() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert citation["repository-code"] == FORGE
    assert citation["url"] == SITE
    assert citation["version"] == __version__
    assert citation["license"] == PROJECT["license"]
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in PROJECT["authors"]]


def test_issue_forms_have_what_a_forge_asks_of_them() -> None:
    forms = [path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"]
    assert len(forms) == 3
    for path in forms:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert form.keys() == {"name", "description", "labels", "body"}
        identifiers = [field["id"] for field in form["body"]]
        assert len(set(identifiers)) == len(identifiers)
        assert all(field["attributes"]["label"] for field in form["body"])


def test_updates_wait_until_others_have_tried_them() -> None:
    settings = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))

    for update in settings["updates"]:
        assert update["cooldown"]["default-days"] >= 7
        directory = ROOT / update["directory"].removeprefix("/")
        assert directory.is_dir(), f"{directory} does not exist"
