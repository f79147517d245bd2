"""The file a backup is in: a zip of the database as pg_dump wrote it, files of the data directory, and a manifest.

The manifest is the last member, and names every other one with its size and SHA-256. So an archive that was cut off
while it was written or copied has no manifest, and one that was changed does not agree with it.
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
    """What the database held at the instant of the backup."""

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
    """What an archive holds, and what it needs."""

    format: int
    version: str
    taken_at: datetime
    postgresql: int
    migrations: list[str]
    counts: Counts
    members: dict[str, Member]


class Digesting:
    """Passes bytes on to a member and keeps count of them."""

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
        # Stored: the dump is compressed by pg_dump, the rest is small.
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self.members: dict[str, Member] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Digesting]:
        """Yield where to write one member."""
        with self._zip.open(name, "w", force_zip64=True) as file:
            digesting = Digesting(file)
            yield digesting
        self.members[name] = digesting.member()

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, which makes it whole."""
        self._zip.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2))

    def close(self) -> None:
        """Write the list of members that a zip ends with."""
        self._zip.close()


@contextmanager
def packing(path: Path) -> Iterator[Packing]:
    """Write an archive, which appears under its name when it is whole and on disk; only its owner may read it.

    :raises CommandLineError: if the file is there already or cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        raise CommandLineError(f"{path} is there already. Move it away, or choose another name.")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CommandLineError(f"{part} cannot be written ({error.strerror}). Choose another place.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)  # the file of a backup that was killed may have been anybody's
            with contextlib.closing(Packing(file)) as pack:
                yield pack
            file.flush()
            os.fsync(descriptor)
        part.rename(path)
        _settle(path.absolute().parent)
    except OSError as error:
        raise CommandLineError(f"{part} could not be written to its end ({error.strerror}).") from None
    finally:
        part.unlink(missing_ok=True)


def _settle(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Archive:
    """An archive that can be read: its manifest fits, its members are not looked at yet."""

    def __init__(self, path: Path) -> None:
        """Open an archive and read its manifest.

        :raises BadArchive: if it is none, is cut off, or is of a kind this release does not know.
        """
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = _manifest(self._zip.read(MANIFEST))
        except OSError as error:
            raise BadArchive(f"{path} cannot be read ({error.strerror}).") from None
        except zipfile.BadZipFile:
            raise BadArchive(
                f"{path} is no backup, or is cut off: a whole one ends with a list of what is in it."
            ) from None
        except KeyError:
            raise BadArchive(f"{path} is no backup: it has no {MANIFEST}.") from None

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.bytes for member in self.manifest.members.values())

    @property
    def files(self) -> list[str]:
        """Paths below the data directory."""
        return [name.removeprefix(FILES) for name in self.manifest.members if name.startswith(FILES)]

    def verify(self) -> Iterator[int]:
        """Read everything, yielding how many bytes were read since.

        :raises BadArchive: if any member is missing, too many, or not what the manifest says.
        """
        found = set(self._zip.namelist()) - {MANIFEST}
        if odd := (found ^ self.manifest.members.keys()) | {name for name in found if not _is_expected(name)}:
            raise BadArchive(f"The archive does not hold what its manifest says: {', '.join(sorted(odd))}.")
        for name, expected in self.manifest.members.items():
            digest, size = hashlib.sha256(), 0
            for chunk in self.read(name):
                digest.update(chunk)
                size += len(chunk)
                yield len(chunk)
            if Member(size, digest.hexdigest()) != expected:
                raise BadArchive(f"The archive is damaged or was changed: {name} is not what its manifest says.")

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a member piece by piece.

        :raises BadArchive: where it cannot be read on.
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
        raise BadArchive(f"SensorFusion {manifest.version} wrote this archive in a form this release does not know.")
    return manifest


def _is_expected(name: str) -> bool:
    path = PurePosixPath(name)
    return name == DUMP or (name.startswith(FILES) and ".." not in path.parts and not path.is_absolute())
