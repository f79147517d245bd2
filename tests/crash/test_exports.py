"""Kills the process that writes an export between two portions; another one writes the file from its beginning."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from sensorfusion.clock import utc_now
from sensorfusion.config.env import Environment
from sensorfusion.readings.export.export import Export, Exported, Selection
from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.export.jobs.services import Ordered, make_export
from sensorfusion.readings.models import ExportJob, ExportOf
from tests.clients import client_of
from tests.conftest import Cast
from tests.crash.conftest import eventually
from tests.crash.platform import database_url, environment
from tests.patience import PATIENCE_S
from tests.storing import store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
MINUTES, KILLS = 300, 3
WRITE = """
import sys, threading
import django
django.setup()
from sensorfusion.clock import utc_now
from sensorfusion.readings.export import export
from sensorfusion.server.background.exporter import Exporter
export.AT_ONCE = 100
left = int(sys.argv[1])  # portions until it stands still; 0: it never does
def rest(seconds):
    global left
    left -= 1
    if left == 0:
        print("stands still", flush=True)
        threading.Event().wait()
    return False
exporter = Exporter(now=utc_now, is_busy=lambda: False)
exporter._writes._rest = rest
exporter.start()
print("started", flush=True)
threading.Event().wait()
"""


@contextmanager
def writing(data: Path, *, portions: int) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that writes exports; it is killed at the end."""
    given = environment(
        DATABASE_URL=database_url(), SENSORFUSION_DATA=str(data), DJANGO_SETTINGS_MODULE="sensorfusion.config.settings"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE, str(portions)], stdout=subprocess.PIPE, text=True, env=given
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)


def test_a_killed_export_is_written_again_and_never_offered_in_part(
    cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    settings.ENVIRONMENT = Environment(data=tmp_path)
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    store(cast.sensor, [(begin + timedelta(minutes=each), {"temperature": each / 10}) for each in range(MINUTES)])
    ordered = Ordered(of=ExportOf.READINGS, format="csv", sensors=[cast.sensor])
    job = make_export(by=cast.member, ordered=ordered, now=utc_now())
    address, client = f"/api/v1/exports/{job.uuid}/file/", client_of(cast.member)
    runs = set()

    for portions in range(1, KILLS + 1):  # the last time the file is whole, and not yet renamed
        with writing(tmp_path, portions=portions) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "stands still\n"
            job.refresh_from_db()
            runs.add(job.run)
            assert (job.state, job.rows) == ("running", 100 * portions)
            assert files.part_of(job).exists()
            assert client.get(address).status_code == 409
            process.kill()
            process.wait(PATIENCE_S)
            job.refresh_from_db()
            assert job.state == "running"
            assert client.get(address).status_code == 409
    with writing(tmp_path, portions=0):
        assert eventually(lambda: ExportJob.objects.filter(pk=job.pk, state="done").exists())

    job.refresh_from_db()
    direct = Export(Selection(sensors=[Exported(cast.sensor.pk, cast.sensor.name)]), "csv")
    assert files.path_of(job).read_bytes() == b"".join(direct.chunks())
    assert (len(runs), job.run in runs, job.begun) == (KILLS, False, KILLS + 1)
    files.tidy()
    assert [each.name for each in (tmp_path / "exports").iterdir()] == [files.path_of(job).name]
