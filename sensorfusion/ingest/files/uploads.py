"""Imports from the web page: the uploaded file, its preview, and a thread that loads it.

After each batch the thread sleeps for as long as the batch took, so that the server stays responsive. If the import is
interrupted, even by the end of the server, it can be resumed on its page after the last stored batch.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connections, transaction
from django.db.models import Q

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.services import require_open
from sensorfusion.accounts.models import Operator
from sensorfusion.clock import Clock
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.files import spool
from sensorfusion.ingest.files.columns.guesses import Question, completed, refuse_open
from sensorfusion.ingest.files.csv_tables import BadTable, HeaderRows, Row, TableOfAnyKind, TextTable
from sensorfusion.ingest.files.layouts import Understood, layout_of, open_table, systems_of, understood
from sensorfusion.ingest.files.mappings import choose, from_json, remember, to_json
from sensorfusion.ingest.files.preview import Preview, preview
from sensorfusion.ingest.files.refused_rows import RefusedRows
from sensorfusion.ingest.files.rows import BadPlan, Plan
from sensorfusion.ingest.files.run import Run
from sensorfusion.ingest.files.targets import BadTarget, OneSensor
from sensorfusion.ingest.files.turns import TURNS
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.ingest.storing.connection import Stored, WriterConnection
from sensorfusion.ingest.storing.imports import Counted
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.quotas.queries import IMPORT_GONE_AFTER
from sensorfusion.sensors.quotas.services import require_room_for_import, require_room_for_upload
from sensorfusion.sensors.sites.membership import require_editor

BATCH: Final = 1000
REST_AT_MOST_S: Final = 1.0
GONE_AFTER: Final = IMPORT_GONE_AFTER
LISTED: Final = 10
SHOWN_LINES: Final = 8
SHOWN_CELLS: Final = 12
UNPACKED_AT_MOST: Final = 4  # multiple of the largest accepted upload

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """The preview of an uploaded file: its first rows, or the reason why they cannot be read."""

    header: Sequence[str]
    layout: str
    plan: Plan
    shown: Preview | None = None
    trouble: str = ""
    questions: tuple[Question, ...] = ()
    program: str = ""  # that wrote the table, if it is known
    systems: tuple[str, ...] = ()  # of units, to choose from
    header_at: HeaderRows | None = None  # of a text table
    lines: Sequence[Row] = ()  # its first ones, to find the header in
    encoding: str = ""

    @property
    def first_lines(self) -> Sequence[Row]:
        """Return the lines to choose the header from, with as many cells as can be looked at."""
        return [(number, cells[:SHOWN_CELLS], problem) for number, cells, problem in self.lines[:SHOWN_LINES]]

    @property
    def header_lines(self) -> Sequence[int]:
        if self.header_at is None:
            return ()
        return [number for number, _, _ in self.lines if number >= self.header_at.line][: self.header_at.rows]


def imports_of(*, sensor: Sensor) -> list[FileImport]:
    """Return a sensor's latest imports from pages, newest first."""
    return list(FileImport.objects.filter(sensor=sensor).order_by("-began_at")[:LISTED])


@transaction.atomic
def receive(*, by: Operator, sensor: Sensor, uploaded: "UploadedFile[bytes]", now: datetime) -> FileImport:
    """Store an uploaded file until an editor confirms its preview.

    :raises Refusal: `not_allowed`, `switched_off` or `limit_reached`.
    """
    require_editor(by=by, site=sensor.site)
    require_open(Feature.IMPORTS)
    spool.tidy(now=now)
    uuid = uuid4()
    require_room_for_upload(by=by, size=uploaded.size or 0, now=now)
    spool.keep(uploaded, uuid)
    return FileImport.objects.create(
        uuid=uuid,
        key=uuid.hex,
        sensor=sensor,
        operator=by,
        file_name=(uploaded.name or "file")[:255],
        size=uploaded.size or 0,
        began_at=now,
        updated_at=now,
    )


