"""Files of data loggers, consoles and their apps, of which the header says everything once it is read as a whole."""

from typing import Final

from sensorfusion.ingest.files.csv_tables import TextTable
from sensorfusion.ingest.files.programs.program import Program, names_of


def _first_cells(table: TextTable) -> list[str]:
    """Return the first cell of each row from the file's begin to its header."""
    return [str(cells[0]).strip() for number, cells, _ in table.first if number <= table.header_at.line]


def _is_toa5(table: TextTable) -> bool:
    return "TOA5" in _first_cells(table)


def _is_hobo(table: TextTable) -> bool:
    names = names_of(table)
    is_numbered = bool(names) and names[0] == "#" and any(name.startswith("Date Time") for name in names)
    return is_numbered or any("LGR S/N" in name for name in names)


def _is_govee(table: TextTable) -> bool:
    return bool(table.header) and names_of(table)[0].casefold().startswith("timestamp for sample frequency")


def _is_ecowitt(table: TextTable) -> bool:
    names = {name.replace(" ", "").casefold() for name in names_of(table)}
    app = {"time", "outdoortemperature(℃)"}
    return any(app <= {name.replace(unit, "(℃)") for name in names} for unit in ("(℃)", "(℉)", "(°c)", "(°f)")) or any(
        name.startswith("ch1temperature(") for name in names
    )


def _is_ambient(table: TextTable) -> bool:
    names = set(names_of(table))
    return {"Date", "Simple Date"} <= names or {"Date", "Ultra-Violet Radiation Index"} <= names


LOGGERS: Final = (
    Program(name="a TOA5 file of a Campbell logger", matches=_is_toa5),
    Program(name="a HOBO logger's export", matches=_is_hobo),
    Program(name="Govee's export", matches=_is_govee),
    Program(name="Ecowitt's export", matches=_is_ecowitt),
    Program(name="Ambient Weather's export", matches=_is_ambient),
)
