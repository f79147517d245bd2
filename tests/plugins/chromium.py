"""Chooses the browser for tests marked `browser`: CHROMIUM from the environment, or an installed one."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MISSING = "no Chromium found; install one, or name it in CHROMIUM"


def find() -> str | None:
    """Return the path of a Chromium on this machine."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None) or _downloaded()


def _downloaded() -> str | None:
    """Return one that Playwright installed."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-*/chrome"), reverse=True)), None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run them last: from the first one on, Playwright's event loop runs in the thread that runs the tests.

    In CI each has a second try, as Playwright advises on shared machines. What passed only then is named at the end.
    """
    items.sort(key=_is_in_browser)
    for item in filter(_is_in_browser, items):
        item.add_marker(pytest.mark.flaky(reruns=1, condition=bool(os.environ.get("CI"))))


def _is_in_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if _is_in_browser(item) and not find():
        if os.environ.get("CI"):
            pytest.fail(_MISSING, pytrace=False)
        pytest.skip(_MISSING)


def launch_arguments() -> dict[str, Any]:
    """Return the launch options of the browser; under root Chromium has no sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": find(), "args": [*sandbox, "--disable-dev-shm-usage"]}
