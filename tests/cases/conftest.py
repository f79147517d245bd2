"""The cases: small inputs in the shape of what real devices, programs and installations bring, played for real."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crash.conftest import collected, data, directory, start
from tests.crash.platform import Platform
from tests.ingest.mqtt.conftest import broker as broker  # fixtures of these names
from tests.ingest.mqtt.conftest import broker_process as broker_process
from tests.ingest.mqtt.conftest import publisher as publisher
from tests.journeys.people import Owner
from tests.plugins.chromium import launch_arguments

__all__ = ["collected", "data", "directory", "start"]

ELSEWHERE = "https://dash.example.org"


@pytest.fixture(scope="session")
def installation() -> Iterator[Platform]:
    """One platform as operators start it, whose API the scripts of one other site may use."""
    directory = Path(tempfile.mkdtemp(prefix="sf-cases-"))
    given = {"CORS_ALLOWED_ORIGINS": ELSEWHERE, "MAX_BODY_BYTES": "300000"}
    platform = Platform(directory / "data", given=given)
    yield platform
    platform.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Empty: tests name whole addresses, since there are several servers."""
    return ""


@pytest.fixture(scope="session")
def owner(installation: Platform) -> Owner:
    return Owner.register(installation.url)
