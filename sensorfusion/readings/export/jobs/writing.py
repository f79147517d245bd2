"""Writes the files of export jobs, one at a time in all processes: the oldest that waits, from its beginning.

The thread of `server/background/exporter.py` holds an advisory lock by a session, which also records the progress:

    process A   takes the lock, marks the job as running, writes a part …   kill -9: the lock is free
    process B   takes the lock; what is running now has lost its process, and waits again; begins it again

So a job is done only by the session that has the lock, and a file is offered only when its job is done. The readings
come in the portions of the direct export, and after each one the thread rests for as long as it took: readings that
come in go first. Between two portions the job may be cancelled, and the server may end.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import IO, Any, Final, Protocol, cast
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.db import Error

from sensorfusion.clock import Clock
from sensorfusion.events.prepared import fetch_one
from sensorfusion.readings.export.export import Export, Exported, Format, Selection
from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.export.jobs.failures import FAULT, GIVEN_UP, NO_ROOM
from sensorfusion.readings.export.jobs.queries import exports_of, total_bytes
from sensorfusion.readings.export.jobs.services import full
from sensorfusion.readings.export.notes_file import Form, NotesExport
from sensorfusion.readings.export.parquet import NoPyarrow
from sensorfusion.readings.export.site_archive import SiteArchive
from sensorfusion.readings.models import ExportJob, ExportOf
from sensorfusion.readings.stored.selection import select
from sensorfusion.sensors.models import Sensor

LOCK: Final = 0x5E50_0023  # the advisory lock's key; see readings/storage/chores.py for the others
BEGUN_MOST: Final = 5  # processes that end with it: then it is the file that ends them
REST_MOST_S: Final = 1.0

_DUE: Final = "SELECT EXISTS (SELECT FROM export_job WHERE state IN ('waiting', 'running'))"
_GIVE_UP: Final = """
UPDATE export_job SET state = 'failed', ended_at = %(now)s, bytes = 0, run = NULL, error = %(error)s
WHERE state = 'running' AND begun >= %(most)s
"""
_FREE: Final = "UPDATE export_job SET state = 'waiting', run = NULL, rows = 0, bytes = 0 WHERE state = 'running'"
_CLAIM: Final = """
UPDATE export_job SET state = 'running', run = %(run)s, started_at = %(now)s, begun = begun + 1, rows = 0, bytes = 0
WHERE id = (SELECT id FROM export_job WHERE state = 'waiting' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_EXPECT: Final = "UPDATE export_job SET rows_expected = %(rows)s WHERE run = %(run)s"
_ADVANCE: Final = """
UPDATE export_job SET rows = %(rows)s, bytes = %(bytes)s WHERE run = %(run)s AND state = 'running'
"""
_PUT_BACK: Final = """
UPDATE export_job SET state = 'waiting', run = NULL, rows = 0, bytes = 0, begun = begun - 1
WHERE run = %(run)s AND state = 'running'
"""
_DONE: Final = """
UPDATE export_job SET state = 'done', ended_at = %(now)s, rows = %(rows)s, rows_expected = %(rows)s, bytes = %(bytes)s
WHERE run = %(run)s AND state = 'running'
"""
_FAILED: Final = """
UPDATE export_job SET state = 'failed', ended_at = %(now)s, bytes = 0, run = NULL, error = %(error)s
WHERE run = %(run)s AND state = 'running'
"""
_COUNT: Final = select(
    "count(*)",
    since="coalesce(%(start)s::timestamptz, '-infinity')",
    before="coalesce(%(end)s::timestamptz, 'infinity')",
)

_log = logging.getLogger(__name__)


class _File(Protocol):
    rows: int

    def chunks(self) -> Iterator[bytes]: ...


class _Failed(Exception):
    """The file cannot be written; the message says what to do."""


class _Ended(Exception):
    """The job was cancelled or deleted, or may not be written any more."""


class _Stopping(Exception):
    """The server ends."""


class WriteExports:
    """Writes what waits; the caller holds `LOCK` by the connection that it passes, which is in autocommit mode."""

    def __init__(
        self,
        now: Clock,
        *,
        rest: Callable[[float], bool],
        elapsed: Callable[[], float] = time.monotonic,
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """`rest` waits for some seconds and returns whether the server ends; `is_busy`: whether readings wait."""
        self._now = now
        self._rest = rest
        self._elapsed = elapsed
        self._is_busy = is_busy

    def is_due(self) -> bool:
        """Return whether a job waits, or is being written by some process."""
        return fetch_one(_DUE, {}) == (True,)

    def step(self, held: psycopg.Connection) -> bool:
        """Write the file of one job; return whether there was one."""
        given_up = GIVEN_UP.format(times=BEGUN_MOST)
        held.execute(_GIVE_UP, {"now": self._now(), "most": BEGUN_MOST, "error": given_up})
        held.execute(_FREE)
        run = uuid4()
        claimed = held.execute(_CLAIM, {"run": run, "now": self._now()}).fetchone()
        if claimed is None:
            return False
        job = ExportJob.objects.select_related("operator", "site").filter(pk=claimed[0]).first()
        if job is not None:
            try:
                self._do(job, held)
            finally:
                _forget_part(job)
        return True

    def _do(self, job: ExportJob, held: psycopg.Connection) -> None:
        run = cast(UUID, job.run)
        try:
            self._write(job, held)
        except _Ended:
            files.forget(job)
        except _Stopping:
            held.execute(_PUT_BACK, {"run": run})
        except (_Failed, NoPyarrow) as error:
            self._fail(run, held, str(error))
        except OSError as error:
            self._fail(run, held, NO_ROOM.format(why=error.strerror))
        except (psycopg.Error, Error):
            raise  # the database is away: it is begun again
        except Exception:  # one file that cannot be written must not keep the others waiting
            _log.exception("An export failed: %s", job.uuid)
            self._fail(run, held, FAULT)

    def _fail(self, run: UUID, held: psycopg.Connection, error: str) -> None:
        held.execute(_FAILED, {"now": self._now(), "run": run, "error": error})

    def _write(self, job: ExportJob, held: psycopg.Connection) -> None:
        _require_right(job)
        file, room = contents(job, now=cast(datetime, job.started_at)), _room()
        held.execute(_EXPECT, {"run": job.run, "rows": _expected(job, held)})
        files.make_place()
        with files.part_of(job).open("xb") as part:
            self._fill(part, file, job, held, room)
            part.flush()
            os.fsync(part.fileno())
            size = part.tell()
        _require_right(job)
        files.part_of(job).replace(files.path_of(job))
        given = {"now": self._now(), "run": job.run, "rows": file.rows, "bytes": size}
        if not held.execute(_DONE, given).rowcount:
            raise _Ended

    def _fill(self, part: IO[bytes], file: _File, job: ExportJob, held: psycopg.Connection, room: int) -> None:
        began = self._elapsed()
        with closing(cast(Any, file.chunks())) as pieces:
            for piece in pieces:
                part.write(piece)
                if part.tell() > room:
                    raise _Failed(full(settings.ENVIRONMENT.exports_mb))
                if not held.execute(_ADVANCE, {"rows": file.rows, "bytes": part.tell(), "run": job.run}).rowcount:
                    raise _Ended
                rest_s = REST_MOST_S if self._is_busy() else min(self._elapsed() - began, REST_MOST_S)
                if self._rest(rest_s):
                    raise _Stopping
                began = self._elapsed()


def contents(job: ExportJob, *, now: datetime) -> _File:
    """Return what writes the file of a job: what a direct export at `now` would send."""
    if job.site:
        return SiteArchive(job.site, now=now)
    selection = Selection(sensors=_sensors(job), start=job.starts_at, end=job.ends_at)
    if job.of == ExportOf.NOTES:
        return NotesExport(selection, cast(Form, job.format))
    return Export(selection, cast(Format, job.format))


def _sensors(job: ExportJob) -> list[Exported]:
    found = {each.uuid: each for each in Sensor.objects.filter(uuid__in=job.sensors)}
    return [Exported(found[uuid].pk, found[uuid].name) for uuid in job.sensors if uuid in found]


def _require_right(job: ExportJob) -> None:
    """:raises _Ended: if the operator may not have the file, after the job was deleted."""
    if not exports_of(job.operator).filter(pk=job.pk).exists():
        ExportJob.objects.filter(pk=job.pk).delete()
        raise _Ended


def _room() -> int:
    """Return how many bytes the file may have."""
    return int(settings.ENVIRONMENT.exports_mb << 20) - total_bytes()


def _expected(job: ExportJob, held: psycopg.Connection) -> int | None:
    """Count the readings; more may come before the file is begun."""
    if job.of == ExportOf.NOTES:
        return None
    sensors = job.site.sensors.values_list("pk", flat=True) if job.site else [each.id for each in _sensors(job)]
    span = {"start": job.starts_at, "end": job.ends_at}
    rows = [held.execute(_COUNT, {"sensor": sensor, **span}).fetchone() for sensor in sensors]
    return sum(int(row[0]) for row in rows if row)


def _forget_part(job: ExportJob) -> None:
    files.part_of(job).unlink(missing_ok=True)
