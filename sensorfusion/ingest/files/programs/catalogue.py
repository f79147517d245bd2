"""The programs whose files are recognised by themselves; a new one is a row here."""

from typing import Final

from sensorfusion.ingest.files.csv_tables import TableOfAnyKind, TextTable
from sensorfusion.ingest.files.programs.archives import ARCHIVES
from sensorfusion.ingest.files.programs.home_assistant import HOME_ASSISTANT
from sensorfusion.ingest.files.programs.loggers import LOGGERS
from sensorfusion.ingest.files.programs.program import Program
from sensorfusion.ingest.files.programs.stations import STATIONS

PROGRAMS: Final[tuple[Program, ...]] = (*ARCHIVES, HOME_ASSISTANT, *STATIONS, *LOGGERS)


def program_of(table: TableOfAnyKind) -> Program | None:
    """Return the program that wrote a file, if it is known."""
    if not isinstance(table, TextTable):
        return None
    return next((program for program in PROGRAMS if program.matches(table)), None)
