"""A data directory that is ready for use, and a function that starts platforms and kills them after the test."""

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
    """Yield a function that starts a platform; platforms that still run after the test are killed."""
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
    """A directory outside pytest's own, which only its owner may enter: PostgreSQL may run as another account."""
    path = Path(tempfile.mkdtemp(prefix="sf-crash-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def collected() -> Iterator[Path]:
    """Static files, collected once for all tests: compressing them is the slowest step."""
    path = Path(tempfile.mkdtemp(prefix="sf-collected-"))
    platform = Platform(path / "data")
    platform.stop()
    yield path / "data" / "static"
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def data(directory: Path, collected: Path) -> Path:
    """A data directory that contains only the static files."""
    path = directory / "data"
    path.mkdir(mode=0o700)
    shutil.copytree(collected, path / "static", copy_function=shutil.copy2)
    return path


def eventually(condition: Callable[[], bool]) -> bool:
    """Wait for the condition; return whether it became true in time."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False
