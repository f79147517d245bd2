"""A data directory that is ready for use, and a way to start platforms that are gone when the test is."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.crash.platform import Platform
from tests.patience import PATIENCE_S


class Start(Protocol):
    def __call__(self, data: Path, *options: str, **how: object) -> Platform: ...


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a platform; what is left of it at the end is killed."""
    started: list[Platform] = []

    def begin(data: Path, *options: str, **how: object) -> Platform:
        platform = Platform(data, *options, **how)  # type: ignore[arg-type]  # passed on as they come
        started.append(platform)
        return platform

    yield begin
    for platform in started:
        platform.kill()


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory outside of pytest's own, which only its owner may enter: as root PostgreSQL has another account."""
    path = Path(tempfile.mkdtemp(prefix="sf-crash-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def collected() -> Iterator[Path]:
    """Static files, collected once for all tests: compressing them takes longer than anything else."""
    path = Path(tempfile.mkdtemp(prefix="sf-collected-"))
    platform = Platform(path / "data")
    platform.stop()
    yield path / "data" / "static"
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def data(directory: Path, collected: Path) -> Path:
    """A data directory with nothing in it but the static files."""
    path = directory / "data"
    path.mkdir(mode=0o700)
    shutil.copytree(collected, path / "static", copy_function=shutil.copy2)
    return path


def eventually(condition: Callable[[], bool]) -> bool:
    """Say whether something becomes true soon."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False