def look(kept: FileImport, *, now: datetime) -> Look:
    """Return the preview of a waiting file."""
    assert kept.sensor is not None  # imports from pages have one
    try:
        with _opened(kept) as table:
            return _looked_at(kept, table, now=now)
    except BadTable as bad:
        return Look([], "", Plan(), trouble=str(bad).replace(str(spool.file_of(kept.uuid)), kept.file_name))


def _looked_at(kept: FileImport, table: TableOfAnyKind, *, now: datetime) -> Look:
    assert kept.sensor is not None
    zone = kept.sensor.site.time_zone
    plan = _plan(kept, table)
    layout = "" if kept.plan.get("columns") else layout_of(table)
    text = table if isinstance(table, TextTable) else None
    found = Look(
        list(table.header),
        layout,
        plan,
        systems=systems_of(table),
        header_at=text.header_at if text else None,
        lines=text.first if text else (),
        encoding=kept.plan.get("encoding", ""),
    )
    try:
        read = _read(kept, table, plan, now=now)
    except BadPlan as bad:
        completed_plan = plan if layout else completed(plan, table, now=now, zone=ZoneInfo(zone)).plan
        return replace(found, plan=completed_plan, trouble=str(bad))
    shown = preview(table, read, zone=zone, now=now)
    shown_plan = plan if kept.plan.get("columns") else read.plan  # what was entered is shown again as it was
    return replace(found, plan=shown_plan, shown=shown, questions=read.questions, program=read.program)


def _plan(kept: FileImport, table: TableOfAnyKind) -> Plan:
    """Return the plan that was entered, else the remembered one; what it leaves open is found in the file."""
    assert kept.sensor is not None
    if kept.plan.get("columns"):
        return from_json(kept.plan)
    return Plan() if layout_of(table) else choose(Plan(), table=table, site=kept.sensor.site).plan


def _read(kept: FileImport, table: TableOfAnyKind, plan: Plan, *, now: datetime) -> Understood:
    assert kept.sensor is not None
    zone = None if kept.plan.get("columns") else ZoneInfo(kept.sensor.site.time_zone)
    return understood(table, plan, now=now, zone=zone, system=kept.plan.get("units", ""))


def tell(kept: FileImport, *, plan: Plan | None = None, units: str = "") -> None:
    """Save how the columns of a waiting file are to be read."""
    shape = {name: kept.plan[name] for name in ("header", "encoding") if name in kept.plan}
    kept.plan = {**shape, **(to_json(plan) if plan else {}), "units": units}
    kept.save(update_fields=["plan"])


def reshape(kept: FileImport, *, header_at: HeaderRows, encoding: str) -> None:
    """Save where the header of a waiting file is and its encoding; what was said of its columns is no longer so."""
    kept.plan = {"header": [header_at.line, header_at.rows], "encoding": encoding}
    kept.save(update_fields=["plan"])


def choose_units(kept: FileImport, *, units: str) -> None:
    """Save the system of units of a waiting file; those of its columns follow from it again."""
    kept.plan = {**{name: kept.plan[name] for name in ("header", "encoding") if name in kept.plan}, "units": units}
    kept.save(update_fields=["plan"])


def is_gone(kept: FileImport, *, now: datetime) -> bool:
    """Return whether a running import ended with the server that ran it."""
    return kept.state == ImportState.RUNNING and kept.updated_at < now - GONE_AFTER


def start(kept: FileImport, *, now: Clock) -> threading.Thread | None:
    """Load a file in the background, resuming where it stopped; return None if it is being loaded already.

    :raises Refusal: `limit_reached`.
    """
    if not _begin(kept, now=now()):
        return None
    thread = threading.Thread(target=_run, args=(kept.pk, now), name=f"import {kept.uuid}", daemon=True)
    thread.start()
    return thread


