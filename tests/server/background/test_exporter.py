"""The thread that writes exports: one process at a time, and only by the lock."""

import threading
from pathlib import Path

import psycopg
import pytest
from pytest_django import Settings

from sensorfusion.clock import utc_now
from sensorfusion.config.env import Environment
from sensorfusion.events.postgres import conninfo
from sensorfusion.events.work import REST_S
from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.export.jobs.services import Ordered, make_export
from sensorfusion.readings.export.jobs.writing import LOCK
from sensorfusion.readings.models import ExportJob, ExportOf
from sensorfusion.server.background import exporter as exporter_module
from sensorfusion.server.background.exporter import TAKE_OVER_WITHIN_S, Exporter
from tests.advisory_locks import holders
from tests.conftest import Cast
from tests.crash.conftest import eventually
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.ENVIRONMENT = Environment(data=tmp_path)
    return tmp_path


def order(cast: Cast) -> ExportJob:
    ordered = Ordered(of=ExportOf.READINGS, format="csv", sensors=[cast.sensor])
    return make_export(by=cast.member, ordered=ordered, now=utc_now())


def exporter() -> Exporter:
    return Exporter(now=utc_now, is_busy=lambda: False)


def test_without_an_export_no_lock_is_taken(cast: Cast) -> None:
    assert exporter().step() == REST_S


def test_what_another_process_writes_is_left_to_it_until_it_ends(cast: Cast) -> None:
    job = order(cast)
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert exporter().step() == TAKE_OVER_WITHIN_S
        job.refresh_from_db()
        assert job.state == "waiting"

    assert eventually(lambda: exporter().step() == 0.0)  # the other's session ends some time after its connection
    job.refresh_from_db()
    assert job.state == "done"
    assert holders(LOCK) == 0


def test_the_thread_writes_what_waits_and_ends(cast: Cast) -> None:
    job, running = order(cast), exporter()
    running.start()
    try:
        assert eventually(lambda: ExportJob.objects.filter(pk=job.pk, state="done").exists())
    finally:
        running.stop()

    job.refresh_from_db()
    assert files.path_of(job).exists()


def test_the_thread_rests_until_it_is_woken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporter_module, "REST_S", 10 * PATIENCE_S)
    running, looked = exporter(), threading.Event()
    step = running.step

    def look() -> float:
        pause_s = step()
        looked.set()
        return pause_s

    running.step = look  # type: ignore[method-assign]  # to know when it looked
    running.start()
    try:
        assert looked.wait(PATIENCE_S)
        job = order(cast)
        running.wake()
        assert eventually(lambda: ExportJob.objects.filter(pk=job.pk, state="done").exists())
    finally:
        running.stop()


def test_a_fault_is_logged_and_tried_again(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    running = exporter()

    def fails() -> float:
        running._stopped.set()
        running.wake()
        raise psycopg.OperationalError("the database is away")

    running.step = fails  # type: ignore[method-assign]  # in place of the look that fails
    running.start()
    assert running._thread is not None
    running._thread.join()

    assert "Exports are waiting: the database is away" in caplog.text


def test_files_that_belong_to_no_export_are_deleted(cast: Cast) -> None:
    job = order(cast)
    running = exporter()
    running.step()
    job.refresh_from_db()
    path = files.path_of(job)
    job.delete()

    exporter().step()

    assert not path.exists()
