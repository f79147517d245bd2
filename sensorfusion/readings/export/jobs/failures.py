"""Why a file was not written: stored in English with its job, and shown to its operator in their language."""

from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.domain.texts.translation import translated
from sensorfusion.readings.export.jobs.services import FULL
from sensorfusion.readings.export.parquet import NOT_INSTALLED
from sensorfusion.readings.models import ExportJob

GIVEN_UP: Final = gettext_noop("It was begun {times} times, and the server ended meanwhile. Choose a shorter span.")
NO_ROOM: Final = gettext_noop("The file could not be written: {why}. Make room in the data directory.")
FAULT: Final = gettext_noop("The server has a fault, which its log tells. Try another format or a shorter span.")


def failure(job: ExportJob) -> str:
    """Return why the file of a job was not written, if it was not."""
    return translated(job.error, (GIVEN_UP, NO_ROOM, FAULT, FULL, NOT_INSTALLED))
