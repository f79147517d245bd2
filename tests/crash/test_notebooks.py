"""The notebooks of the documents, run cell by cell against a server whose sensors send; what they print is true."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sensorfusion.clock import utc_now
from tests.crash.conftest import Start
from tests.crash.platform import Platform, environment
from tests.crash.test_python_reader import PASSWORD, post
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash
ROOT = Path(__file__).parents[2]
NOTEBOOKS = {path.stem: path for path in (ROOT / "docs" / "notebooks").glob("*.ipynb")}
CLIENT = ROOT / "sensorfusion" / "clients" / "python"


def cells(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(NOTEBOOKS[name].read_text(encoding="utf-8"))["cells"]
    return found


def run(name: str, platform: Platform, token: str) -> str:
    """Run the code of a notebook as its kernel would, in one process; return what it printed."""
    code = "\n".join("".join(each["source"]) for each in cells(name) if each["cell_type"] == "code")
    given = environment(SENSORFUSION_URL=platform.url, SENSORFUSION_TOKEN=token, PYTHONPATH=str(CLIENT))
    done = subprocess.run([sys.executable, "-c", code], env=given, text=True, capture_output=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def platform(data: Path, start: Start) -> Platform:
    return start(data)


@pytest.fixture
def garden(platform: Platform) -> tuple[str, str]:
    """Two sensors, of which one is always 1.5 °C colder: return a token, and the key of the warmer one."""
    account = {"email": "ada@example.org", "password": PASSWORD, "name": "Ada"}
    token = post(platform, "/auth/register/", account)["token"]
    began, keys = utc_now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=5), []
    for name, colder in (("Garden", 0.0), ("Shed", 1.5)):
        keys.append(post(platform, "/sensors/", {"name": name}, token)["key"])
        readings = [
            {
                "observed_at": (began + timedelta(minutes=10 * n)).isoformat(),
                "temperature": 10 + n - colder,
                "humidity": 60,
            }
            for n in range(30)
        ]
        post(platform, "/readings", readings, keys[-1])
    return token, keys[0]


@contextmanager
def sending(platform: Platform, key: str) -> Iterator[None]:
    """Let a sensor send for as long as the block lasts."""
    ended = threading.Event()

    def send() -> None:
        while not ended.wait(0.2):
            post(
                platform, "/readings", {"observed_at": utc_now().isoformat(), "temperature": time.monotonic() % 30}, key
            )

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize("name", sorted(NOTEBOOKS))
def test_a_notebook_is_kept_without_what_a_run_left_in_it(name: str) -> None:
    kept = [(each["execution_count"], each["outputs"]) for each in cells(name) if each["cell_type"] == "code"]

    assert len(kept) >= 3
    assert all(each == (None, []) for each in kept)
    assert f"notebooks/{name}.ipynb" in (ROOT / "docs" / "python-reader.md").read_text(encoding="utf-8")


def test_a_first_look_shows_the_newest_values_and_a_day(platform: Platform, garden: tuple[str, str]) -> None:
    said = run("first-look", platform, garden[0])

    assert "Garden" in said
    assert "'temperature': 39" in said
    assert "lowest 10.0 highest 39.0 of 30 readings" in said


def test_two_sensors_are_compared_by_the_hours_that_both_have(platform: Platform, garden: tuple[str, str]) -> None:
    said = run("two-sensors", platform, garden[0])

    assert "Garden and Shed" in said
    assert "5 hours that both have" in said
    assert "on average +1.50 °C, at most 1.50 °C" in said
    assert "dew point between" in said


def test_changes_are_followed_as_they_are_stored(platform: Platform, garden: tuple[str, str]) -> None:
    with sending(platform, garden[1]):
        said = run("live", platform, garden[0])

    assert said.count("'temperature':") == 3
    assert "go on with reader.live(last_id=kept)" in said
