"""File locks."""

import os
from pathlib import Path

import pytest

from sensorfusion.clock import utc_now
from sensorfusion.config.locks import Busy, FileLock, only_one


def test_second_holder_learns_who_is_first(tmp_path: Path) -> None:
    with (
        only_one(tmp_path / "lock", now=utc_now()),
        pytest.raises(Busy) as refused,
        only_one(tmp_path / "lock", now=utc_now()),
    ):
        pytest.fail("two held the lock")

    assert str(refused.value).startswith(f"process {os.getpid()}, running since 20")


def test_lock_is_free_again_whatever_the_file_says(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock", now=utc_now()):
        pass

    assert "running since" in (tmp_path / "lock").read_text()
    with only_one(tmp_path / "lock", now=utc_now()):
        pass


def test_shared_holders_keep_out_who_wants_it_alone(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock") as alone:
        with FileLock(tmp_path / "lock") as one, FileLock(tmp_path / "lock") as other:
            one.shared()
            other.shared()
            assert not alone.try_exclusive()

        assert alone.try_exclusive()
