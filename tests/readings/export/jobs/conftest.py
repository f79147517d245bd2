"""Jobs, what writes them, and the directory of their files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_django import Settings

from sensorfusion.accounts.models import Operator
from sensorfusion.config.env import Environment
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.export.jobs.services import Ordered, make_export
from sensorfusion.readings.export.jobs.writing import WriteExports
from sensorfusion.readings.models import ExportJob, ExportOf
from sensorfusion.sensors.models import Sensor

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOURS = [NOW - timedelta(hours=back) for back in range(50, 0, -1)]


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    """A data directory of the test's own."""
    settings.ENVIRONMENT = Environment(data=tmp_path)
    return tmp_path


def ordered(*sensors: Sensor, form: str = "csv", **more: Any) -> Ordered:
    return Ordered(**{"of": ExportOf.READINGS, "format": form, "sensors": sensors, **more})


def order(by: Operator, *sensors: Sensor, **more: Any) -> ExportJob:
    return make_export(by=by, ordered=ordered(*sensors, **more), now=NOW)


@contextmanager
def held() -> Iterator[psycopg.Connection]:
    """The connection that a process holds the lock by."""
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        yield connection


def write(rest: Callable[[float], bool] = lambda _: False) -> bool:
    """Write the file of the job whose turn it is; return whether there was one."""
    with held() as connection:
        return WriteExports(lambda: NOW, rest=rest).step(connection)
