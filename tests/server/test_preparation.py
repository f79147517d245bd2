"""Preparations before the server starts."""

import os
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from sensorfusion.server import preparation


@pytest.fixture
def said() -> list[str]:
    return []


def test_database_that_does_not_answer_is_waited_for_and_then_named(
    monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(preparation, "conninfo", lambda: "host=/nowhere")

    with pytest.raises(preparation.DatabaseAway, match="/nowhere"):
        preparation.wait_for_database(said.append, within_s=0.1)

    assert said == ["Waiting for the database…"]


@pytest.mark.django_db
def test_tables_that_are_up_to_date_are_left_alone(said: list[str]) -> None:
    assert preparation.pending_migrations() == 0

    preparation.migrate(said.append)

    assert said == []


def test_static_files_are_collected_only_when_one_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, said: list[str]
) -> None:
    source, collected = tmp_path / "source", tmp_path / "static"
    for directory in (source, collected):
        directory.mkdir()
    (source / "page.css").write_text("a {}")
    runs: list[str] = []
    settings.STATIC_ROOT = collected
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: runs.append(name))

    preparation.collect_static(said.append)
    preparation.collect_static(said.append)
    (source / "page.css").write_text("a { color: red }")
    preparation.collect_static(said.append)

    assert runs == ["collectstatic", "collectstatic"]


def test_address_is_used_by_this_process_and_those_it_starts(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    default: dict[str, Any] = {}
    monkeypatch.setitem(settings.DATABASES, "default", default)
    monkeypatch.setenv("DATABASE_URL", "")

    preparation.use("postgresql://sensorfusion@/other?host=/run/there")

    assert (default["NAME"], default["HOST"]) == ("other", "/run/there")
    assert os.environ["DATABASE_URL"].endswith("host=/run/there")
