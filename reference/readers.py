"""Readers of the vocabularies' tables: each yields what is spelled how, whatever shape the table has."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sensorfusion.domain.consoles.field import Field
from sensorfusion.domain.consoles.networks import Family
from sensorfusion.domain.consoles.readers import METRIC
from sensorfusion.domain.quantities import CATALOGUE, known_quantity
from sensorfusion.domain.units import UNITS, unit_of
from sensorfusion.ingest.doors import senml
from sensorfusion.ingest.files.programs.program import SYSTEMS
from sensorfusion.ingest.files.programs.readers import Element, Part
from sensorfusion.ingest.files.programs.stations import Fields
from sensorfusion.ingest.mqtt.adapters import tasmota_blocks as tasmota_adapter
from sensorfusion.ingest.mqtt.discovery import device_class
from sensorfusion.ingest.polling.mapping import parse_fields
from sensorfusion.ingest.steps.batch import Meaning
from sensorfusion.ingest.steps.naming import folded as folded


@dataclass(frozen=True, slots=True)
class Spelling:
    """One name of another system, the quantity it means, and the units its numbers may be in (none: canonical)."""

    spelling: str
    quantity: str
    units: tuple[str, ...] = ()


Reader = Callable[[Any], Iterable[Spelling]]


def names(table: Mapping[str, str]) -> Iterator[Spelling]:
    for spelling, quantity in table.items():
        yield Spelling(spelling, quantity)


def station_fields(table: Fields) -> Iterator[Spelling]:
    """Read the columns of a weather program, which are in the units that it is set to."""
    for spelling, (quantity, measure) in table.items():
        units = {system.get(measure, ""): None for system in SYSTEMS.values()}
        yield Spelling(spelling, quantity, tuple(unit for unit in units if unit))


def elements(table: Mapping[str, Element]) -> Iterator[Spelling]:
    for spelling, element in table.items():
        yield Spelling(spelling, element.quantity, _given(element.unit))


def parts(table: Mapping[str, tuple[Part, ...]]) -> Iterator[Spelling]:
    """Read the groups of composite cells; a spelling is the group and the place in it."""
    for spelling, each in table.items():
        for part in each:
            yield Spelling(f"{spelling} {part.place + 1}", part.quantity, _given(part.unit))


def own_names(table: Mapping[str, object]) -> Iterator[Spelling]:
    """Read a table whose keys are our own names."""
    for name in table:
        yield Spelling(name, name)


def meanings(table: Mapping[str, Meaning]) -> Iterator[Spelling]:
    for spelling, meaning in table.items():
        yield Spelling(spelling, meaning.quantity, _given(meaning.unit))


def payload_names(table: Mapping[tuple[str, str], str]) -> Iterator[Spelling]:
    for (quantity, unit), spellings in table.items():
        for spelling in spellings.split():
            yield Spelling(spelling, quantity, _given(unit))


def console_fields(family: Family) -> Reader:
    """Read one family of consoles; numbers are in the unit the field is named for, or in a metric one."""

    def read(table: Mapping[Family, Mapping[str, Field]]) -> Iterator[Spelling]:
        for spelling, field in table[family].items():
            units = {system.get(field.unit, field.unit): None for system in METRIC.values()}
            yield Spelling(spelling, field.quantity, tuple(unit for unit in units if unit))

    return read


def console_channel(table: Mapping[str, Field]) -> Iterator[Spelling]:
    for spelling, field in table.items():
        yield Spelling(spelling, field.quantity, _given(field.unit))


def senml_units(table: Mapping[str, str]) -> Iterator[Spelling]:
    for unit, quantity in table.items():
        yield Spelling(unit, quantity, _given(senml.UNITS.get(unit, unit)))


def tasmota(table: Mapping[str, tuple[str, str]]) -> Iterator[Spelling]:
    """Read names whose unit may be named elsewhere in the message; what it is without that is listed."""
    for spelling, (quantity, unit) in table.items():
        yield Spelling(spelling, quantity, _given(tasmota_adapter.UNITS.get(unit, unit)))


def stems(endings: str, *, joined: str) -> Reader:
    """Read names that end with their unit: one spelling for each ending of the quantity's dimension."""

    def read(table: Mapping[str, str]) -> Iterator[Spelling]:
        module, _, name = endings.partition(":")
        units: Mapping[str, str] = getattr(import_module(f"sensorfusion.{module}"), name)
        for stem, quantity in table.items():
            fitting = {ending: unit for ending, unit in units.items() if _fits(unit, quantity)}
            for ending, unit in fitting.items():
                yield Spelling(joined.format(stem, ending), quantity, (unit,))
            if not fitting:
                yield Spelling(stem, quantity)

    return read


def names_with_units(table: Mapping[str, tuple[str, str]]) -> Iterator[Spelling]:
    for spelling, (quantity, unit) in table.items():
        yield Spelling(spelling, quantity, _given(unit))


def component_parts(separator: str) -> Reader:
    def read(table: Mapping[tuple[str, ...], tuple[str, str]]) -> Iterator[Spelling]:
        for parts, (quantity, unit) in table.items():
            yield Spelling(separator.join(parts), quantity, _given(unit))

    return read


def units_by_name(table: Mapping[str, str]) -> Iterator[Spelling]:
    """Read units of names that the catalogue knows."""
    for spelling, unit in table.items():
        known = known_quantity(spelling)
        yield Spelling(spelling, known.name if known else spelling, (unit,))


def unit_systems(table: Mapping[str, tuple[str, Sequence[str]]]) -> Iterator[Spelling]:
    """Read columns whose unit depends on the unit system of the row."""
    for spelling, (quantity, units) in table.items():
        yield Spelling(spelling, quantity, _given(*units))


def openweathermap_columns(table: Sequence[tuple[str, str, str, Sequence[str]]]) -> Iterator[Spelling]:
    for in_list, in_csv, quantity, units in table:
        for spelling in dict.fromkeys((in_list, in_csv)):
            yield Spelling(spelling, quantity, _given(*units))


def polling_preset(name: str) -> Reader:
    def read(presets: Mapping[str, Any]) -> Iterator[Spelling]:
        for field in parse_fields(presets[name].fields):
            yield Spelling(field.written, field.quantity, _given(field.unit))

    return read


def device_classes(_: object) -> Iterator[Spelling]:
    """Read which device class each quantity is announced with."""
    for known in CATALOGUE.values():
        if known.kind == "number" and device_class(known):
            yield Spelling(device_class(known), known.name, _given(known.unit))


def _given(*units: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for unit in units if unit))


def _fits(unit: str, quantity: str) -> bool:
    known = CATALOGUE[quantity].unit
    if not known or UNITS[known].dimension == "ratio":  # no station sends humidity in ppm
        return unit == known != ""
    return unit_of(unit).dimension == UNITS[known].dimension
