"""`up --reload`: serves a copy of the package while its files change."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.crash.conftest import eventually
from tests.crash.platform import ROOT, Platform, command, processes_on

pytestmark = pytest.mark.crash


@pytest.fixture
def package(directory: Path) -> Path:
    """A copy of the package, beside the data directory."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(ROOT / "sensorfusion", directory / "sensorfusion", ignore=ignored))


@pytest.fixture
def platform(package: Path, directory: Path) -> Iterator[Platform]:
    # Otherwise Python would find the package in the current directory first.
    given = {"PYTHONPATH": str(package.parent), "PYTHONSAFEPATH": "1", "DEBUG": "1"}
    platform = Platform(directory / "data", "--reload", given=given)
    yield platform
    platform.kill()


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def becomes_true(claim: Callable[[], bool]) -> bool:
    """Retry until the claim is true; the server may be away for a moment."""

    def holds() -> bool:
        try:
            return claim()
        except httpx2.TransportError:
            return False

    return eventually(holds)


def test_a_change_of_a_template_a_script_or_python_takes_effect(platform: Platform, package: Path) -> None:
    def page() -> httpx2.Response:
        return platform.get("/sign-in/")

    assert "<h1>Sign in</h1>" in page().text

    heading = '<h1>{% translate "Sign in" %}'
    replace(package / "accounts" / "templates" / "accounts" / "sign-in.html", heading, "<h1>Come in")
    assert becomes_true(lambda: "<h1>Come in</h1>" in page().text)

    (package / "web" / "static" / "js" / "clock.js").write_text("// changed", encoding="utf-8")
    assert platform.get("/static/js/clock.js").text == "// changed"

    replace(package / "web" / "security.py", "font-src 'self'", "font-src 'none'")
    assert becomes_true(lambda: "font-src 'none'" in page().headers["Content-Security-Policy"])

    assert platform.stop() == 0
    assert platform.lines[-1] == "Stopped."
    assert processes_on(platform.data) == []


def test_reloading_is_refused_on_a_server_that_is_not_for_development(directory: Path) -> None:
    done = command("up", "--reload", "--data", directory / "data")

    assert done.returncode == 2
    assert "set DEBUG=1" in done.stderr
