"""Home Assistant's history as its page downloads it: one state in a row, of any number of entities.

The file has no units. An entity that is named like a quantity is that; every other keeps the name it has there, so that
two thermometers stay two series.
"""

import re
from datetime import tzinfo
from typing import Final

from sensorfusion.domain.quantities import CATALOGUE, known_quantity
from sensorfusion.domain.units import unit_of
from sensorfusion.ingest.files.csv_tables import TextTable
from sensorfusion.ingest.files.programs.program import SYSTEMS, Program, names_of
from sensorfusion.ingest.files.programs.readers import Element, LongRows
from sensorfusion.ingest.files.rows import Plan

_NAMES: Final = ("entity_id", "state", "last_changed")
_PLACES: Final = re.compile(r"\A(?:outdoor|outside)_")
_MEASURES: Final = {"temperature": "temperature", "pressure": "pressure", "speed": "speed", "rain rate": "rain rate"}
_NOTE: Final = "Home Assistant's files have no units: the values are read as {system}."


def _matches(table: TextTable) -> bool:
    return {*_NAMES} <= set(names_of(table))


def _read(table: TextTable, *, plan: Plan, zone: tzinfo | None, system: str) -> LongRows:
    names = names_of(table)
    system = system or "metric"
    return LongRows(
        time=names.index("last_changed"),
        name=names.index("entity_id"),
        value=names.index("state"),
        meaning=lambda entity: element_of(entity, system=system),
        zone=plan.time_zone or zone,
        missing=("unavailable", "unknown", "none"),
        note=_NOTE.format(system=system),
    )


def element_of(entity: str, *, system: str) -> Element:
    """Return the meaning of an entity: the quantity that it is named like, or a name of its own."""
    name = entity.partition(".")[2] or entity
    plain = _PLACES.sub("", name)
    known = known_quantity(plain) or CATALOGUE.get(plain.replace("outdoor_", ""))
    if known is None:
        return Element(name[:64])
    measure = _MEASURES.get(unit_of(known.unit).dimension, "") if known.unit else ""
    unit = SYSTEMS[system].get(measure, "") if measure else ""  # type: ignore[call-overload]  # a measure or ""
    return Element(known.name, unit or known.unit)


HOME_ASSISTANT: Final = Program(
    name="Home Assistant's history", matches=_matches, read=_read, systems=("metric", "metric_kmh", "imperial")
)
