"""Static files are collected by a process of its own, when one of them changed."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from sensorfusion.server.preparation import static_files
from sensorfusion.server.preparation.static_files import Collection, NotCollected


@pytest.fixture
def source(tmp_path: Path, settings: Settings) -> Path:
    source, collected = tmp_path / "source", tmp_path / "static"
    for directory in (source, collected):
        directory.mkdir()
    (source / "page.css").write_text("a {}")
    settings.STATIC_ROOT = collected
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    return source


def collecting(monkeypatch: pytest.MonkeyPatch, program: str) -> list[str]:
    """Let a program run in place of the collection; return the list of its runs."""
    runs: list[str] = []

    def collect() -> "subprocess.Popen[str]":
        runs.append(program)
        return subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)

    monkeypatch.setattr(static_files, "_collect", collect)
    return runs


def test_static_files_are_collected_only_when_one_changed(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs, said = collecting(monkeypatch, "pass"), list[str]()

    Collection().wait(said.append)
    Collection().wait(said.append)
    (source / "page.css").write_text("a { color: red }")
    Collection().wait(said.append)

    assert len(runs) == len(said) == 2


def test_collection_that_fails_says_why_and_is_tried_again(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = collecting(monkeypatch, "raise OSError('No space left on device')")

    for _ in range(2):
        with pytest.raises(NotCollected, match="could not be collected: OSError: No space left on device"):
            Collection().wait(lambda _: None)

    assert len(runs) == 2


def test_collection_that_is_not_waited_for_is_ended(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collecting(monkeypatch, "import time; time.sleep(3600)")
    collection = Collection()

    collection.stop()

    assert collection._process is not None
    assert collection._process.returncode != 0