@transaction.atomic
def _begin(kept: FileImport, *, now: datetime) -> bool:
    """Mark a file as being loaded; return False if it is already."""
    if kept.operator and kept.state != ImportState.RUNNING:
        require_room_for_import(by=kept.operator, now=now)
    idle = Q(state__in=(ImportState.WAITING, ImportState.STOPPED)) | Q(updated_at__lt=now - GONE_AFTER)
    mine = FileImport.objects.filter(idle, pk=kept.pk).exclude(state=ImportState.DONE)
    return bool(mine.update(state=ImportState.RUNNING, updated_at=now, message=""))


def discard(kept: FileImport) -> None:
    """Delete an import and its file; stored readings stay."""
    spool.forget(kept.uuid)
    spool.refused_of(kept.uuid).unlink(missing_ok=True)
    kept.delete()


def _run(pk: int, now: Clock) -> None:
    try:
        kept = FileImport.objects.select_related("sensor__site").get(pk=pk)
        still_waiting = partial(_still_waiting, pk, now)
        with TURNS.of(kept.operator_id or 0, still_waiting=still_waiting) as turn:
            connections.close_all()
            kept.refresh_from_db()
            _load(kept, now, rest=partial(TURNS.pass_on, turn, still_waiting=still_waiting))
    except FileImport.DoesNotExist:
        _log.info("The import %d was discarded before it began", pk)
    except Exception:  # the outermost handler of the thread
        _log.exception("The import %d failed", pk)
        message = "The server failed at this file; its log says why."
        FileImport.objects.filter(pk=pk).update(state=ImportState.STOPPED, message=message)
    finally:
        connections.close_all()


def _still_waiting(pk: int, now: Clock) -> None:
    """Say that an import waits for its turn, so that it does not count as ended with its server."""
    FileImport.objects.filter(pk=pk).update(updated_at=now())
    connections.close_all()


def _load(kept: FileImport, now: Clock, *, rest: Callable[[], None]) -> None:
    assert kept.sensor is not None
    try:
        target = OneSensor(str(kept.sensor.uuid))
        with _opened(kept) as table, WriterConnection(conninfo()) as writer:
            read = _read(kept, table, _plan(kept, table), now=now())
            refuse_open(read.questions)
            run = Run(
                table=table,
                rows=read.rows,
                targets=target,
                store=Counted(_Resting(writer, rest).store, conninfo(), operator=kept.operator_id, now=now).store,
                refused=RefusedRows(spool.refused_of(kept.uuid), goes_on=kept.line > 0),
                now=now,
                kept=kept,
                batch=BATCH,
            )
            ended = run.load()
            if not ended.trouble and not read.layout and ended.report.is_of_use:
                remember(read.plan, table=table, site=kept.sensor.site, now=now())
    except (BadTable, BadPlan, BadTarget) as bad:
        kept.state, kept.message = ImportState.STOPPED, str(bad)
        kept.save(update_fields=["state", "message"])
        return
    if not ended.trouble:
        spool.forget(kept.uuid)


@contextmanager
def _opened(kept: FileImport) -> Iterator[TableOfAnyKind]:
    if not spool.file_of(kept.uuid).exists():
        raise BadTable("The file has been deleted. Upload it again: readings that are stored are found as duplicates.")
    most = UNPACKED_AT_MOST * settings.ENVIRONMENT.max_upload_bytes
    line_and_rows = kept.plan.get("header")
    with open_table(
        str(spool.file_of(kept.uuid)),
        header_at=HeaderRows(*line_and_rows) if line_and_rows else None,
        encoding=kept.plan.get("encoding", ""),
        most_unpacked=most,
    ) as table:
        yield table


class _Resting:
    """Stores batches, and sleeps after each for as long as it took, to leave processor time to others.

    `rest` lets other imports have their turn.
    """

    def __init__(self, writer: WriterConnection, rest: Callable[[], None]) -> None:
        self._writer = writer
        self._rest = rest
        self._ended = time.monotonic()

    def store(self, write_requests: Sequence[WriteRequest]) -> Stored:
        stored = self._writer.store(write_requests)
        took = time.monotonic() - self._ended
        time.sleep(min(took, REST_AT_MOST_S))
        self._rest()
        self._ended = time.monotonic()
        return stored
