"""A full disk is told from the data directory."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from sensorfusion.postgres.room import little_room


@pytest.mark.parametrize(("free_mb", "told"), [(15, "pg_wal has 15 MB left"), (16, "")])
def test_less_than_a_piece_of_the_journal_is_little(
    free_mb: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_mb << 20))

    assert told in little_room(tmp_path)
    assert bool(little_room(tmp_path)) == bool(told)


def test_another_database_is_not_looked_at(tmp_path: Path) -> None:
    assert little_room(tmp_path / "nowhere") == ""
