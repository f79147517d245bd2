"""The front documents are true: what they name exists, and what exists is named."""

import re
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from django.conf import settings

from sensorfusion import __version__
from sensorfusion.config.env import Environment
from sensorfusion.ingest.doors.consoles.catalogue import CONSOLES

ROOT = Path(__file__).parents[2]
FRONT = ["README.md", "ARCHITECTURE.md", "STYLE.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def text(page: str) -> str:
    return (ROOT / page).read_text()


def test_readme_links_each_page_once() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", text("README.md"))

    assert len(targets) > 10
    assert {target for target in targets if targets.count(target) > 1} == set()


def exists(name: str) -> bool:
    """Return whether a path as written in the documents, relative to the root or to the package, exists."""
    return any((root / name).exists() for root in (ROOT, ROOT / "sensorfusion"))


def test_every_path_that_the_architecture_names_exists() -> None:
    named = set(re.findall(r"\b(?:[a-z_]+/)+[a-zA-Z_]*(?:\.(?:py|js|css|md|yaml))?", text("ARCHITECTURE.md")))
    paths = {name for name in named if name.split("/")[0] in _TOP}

    assert len(paths) > 40
    assert sorted(path for path in paths if not exists(path)) == []


_TOP = {path.name for root in (ROOT, ROOT / "sensorfusion") for path in root.iterdir() if path.is_dir()} - {"api"}


def test_every_path_that_the_recipes_name_exists() -> None:
    recipes = text("CONTRIBUTING.md").split("## Recipes")[1].split("## Rules")[0]

    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", recipes))
    assert len(named) >= 20
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_recipes_end_with_targets_of_make() -> None:
    recipes = text("CONTRIBUTING.md").split("## Recipes")[1].split("## Rules")[0]

    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", recipes)) <= targets


def test_every_console_has_a_row_in_the_table_of_doors() -> None:
    table = text("docs/doors/README.md")

    assert [console.name for console in CONSOLES if console.marker not in table] == []


def test_architecture_names_every_package() -> None:
    packages = [path.name for path in (ROOT / "sensorfusion").iterdir() if path.is_dir() and any(path.rglob("*.py"))]

    table = text("ARCHITECTURE.md").split("## The way of a reading")[0]

    assert len(packages) > 15
    assert [name for name in packages if f"`{name}`" not in table] == []


def test_every_class_that_the_architecture_names_is_in_the_file_beside_it() -> None:
    beside = re.findall(r"`([A-Z][A-Za-z]+|[a-z]+)` in `(sensorfusion/[a-z_/]+\.py)`", text("ARCHITECTURE.md"))

    assert len(beside) >= 4
    assert [pair for pair in beside if not re.search(rf"\b{pair[0]}\b", text(pair[1]))] == []


def test_daphne_and_channels_come_first() -> None:
    assert settings.INSTALLED_APPS[:2] == ["daphne", "channels"]


def test_settings_page_and_code_name_the_same_variables() -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", text("docs/settings.md"), re.MULTILINE)

    assert sorted(documented) == sorted(each.metadata["variable"] for each in fields(Environment))


def test_no_variable_is_read_anywhere_else() -> None:
    code = [path for path in (ROOT / "sensorfusion").rglob("*.py") if path.name not in ("env.py", "__main__.py")]
    # What is given to child processes is not read.
    code.remove(ROOT / "sensorfusion" / "config" / "child_environment.py")

    reading = [
        str(path)
        for path in code
        if re.search(r"os\.environ\b(?!\.setdefault|\[\"\w+\"\] = )|getenv", path.read_text())
    ]

    # Looking up system tools (PATH) is left to their callers.
    assert [path for path in reading if not path.endswith("unprivileged.py")] == []


def test_newest_change_is_this_version() -> None:
    headings = re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)

    assert headings[0] == __version__


def test_pages_stay_short() -> None:
    """All but the list of changes, which grows with every release."""
    pages = [page for page in FRONT if page != "CHANGELOG.md"]

    assert {page: len(text(page).splitlines()) for page in pages if len(text(page).splitlines()) > 110} == {}


def test_readme_says_what_the_tests_reach_and_when_that_was_measured() -> None:
    said = re.findall(
        r"\*\*Coverage\*\*, by branch: (\d\d) % by .*?, measured on (\d{1,2} [A-Z][a-z]+ \d{4}) by `make coverage",
        text("README.md"),
    )

    assert len(said) == 1
    datetime.strptime(said[0][1], "%d %B %Y")
