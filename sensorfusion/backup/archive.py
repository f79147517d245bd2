"""The format of a backup: a zip of the dump by pg_dump, files of the data directory, and a manifest.

The manifest is the last member and records the size and SHA-256 of every other one. An archive that was cut off while
it was written or copied therefore has no manifest, and a modified one does not match it.
"""

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

import msgspec

from sensorfusion.terminal.errors import CommandLineError

FORMAT = 1
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files/"
CHUNK = 1 << 20


class BadArchive(CommandLineError):
    """An archive cannot be used; the message says why."""


class Member(msgspec.Struct, frozen=True):
    bytes: int
    sha256: str


class Counts(msgspec.Struct, frozen=True):
    """Numbers of rows at the instant of the backup."""

    operators: int
    sites: int
    sensors: int
    readings: int

    def __str__(self) -> str:
        return (
            f"{self.readings:,} readings (sensors: {self.sensors:,}, sites: {self.sites:,}, "
            f"operators: {self.operators:,})"
        )


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Contents of an archive, and the versions that a restore needs."""

    format: int
    version: str
    taken_at: datetime
    postgresql: int
    migrations: list[str]
    counts: Counts
    members: dict[str, Member]


class Digesting:
    """Writes to a member while computing its size and SHA-256."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member
        self._digest = hashlib.sha256()
        self.bytes = 0

    def write(self, chunk: bytes) -> None:
        self._member.write(chunk)
        self._digest.update(chunk)
        self.bytes += len(chunk)

    def member(self) -> Member:
        return Member(self.bytes, self._digest.hexdigest())


class Packing:
    """An archive that is being written."""

    def __init__(self, file: BinaryIO) -> None:
        # Not compressed: pg_dump compresses the dump, and the other members are small.
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self.members: dict[str, Member] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Digesting]:
        """Add a member; yield the object to write it to."""
        with self._zip.open(name, "w", force_zip64=True) as file:
            digesting = Digesting(file)
            yield digesting
        self.members[name] = digesting.member()

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, which completes the archive."""
        self._zip.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2))

    def close(self) -> None:
        """Write the central directory of the zip."""
        self._zip.close()


@contextmanager
def packing(path: Path) -> Iterator[Packing]:
    """Write an archive, which gets its name once it is complete and synced to disk. Only its owner may read it.

    :raises CommandLineError: if the file exists already or cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        raise CommandLineError(f"{path} exists already. Move it away, or choose another name.")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CommandLineError(f"{part} cannot be written ({error.strerror}). Choose another place.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)  # the .part file of a killed backup may have had other permissions
            with contextlib.closing(Packing(file)) as pack:
                yield pack
            file.flush()
            os.fsync(descriptor)
        part.rename(path)
        _settle(path.absolute().parent)
    except OSError as error:
        raise CommandLineError(f"{part} could not be written completely ({error.strerror}).") from None
    finally:
        part.unlink(missing_ok=True)


def _settle(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Archive:
    """An open archive: its manifest has been read, its members have not been verified."""

    def __init__(self, path: Path) -> None:
        """Open an archive and read its manifest.

        :raises BadArchive: if the file is no archive, is cut off, or has a format that this release does not know.
        """
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = _manifest(self._zip.read(MANIFEST))
        except OSError as error:
            raise BadArchive(f"{path} cannot be read ({error.strerror}).") from None
        except zipfile.BadZipFile:
            raise BadArchive(
                f"{path} is no backup, or is cut off: a complete one ends with a list of its contents."
            ) from None
        except KeyError:
            raise BadArchive(f"{path} is no backup: it has no {MANIFEST}.") from None

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def size(self) -> int:
        """Total size of the members, in bytes."""
        return sum(member.bytes for member in self.manifest.members.values())

    @property
    def files(self) -> list[str]:
        """Paths relative to the data directory."""
        return [name.removeprefix(FILES) for name in self.manifest.members if name.startswith(FILES)]

    def verify(self) -> Iterator[int]:
        """Read all members, yielding the number of bytes read since the last yield.

        :raises BadArchive: if a member is missing, unexpected, or differs from the manifest.
        """
        found = set(self._zip.namelist()) - {MANIFEST}
        if odd := (found ^ self.manifest.members.keys()) | {name for name in found if not _is_expected(name)}:
            raise BadArchive(f"The archive does not match its manifest: {', '.join(sorted(odd))}.")
        for name, expected in self.manifest.members.items():
            digest, size = hashlib.sha256(), 0
            for chunk in self.read(name):
                digest.update(chunk)
                size += len(chunk)
                yield len(chunk)
            if Member(size, digest.hexdigest()) != expected:
                raise BadArchive(f"The archive is damaged or was modified: {name} does not match its manifest.")

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the content of a member in chunks.

        :raises BadArchive: if it cannot be read completely.
        """
        try:
            with self._zip.open(name) as member:
                while chunk := member.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            raise BadArchive(f"The archive is damaged: {name} cannot be read ({error}).") from None


def _manifest(text: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except msgspec.DecodeError as error:
        raise BadArchive(f"The manifest cannot be read: {error}.") from None
    if manifest.format != FORMAT:
        raise BadArchive(f"SensorFusion {manifest.version} wrote this archive in a format unknown to this release.")
    return manifest


def _is_expected(name: str) -> bool:
    path = PurePosixPath(name)
    return name == DUMP or (name.startswith(FILES) and ".." not in path.parts and not path.is_absolute())
