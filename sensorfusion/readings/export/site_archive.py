"""A whole site as one file: a ZIP of its description, its sensors' readings, and a manifest with checksums.

    site.json                  the site, its members, its sensors with quality checks, exclusions, notes, device
                               attributes, fields, console settings and polled URLs
    readings/<sensor>.ndjson   one reading per line, as `readings.export.export` writes them
    manifest.json              the number of readings in each file, and the SHA-256 of every file

Secrets are not included: no keys, passwords or tokens; polled URLs without credentials and query. The archive is
streamed, so its size is not limited.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import msgspec
import psycopg
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from sensorfusion import __version__
from sensorfusion.domain.fields import declared
from sensorfusion.readings.exclusions.services import exclusions_of
from sensorfusion.readings.export.export import Exported, NdjsonWriter, Selection, Sink, portions, snapshot
from sensorfusion.readings.models import Note
from sensorfusion.readings.notes.queries import notes_of
from sensorfusion.sensors.consoles.fields import ConsoleReading
from sensorfusion.sensors.consoles.services import console_of
from sensorfusion.sensors.models import Attributes, Console, Poll, Sensor, Site
from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.services import poll_of
from sensorfusion.sensors.provisioning.attributes import attributes_of
from sensorfusion.sensors.sites.membership import members

FORMAT: Final = "sensorfusion-site"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
SITE: Final = "site.json"
CONTENT_TYPE: Final = "application/zip"
# Fields that are recreated when the archive is imported, or have no meaning there.
RECREATED: Final = frozenset(("id", "uuid", "site", "created_at"))
# Keys of a sensor's description in addition to its own fields.
BESIDE: Final = frozenset(("quality_checks", "exclusions", "notes", "console", "attributes", "poll", "fields"))
# Headers hold secrets, and an imported poll is off until an editor has reviewed it.
NOT_TOLD_OF_POLLS: Final = frozenset(("headers", "is_on"))
_COMPRESSION: Final = 3  # 6 takes twice as long for a tenth less

_encode = msgspec.json.Encoder(order="sorted").encode


class SiteArchive:
    """One site's archive; `rows` counts the readings written so far."""

    def __init__(self, site: Site, *, now: datetime) -> None:
        self._site = site
        self._now = now
        self._files: dict[str, dict[str, Any]] = {}
        self.rows = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the file in chunks."""
        sink = Sink()
        sensors = list(self._site.sensors.order_by("id"))
        with (
            snapshot() as connection,
            zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as archive,
        ):
            self._add(archive, SITE, _pretty(described(self._site, sensors)))
            for sensor in sensors:
                for _ in self._readings(archive, connection, sensor):
                    yield sink.taken()
            archive.writestr(self._entry(MANIFEST), _pretty(self._manifest()))
        yield sink.taken()

    def _readings(self, archive: zipfile.ZipFile, connection: psycopg.Connection, sensor: Sensor) -> Iterator[None]:
        """Write a sensor's readings, yielding after each portion."""
        name, writer, digest, before = readings_of(str(sensor.uuid)), NdjsonWriter(), hashlib.sha256(), self.rows
        one = Exported(sensor.pk, sensor.name)
        # The size is only known at the end, and may exceed 4 GiB.
        with archive.open(self._entry(name), "w", force_zip64=True) as file:
            for portion in portions(connection, one, Selection(sensors=[one])):
                written = writer.write(sensor.name, portion)
                digest.update(written)
                file.write(written)
                self.rows += len(portion)
                yield
        self._files[name] = {"sha256": digest.hexdigest(), "readings": self.rows - before}

    def _add(self, archive: zipfile.ZipFile, name: str, content: bytes) -> None:
        archive.writestr(self._entry(name), content)
        self._files[name] = {"sha256": hashlib.sha256(content).hexdigest()}

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self._now.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        return entry

    def _manifest(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "made_at": self._now,
            "made_with": f"SensorFusion {__version__}",
            "site": self._site.name,
            "readings": self.rows,
            "files": self._files,
        }


def readings_of(sensor: str) -> str:
    """Return the name of the file with a sensor's readings."""
    return f"readings/{sensor}.ndjson"


def described(site: Site, sensors: list[Sensor]) -> dict[str, Any]:
    """Describe a site with its members and sensors, without secrets."""
    return {
        "site": {"id": str(site.uuid), **details_of(site)},
        "members": [
            {"email": each.operator.email, "name": each.operator.name, "role": each.role, "since": each.since}
            for each in members(site)
        ],
        "sensors": [_sensor(sensor) for sensor in sensors],
    }


def details_of(place: Model) -> dict[str, Any]:
    """Return all fields of a site or a sensor, including fields that later versions add."""
    return {
        field.name: getattr(place, field.name) for field in place._meta.concrete_fields if field.name not in RECREATED
    }


def _sensor(sensor: Sensor) -> dict[str, Any]:
    return {
        "id": str(sensor.uuid),
        **details_of(sensor),
        "quality_checks": _checks(sensor),
        "exclusions": [
            {
                "quantity": each.quantity,
                "from": each.starts_at,
                "to": each.ends_at,
                "reason": each.reason,
                "made_by": each.made_by.email if each.made_by else None,
                "made_at": each.made_at,
                "restored_at": each.restored_at,
            }
            for each in exclusions_of(sensor=sensor)
        ],
        "notes": [_note(each) for each in notes_of(sensor=sensor)],
        "console": _console(console_of(sensor)),
        "attributes": _attributes(attributes_of(sensor=sensor)),
        "poll": _poll(poll_of(sensor)),
        "fields": [_field(each) for each in sensor.source_fields.order_by("source", "quantity")],
    }


def _console(console: Console) -> dict[str, Any]:
    return {name: getattr(console, name) for name in declared(ConsoleReading)}


def _attributes(attributes: Attributes) -> dict[str, Any]:
    return {"client": attributes.client, "shared": attributes.shared}


def _note(note: Note) -> dict[str, Any]:
    return {
        "kind": note.kind,
        "text": note.text,
        "from": note.starts_at,
        "to": note.ends_at,
        "made_by": note.made_by.email if note.made_by else None,
        "made_at": note.made_at,
    }


def _field(field: SourceField) -> dict[str, Any]:
    return {name: getattr(field, name) for name in ("source", "quantity", "label", "first_at")}


def _poll(poll: Poll | None) -> dict[str, Any] | None:
    """Describe a poll without the query and headers of its URL, where most services expect keys."""
    if poll is None:
        return None
    parts = urlsplit(poll.url)
    open_part = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    told = {name: getattr(poll, name) for name in declared(PollDetails) if name not in NOT_TOLD_OF_POLLS}
    return {**told, "url": urlunsplit(open_part)}


def _checks(sensor: Sensor) -> dict[str, Any]:
    try:
        return dict(sensor.quality.checks)
    except ObjectDoesNotExist:
        return {}


def _pretty(content: dict[str, Any]) -> bytes:
    return msgspec.json.format(_encode(content), indent=2)
