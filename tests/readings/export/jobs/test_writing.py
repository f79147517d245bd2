"""Writing the files of jobs: what is in them, in which order, and what ends them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from sensorfusion.accounts.models import Membership
from sensorfusion.config.env import Environment
from sensorfusion.readings.export import export as exporting
from sensorfusion.readings.export.export import Export, Exported, Selection
from sensorfusion.readings.export.jobs import files, writing
from sensorfusion.readings.export.jobs.services import remove_export
from sensorfusion.readings.export.jobs.writing import BEGUN_MOST, WriteExports, contents
from sensorfusion.readings.export.site_archive import SiteArchive
from sensorfusion.readings.models import ExportJob, ExportOf, ExportState
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.readings.export.jobs.conftest import HOURS, NOW, held, order, write
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def stored(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings of two sensors, which take several portions."""
    monkeypatch.setattr(exporting, "AT_ONCE", 20)
    store(cast.sensor, [(at, {"temperature": at.hour + 0.5}) for at in HOURS])
    shed = Sensor.objects.create(site=cast.site, name="Shed")
    store(shed, [(at, {"humidity": 60 + at.hour}) for at in HOURS[:7]])


def shed() -> Sensor:
    return Sensor.objects.get(name="Shed")


def on_disk(data: Path) -> list[str]:
    place = data / "exports"
    return sorted(each.name for each in place.iterdir()) if place.exists() else []


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_file_is_that_of_the_direct_export(cast: Cast, form: Any) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    start, end = HOURS[3], HOURS[41]
    job = order(cast.member, cast.sensor, shed(), form=form, start=start, end=end)

    assert write()

    job.refresh_from_db()
    both = [Exported(each.pk, each.name) for each in (cast.sensor, shed())]
    direct = b"".join(Export(Selection(sensors=both, start=start, end=end), form).chunks())
    assert files.path_of(job).read_bytes() == direct
    assert (job.state, job.rows, job.rows_expected, job.bytes) == (ExportState.DONE, 42, 42, len(direct))
    assert job.name == f"Orchard, 2 sensors.{form}"


def test_archive_is_that_of_the_direct_download(cast: Cast) -> None:
    job = order(cast.owner, of=ExportOf.ARCHIVE, form="zip", site=cast.site)

    assert write()

    job.refresh_from_db()
    assert files.path_of(job).read_bytes() == b"".join(SiteArchive(Site.objects.get(pk=cast.site.pk), now=NOW).chunks())
    assert (job.state, job.rows, job.rows_expected, job.name) == (ExportState.DONE, 57, 57, "Orchard.zip")


def test_notes_are_a_file_of_their_own(cast: Cast) -> None:
    make_note(by=cast.owner, sensor=cast.sensor, starts_at=HOURS[3], text="Cleaned", now=NOW)
    job = order(cast.member, cast.sensor, of=ExportOf.NOTES)

    assert write()

    job.refresh_from_db()
    assert b"Cleaned" in files.path_of(job).read_bytes()
    assert (job.rows, job.name) == (1, "Orchard station notes.csv")


def test_the_oldest_comes_first_and_one_is_written_at_a_time(cast: Cast) -> None:
    first, second = order(cast.member, cast.sensor), order(cast.owner, shed())
    states = []

    def rest(_: float) -> bool:
        states.append(tuple(ExportJob.objects.order_by("id").values_list("state", flat=True)))
        return False

    assert write(rest)
    assert set(states) == {("running", "waiting")}
    assert write()
    assert not write()

    assert [ExportJob.objects.get(pk=each.pk).state for each in (first, second)] == ["done", "done"]


def test_progress_is_seen_while_it_is_written_and_the_file_is_not(cast: Cast, data: Path) -> None:
    job = order(cast.member, cast.sensor, form="ndjson")
    seen = []

    def rest(_: float) -> bool:
        now = ExportJob.objects.get(pk=job.pk)
        seen.append((now.rows, now.rows_expected, now.bytes > 0, files.path_of(now).exists()))
        assert on_disk(data) == [f"{now.uuid}.{now.run}.part"]
        return False

    write(rest)

    assert seen[:3] == [(20, 50, True, False), (40, 50, True, False), (50, 50, True, False)]


@pytest.mark.parametrize(("is_busy", "seconds"), [(False, 0.25), (True, 1.0)])
def test_it_rests_as_long_as_a_portion_took_and_longer_while_readings_wait(
    cast: Cast, is_busy: bool, seconds: float
) -> None:
    order(cast.member, cast.sensor, form="ndjson")
    ticks, rests = count(), set()

    def rest(seconds: float) -> bool:
        rests.add(seconds)
        return False

    chore = WriteExports(lambda: NOW, rest=rest, elapsed=lambda: next(ticks) / 4, is_busy=lambda: is_busy)
    with held() as connection:
        chore.step(connection)

    assert rests == {seconds}


