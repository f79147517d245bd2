"""The files of export jobs, in `exports/` of the data directory.

A file is written under a name of its own and renamed when it is complete. Its path names the run that wrote it: of two
runs of a job, such as that of a process which was cut off from the database, neither touches the file of the other.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from sensorfusion.readings.models import ExportJob, ExportState

_PART: Final = ".part"


def path_of(job: ExportJob) -> Path:
    """Return the path of a job's file, which is there once the job is done."""
    return _place() / f"{job.uuid}.{job.run}"


def part_of(job: ExportJob) -> Path:
    """Return the path under which the file is written."""
    return _place() / f"{job.uuid}.{job.run}{_PART}"


def make_place() -> None:
    """Create the directory, readable by its owner only."""
    _place().mkdir(parents=True, exist_ok=True, mode=0o700)


def forget(job: ExportJob) -> None:
    """Delete what there is of a job's file."""
    for path in (path_of(job), part_of(job)):
        path.unlink(missing_ok=True)


def tidy() -> int:
    """Delete the files that belong to no job, as after a crash, or after a job was deleted; return how many.

    A job names its run before the file of that run is created, so what is being written has one.
    """
    found = {run: path for path in _files() if (run := _run_in(path))}
    kept = ExportJob.objects.filter(run__in=found, state__in=[ExportState.RUNNING, ExportState.DONE])
    left_over = found.keys() - set(kept.values_list("run", flat=True))
    for run in left_over:
        path = _place() / found[run].name
        for each in (path, path.with_name(path.name.removesuffix(_PART))):
            each.unlink(missing_ok=True)
    return len(left_over)


def _files() -> Iterator[Path]:
    with suppress(FileNotFoundError):  # nothing was exported yet
        yield from _place().iterdir()


def _run_in(path: Path) -> UUID | None:
    with suppress(ValueError):
        return UUID(path.name.removesuffix(_PART).rpartition(".")[2])
    return None


def _place() -> Path:
    place: Path = settings.ENVIRONMENT.data / "exports"
    return place
