"""Guesses the meaning of a file's columns from their names: `Temp (°F)` is a temperature, `When` is the time."""

import re
from collections.abc import Sequence
from typing import Final

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter
from sensorfusion.ingest.files.rows import TIME_COLUMN, Column

_TIMES: Final = (
    *(TIME_COLUMN, "time", "timestamp", "datetime", "date_time", "date time", "date", "when", "dateutc", "dt", "ts"),
    *("zeit", "zeitpunkt", "datum", "czas", "data", "fecha", "heure"),
)
_NAME_AND_UNIT: Final = re.compile(r"(.+?)\s*[(\[](.+)[)\]]\s*\Z")
WORDS: Final = {
    "humid": "humidity",
    "outdoor_temperature": "temperature",
    "outdoor_humidity": "humidity",
    "wind": "wind_speed",
    "gust": "wind_gust",
    "barometer": "sea_level_pressure",
    "baro": "sea_level_pressure",
    "solar": "solar_radiation",
    "rainfall": "rain",
}


def time_column(header: Sequence[str]) -> str:
    """Return the column that is probably the time, else the first one."""
    by_name = {name.strip().casefold(): name.strip() for name in reversed(header)}
    return next((by_name[name] for name in _TIMES if name in by_name), header[0].strip() if header else TIME_COLUMN)


def column(name: str) -> Column | None:
    """Guess the quantity and unit of a column, or return None."""
    found = _NAME_AND_UNIT.match(name)
    plain, unit = found.groups() if found else (name, "")
    words = re.sub(r"[\s-]+", "_", plain.strip()).casefold()
    known = known_quantity(WORDS.get(words, words))
    if known is None:
        return None
    try:
        converter(unit, known.unit)
    except (UnknownUnit, WrongUnit):
        unit = ""
    return Column(name.strip(), known.name, unit)
