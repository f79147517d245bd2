"""Uploaded files, stored in the data directory until they are imported."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from sensorfusion.sensors.quotas.queries import UPLOAD_KEPT_FOR

# Uploads that were never imported, and lists of rejected rows, are deleted after this time.
KEPT_FOR: Final = UPLOAD_KEPT_FOR


def file_of(uuid: UUID) -> Path:
    """Return the path of an import's file."""
    return _place() / f"{uuid}.upload"


def refused_of(uuid: UUID) -> Path:
    """Return the path of an import's list of rejected rows."""
    return _place() / f"{uuid}.refused.csv"


def keep(uploaded: "UploadedFile[bytes]", uuid: UUID) -> None:
    """Store an uploaded file."""
    with file_of(uuid).open("wb") as kept:
        kept.writelines(uploaded.chunks(1 << 20))


def forget(uuid: UUID) -> None:
    """Delete an import's file."""
    file_of(uuid).unlink(missing_ok=True)


def tidy(*, now: datetime) -> None:
    """Delete expired files."""
    for path in _place().iterdir():
        if path.suffix in (".upload", ".csv") and path.stat().st_mtime < (now - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)


def _place() -> Path:
    place = Path(settings.FILE_UPLOAD_TEMP_DIR) / "imports"
    place.mkdir(parents=True, exist_ok=True)
    return place