def test_what_lost_its_process_is_written_from_its_beginning(cast: Cast, data: Path) -> None:
    job = order(cast.member, cast.sensor)
    lost = uuid4()
    ExportJob.objects.filter(pk=job.pk).update(state="running", run=lost, rows=40, bytes=999, begun=1)
    job.refresh_from_db()
    files.make_place()
    files.part_of(job).write_bytes(b"half of it")

    assert write()
    assert files.tidy() == 1

    job.refresh_from_db()
    assert (job.state, job.rows, job.begun) == ("done", 50, 2)
    assert job.run != lost
    assert on_disk(data) == [f"{job.uuid}.{job.run}"]


def test_what_ends_every_process_is_given_up(cast: Cast) -> None:
    job = order(cast.member, cast.sensor)
    ExportJob.objects.filter(pk=job.pk).update(state="running", run=uuid4(), begun=BEGUN_MOST)

    assert not write()

    job.refresh_from_db()
    assert job.state == ExportState.FAILED
    assert "Choose a shorter span" in job.error


def test_a_server_that_stops_leaves_it_to_the_next_one(cast: Cast, data: Path) -> None:
    job = order(cast.member, cast.sensor)

    assert write(lambda _: True)

    job.refresh_from_db()
    assert (job.state, job.begun, job.rows) == ("waiting", 0, 0)
    assert on_disk(data) == []
    write()
    job.refresh_from_db()
    assert job.state == "done"


def test_cancelled_between_two_portions_it_leaves_nothing(cast: Cast, data: Path) -> None:
    job = order(cast.member, cast.sensor)
    rests = []

    def rest(_: float) -> bool:
        rests.append(1)
        remove_export(job=job, now=NOW)
        return False

    write(rest)

    job.refresh_from_db()
    assert (job.state, job.bytes, len(rests)) == ("cancelled", 0, 1)
    assert on_disk(data) == []


@pytest.mark.parametrize("is_late", [False, True])
def test_who_lost_the_right_gets_no_file(cast: Cast, data: Path, is_late: bool) -> None:
    order(cast.member, cast.sensor)
    membership = Membership.objects.filter(operator=cast.member)

    def rest(_: float) -> bool:
        membership.delete()
        return False

    if not is_late:
        membership.delete()
    write(rest)

    assert not ExportJob.objects.exists()
    assert on_disk(data) == []


def test_former_owner_gets_no_archive(cast: Cast) -> None:
    order(cast.owner, of=ExportOf.ARCHIVE, form="zip", site=cast.site)
    Membership.objects.filter(operator=cast.owner).update(role="editor")

    write()

    assert not ExportJob.objects.exists()


def test_files_together_keep_to_their_limit(cast: Cast, data: Path, settings: Settings) -> None:
    kept = order(cast.owner, shed())
    ExportJob.objects.filter(pk=kept.pk).update(state="done", run=uuid4(), bytes=(1 << 20) - 100)
    settings.ENVIRONMENT = Environment(data=data, exports_mb=1)
    job = order(cast.member, cast.sensor)

    write()

    job.refresh_from_db()
    assert job.state == ExportState.FAILED
    assert job.error.startswith("The exports of this installation take the 1 MB that they may. Remove one of yours")
    assert on_disk(data) == []


def test_a_full_disk_is_told_with_what_to_do(cast: Cast, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = order(cast.member, cast.sensor)
    monkeypatch.setattr(writing, "contents", lambda job, now: Full())

    write()

    job.refresh_from_db()
    assert job.error == "The file could not be written: No space left on device. Make room in the data directory."
    assert on_disk(data) == []


class Full:
    rows = 0

    def chunks(self) -> Iterator[bytes]:
        yield b"some"
        raise OSError(28, "No space left on device")


class Broken:
    rows = 0

    def chunks(self) -> Iterator[bytes]:
        yield b"some"
        raise ValueError("no such thing")


def test_one_that_cannot_be_written_does_not_keep_others_waiting(
    cast: Cast, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = order(cast.member, cast.sensor), order(cast.member, shed())
    broken: dict[int, Any] = {bad.pk: Broken()}
    monkeypatch.setattr(writing, "contents", lambda job, now: broken.get(job.pk) or contents(job, now=now))

    assert write()
    assert write()

    states = [ExportJob.objects.get(pk=each.pk).state for each in (bad, good)]
    assert states == ["failed", "done"]
    assert "An export failed" in caplog.text
    assert len(on_disk(data)) == 1


def test_a_sensor_that_is_deleted_meanwhile_ends_it(cast: Cast, data: Path) -> None:
    order(cast.member, cast.sensor, shed())

    def rest(_: float) -> bool:
        Sensor.objects.filter(name="Shed").delete()
        return False

    write(rest)

    assert not ExportJob.objects.exists()
    assert on_disk(data) == []


def test_only_what_waits_or_is_written_is_due(cast: Cast) -> None:
    chore = WriteExports(lambda: NOW, rest=lambda _: False)
    assert not chore.is_due()
    job = order(cast.member, cast.sensor)
    due = {}
    for state in ExportState:
        ExportJob.objects.filter(pk=job.pk).update(state=state, ended_at=NOW - timedelta(days=1))
        due[state] = chore.is_due()

    assert [state for state, is_due in due.items() if is_due] == [ExportState.WAITING, ExportState.RUNNING]
