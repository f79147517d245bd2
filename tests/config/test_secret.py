"""The secret key is generated once, also when processes start concurrently."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from sensorfusion.config.secret import FILE_NAME, secret_key
from sensorfusion.terminal.errors import CommandLineError


def test_key_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "data")

    assert len(first) >= 50
    assert secret_key(tmp_path / "data") == first
    assert (tmp_path / "data" / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_key_file_left_empty_by_a_crash_is_filled(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()

    key = secret_key(tmp_path)

    assert key
    assert secret_key(tmp_path) == key


def test_processes_that_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as processes:
        keys = set(processes.map(secret_key, [tmp_path / "data"] * 16))

    assert len(keys) == 1
    assert keys != {""}


def test_place_that_cannot_be_a_directory_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CommandLineError, match=r"cannot be created .*--data DIR or SENSORFUSION_DATA"):
        secret_key(tmp_path / "file" / "data")
