"""Uploaded files, kept in the data directory until they are imported."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

# What was uploaded and never imported, and lists of refused lines, go away after so long.
KEPT_FOR: Final = timedelta(days=7)


def file_of(uuid: UUID) -> Path:
    """Say where an import's file is."""
    return _place() / f"{uuid}.upload"


def refused_of(uuid: UUID) -> Path:
    """Say where the list of an import's refused lines is."""
    return _place() / f"{uuid}.refused.csv"


def keep(uploaded: "UploadedFile[bytes]", uuid: UUID) -> None:
    """Take an uploaded file over."""
    with file_of(uuid).open("wb") as kept:
        kept.writelines(uploaded.chunks(1 << 20))


def forget(uuid: UUID) -> None:
    """Remove an import's file."""
    file_of(uuid).unlink(missing_ok=True)


def tidy(*, now: datetime) -> None:
    """Remove what nobody came back for."""
    for path in _place().iterdir():
        if path.suffix in (".upload", ".csv") and path.stat().st_mtime < (now - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)


def _place() -> Path:
    place = Path(settings.FILE_UPLOAD_TEMP_DIR) / "imports"
    place.mkdir(parents=True, exist_ok=True)
    return place
