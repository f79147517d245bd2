"""The directory of the files: what belongs to no job is deleted, and nothing else."""

from pathlib import Path
from uuid import uuid4

import pytest

from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.models import ExportJob
from tests.conftest import Cast
from tests.readings.export.jobs.conftest import order

pytestmark = pytest.mark.django_db


def written(cast: Cast, state: str) -> ExportJob:
    job = order(cast.member, cast.sensor)
    ExportJob.objects.filter(pk=job.pk).update(state=state, run=uuid4())
    job.refresh_from_db()
    files.make_place()
    path = files.part_of(job) if state == "running" else files.path_of(job)
    path.write_bytes(b"readings")
    return job


def test_files_without_a_job_are_deleted(cast: Cast, data: Path) -> None:
    kept = [files.path_of(written(cast, "done")), files.part_of(written(cast, "running"))]
    deleted = [written(cast, state) for state in ("failed", "cancelled", "expired", "done")]
    deleted[-1].delete()
    other = data / "exports" / "README"
    other.write_text("of a person")

    assert files.tidy() == 4

    assert sorted((data / "exports").iterdir()) == sorted([*kept, other])
    assert files.tidy() == 0


def test_only_the_account_of_the_server_may_look_into_the_directory(data: Path) -> None:
    assert files.tidy() == 0
    files.make_place()

    assert (data / "exports").stat().st_mode & 0o077 == 0


def test_what_is_removed_leaves_no_part(cast: Cast, data: Path) -> None:
    job = written(cast, "running")

    files.forget(job)
    files.forget(job)

    assert list((data / "exports").iterdir()) == []
