"""Runs the JavaScript tests with Node's test runner; each file `*.test.js` or `*.test.mjs` is one test."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name.endswith((".test.js", ".test.mjs")):
        return ScriptFile.from_parent(parent, path=file_path)
    return None


class ScriptFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        yield Script.from_parent(self, name=self.path.stem)


class Script(pytest.Item):
    """One file of JavaScript tests."""

    def runtest(self) -> None:
        node = shutil.which("node")
        if not node:
            if os.environ.get("CI"):
                pytest.fail("no Node found", pytrace=False)
            pytest.skip("no Node found; install one to test the pages' JavaScript")
        # register.js makes Node resolve the bare names by which our modules import each other.
        above = [*self._above("register.js"), *self._above("clock_ahead.js")]
        first = [f"--import={each.as_uri()}" for each in above]
        done = subprocess.run([node, *first, "--test", self.path], capture_output=True, text=True, timeout=PATIENCE_S)
        if done.returncode:
            pytest.fail(done.stdout + done.stderr, pytrace=False)

    def _above(self, name: str) -> list[Path]:
        """Find the nearest file of that name in the directories above this one, inside the project."""
        around = [folder / name for folder in self.path.parents if self.config.rootpath in folder.parents]
        return [each for each in around if each.exists()][:1]

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name
