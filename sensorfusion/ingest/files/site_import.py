"""Imports a site's archive: restores its description, and loads its readings through the usual checks.

Everything gets new ids and new keys. The archive is verified against its manifest first; then the site and its sensors
are created in one transaction, and the readings follow batch by batch.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import DateField, Model

from sensorfusion.accounts.models import Operator, Role
from sensorfusion.domain.fields import declared
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.ingest.files.exchanged import ReadingRows
from sensorfusion.ingest.files.loading import Batch, Loader, Report
from sensorfusion.ingest.files.rows import Line, unreadable
from sensorfusion.ingest.files.run import BATCH, batches
from sensorfusion.ingest.steps.batch import Source
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.storing.imports import Store
from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.readings.export.site_archive import BESIDE, FORMAT, MANIFEST, RECREATED, SITE, VERSION, readings_of
from sensorfusion.readings.models import Note
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.consoles.fields import ConsoleReading
from sensorfusion.sensors.consoles.services import set_reading
from sensorfusion.sensors.models import Sensor, Site, Status
from sensorfusion.sensors.naming.services import restore_fields
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.services import save_poll
from sensorfusion.sensors.provisioning.attributes import set_shared
from sensorfusion.sensors.quality.services import set_checks
from sensorfusion.sensors.services import add_sensor, create_site, pause
from sensorfusion.sensors.sites.invitations import invite

MOST_DESCRIPTION: Final = 64 << 20  # bytes; a site of 10,000 sensors has about 10 MB
MOST_LINE: Final = 1 << 20
_CHUNK: Final = 1 << 20


class BadArchive(Exception):
    """The archive cannot be imported; the message says why. Nothing was created."""


FORMER_NAMES: Final = {"paths": "names"}  # of fields, in archives written by 0.1


@dataclass(slots=True)
class Brought:
    """The created site, its sensors with new keys by their old ids, and the members who are invited."""

    site: Site
    sensors: dict[str, tuple[Sensor, str]] = field(default_factory=dict)
    invited: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class ArchivedSite:
    """An opened and verified archive."""

    def __init__(self, file: Any) -> None:
        """Verify every file of the archive against the manifest.

        :raises BadArchive: it is not a site's archive, is damaged, or has an unknown version.
        """
        try:
            self._zip = zipfile.ZipFile(file)
            self.manifest = self._described(MANIFEST)
            self._check_version()
            self._check_files()
            self.site = self._described(SITE)
            self.sensors: list[dict[str, Any]] = self.site["sensors"]
        except (zipfile.BadZipFile, KeyError, TypeError, AttributeError, EOFError, RuntimeError) as error:
            raise BadArchive(f"This is not an archive of a site, or it is damaged: {error}.") from None

    @property
    def readings(self) -> int:
        return int(self.manifest["readings"])

    def lines(self, sensor: str) -> Iterator[Line]:
        """Yield the readings of a sensor, given by its id in the archive."""
        rows = ReadingRows(by_name=True)
        with self._zip.open(readings_of(sensor)) as file:
            number = 0
            while line := file.readline(MOST_LINE):
                number += 1
                try:
                    each = decode_json(line)
                except NotJson as error:
                    yield unreadable(number, f"this is not JSON: {error}")
                    continue
                yield rows.read(number, (each,)) if isinstance(each, dict) else unreadable(number, "no object")

    def _described(self, name: str) -> dict[str, Any]:
        if self._zip.getinfo(name).file_size > MOST_DESCRIPTION:
            raise BadArchive(f"{name} is larger than any site's.")
        try:
            found = decode_json(self._zip.read(name))
        except NotJson as error:
            raise BadArchive(f"{name} cannot be read: {error}.") from None
        if not isinstance(found, dict):
            raise BadArchive(f"{name} is not a JSON object.")
        return found

    def _check_version(self) -> None:
        if self.manifest["format"] != FORMAT:
            raise BadArchive(f"The archive says it is {self.manifest['format']!r}, not a site.")
        if self.manifest["version"] != VERSION:
            version = self.manifest["version"]
            raise BadArchive(f"The archive is of version {version}, and this installation reads {VERSION}: update it.")

    def _check_files(self) -> None:
        for name, expected in self.manifest["files"].items():
            digest = hashlib.sha256()
            with self._zip.open(name) as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
            if digest.hexdigest() != expected["sha256"]:
                raise BadArchive(f"{name} is not what the manifest says: the archive is damaged or was changed.")


@transaction.atomic
def make_site(archived: ArchivedSite, *, by: Operator, now: datetime, name: str = "", with_members: bool) -> Brought:
    """Create the site and its sensors, owned by `by`; with `with_members`, also invite its members.

    :raises BadArchive: the description is invalid.
    """
    notes: list[str] = []
    try:
        details = _details(Site, archived.site["site"], notes)
        site = create_site(by=by, now=now, **{**details, **({"name": name} if name else {})})
        brought = Brought(site, notes=notes)
        for described in archived.sensors:
            known = _details(Sensor, described, notes)
            known.pop("status", None)  # the first reading makes it active
            issued = add_sensor(by=by, site=site, now=now, **known)
            restore_fields(sensor=issued.sensor, fields=described.get("fields", ()), now=now)
            brought.sensors[described["id"]] = (issued.sensor, issued.text)
        if with_members:
            _take_in(archived.site["members"], brought, by, now)
        return brought
    except (Refusal, ValidationError, KeyError, TypeError, ValueError) as error:
        raise BadArchive(f"The archive describes a site that cannot be created here: {error}") from None


def _details(model: type[Model], described: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """Return the fields of a description that this version knows; add a note for each unknown one."""
    details: dict[str, Any] = {}
    for name, value in described.items():
        if name in RECREATED or name in BESIDE:
            continue
        name = FORMER_NAMES.get(name, name)
        try:
            known = model._meta.get_field(name)
        except FieldDoesNotExist:
            if f"{name} is not known here and was left out." not in notes:
                notes.append(f"{name} is not known here and was left out.")
            continue
        details[name] = known.to_python(value) if isinstance(known, DateField) else value
    return details


def _take_in(members: Sequence[Mapping[str, Any]], brought: Brought, by: Operator, now: datetime) -> None:
    for member in members:
        if email_key(member["email"]) != email_key(by.email):
            invite(by=by, site=brought.site, email=member["email"], role=Role(member["role"]), now=now)
            brought.invited.append(member["email"])


def load_readings(
    archived: ArchivedSite,
    brought: Brought,
    *,
    store: Store,
    now: Callable[[], datetime],
    done: Callable[[Batch], None],
    step: Callable[[int, int], None] = lambda position, rows: None,
) -> Iterator[tuple[Sensor, Report]]:
    """Load each sensor's readings, and yield the outcome.

    :raises Interrupted: the database went down; batches stored so far stay.
    """
    rows = 0
    for old, (sensor, _) in brought.sensors.items():
        source = _Only(Source(sensor.pk, str(sensor.uuid)))
        with Loader(targets=source, store=store, now=now, done=done) as loader:
            try:
                for lines in batches(archived.lines(old), BATCH):
                    loader.load(lines)
                    step(rows + loader.report.rows, rows + loader.report.rows)
            finally:
                loader.finish()
        rows += loader.report.rows
        yield sensor, loader.report


def finish_site(archived: ArchivedSite, brought: Brought, *, by: Operator, now: datetime) -> None:
    """Restore settings that depend on the readings, and the settings of devices that will send the next ones.

    :raises BadArchive: the description is invalid.
    """
    try:
        for described in archived.sensors:
            sensor = brought.sensors[described["id"]][0]
            if described.get("quality_checks"):
                set_checks(by=by, sensor=sensor, own=described["quality_checks"], now=now)
            for each in described.get("exclusions", ()):
                _leave_out(sensor, each, by, now)
            for each in described.get("notes", ()):
                _note(sensor, each, by, now)
            _set_up_the_device(sensor, described, by, now, brought.notes)
            if described.get("status") == Status.PAUSED:
                pause(by=by, sensor=sensor)
    except (Refusal, ValidationError, KeyError, TypeError, ValueError) as error:
        raise BadArchive(f"The readings are imported, but not all settings: {error}") from None


def _leave_out(sensor: Sensor, each: Mapping[str, Any], by: Operator, now: datetime) -> None:
    if not each["restored_at"]:
        start, end = (datetime.fromisoformat(each[name]) for name in ("from", "to"))
        exclude(by=by, sensor=sensor, start=start, end=end, reason=each["reason"], quantity=each["quantity"], now=now)


def _note(sensor: Sensor, each: Mapping[str, Any], by: Operator, now: datetime) -> None:
    start, end = (each[name] and datetime.fromisoformat(each[name]) for name in ("from", "to"))
    note = Note(kind=each["kind"], text=each["text"], starts_at=start, ends_at=end)
    note.clean_fields(exclude=("sensor", "made_by", "made_at", "changed_at"))
    make_note(
        by=by, sensor=sensor, kind=note.kind, text=note.text, starts_at=note.starts_at, ends_at=note.ends_at, now=now
    )


def _set_up_the_device(
    sensor: Sensor, described: Mapping[str, Any], by: Operator, now: datetime, notes: list[str]
) -> None:
    """Restore console, shared attributes and poll. The poll stays off until an editor has checked it."""
    if console := described.get("console"):
        set_reading(by=by, sensor=sensor, **_known(ConsoleReading, console))
    if shared := (described.get("attributes") or {}).get("shared"):
        set_shared(by=by, sensor=sensor, shared=shared)
    if poll := described.get("poll"):
        save_poll(by=by, sensor=sensor, details=PollDetails(**_known(PollDetails, poll), is_on=False), now=now)
        notes.append(f"Polling of {sensor.name} is off: enter the secrets of its address, then switch it on.")


def _known(details: type, described: Mapping[str, Any]) -> Any:
    """Leave out what only later versions declare."""
    return {name: described[name] for name in declared(details) if name in described}


class _Only:
    """A target that assigns all lines to one sensor."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def expect(self, names: object) -> None:
        pass

    def of(self, name: str) -> Source:
        return self._source

    def problem(self, name: str) -> str:
        return ""
