"""Every table that maps names of other systems to quantities is registered, and means what exists."""

import pkgutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Final

import pytest

import sensorfusion
from reference.documents import DOCUMENTS, OWN
from reference.readers import Spelling
from reference.vocabularies import CONSOLES, VOCABULARIES, DeviceVocabulary, load
from sensorfusion.domain.consoles.field import Field
from sensorfusion.domain.consoles.networks import FIELDS
from sensorfusion.domain.quantities import CATALOGUE, base_and_which
from sensorfusion.domain.units import UNITS, unit_of

# Tables that hold quantities and map no foreign names to them.
NOT_VOCABULARIES: Final = {
    "ingest.doors.payloads:NAMES": "made of COMMON, which is registered",
    "ingest.mqtt.discovery:CLASSES": "device classes by unit, part of home-assistant",
    "ingest.doors.home_assistant:BY_DIMENSION": "quantities by the dimension of a unit, part of home-assistant",
    "ingest.doors.home_assistant:DEVICE_CLASSES": "device classes of entities, part of home-assistant",
    "domain.weather.climate:COUNTED": "which days are counted, by a limit of a quantity",
    "web.values.systems:_GROUP_OF": "what a reader may choose a unit of, by the codes of units",
    "web.context:_SAMPLE_OF": "examples of units, by kind",
    "domain.quantities:_OTHER_NAMES": "part of ALIASES, which is registered",
}
VOCABULARY = pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda each: each.name)
# Quantities of these dimensions are sent in several units, so a name must say which.
SEVERAL_UNITS: Final = ("temperature", "pressure", "speed", "length", "rain rate")


@VOCABULARY
def test_every_spelling_means_a_quantity_of_the_catalogue(vocabulary: DeviceVocabulary) -> None:
    meant = {each.spelling: base(each.quantity) for each in vocabulary.spellings}

    assert meant
    assert {spelling: name for spelling, name in meant.items() if name not in CATALOGUE} == {}


@VOCABULARY
def test_every_unit_is_known_and_measures_what_the_quantity_does(vocabulary: DeviceVocabulary) -> None:
    assert [each for each in vocabulary.spellings if not all(fits(unit, each) for unit in each.units)] == []


@VOCABULARY
def test_every_vocabulary_has_a_document_that_defines_its_names(vocabulary: DeviceVocabulary) -> None:
    assert defined(vocabulary.name)


def defined(name: str) -> bool:
    is_of_consoles = name in {console for console, _, _ in CONSOLES} | {"wslink-soil"}  # beside each field
    return is_of_consoles or (name in DOCUMENTS) != (name in OWN)


def test_vocabulary_without_a_document_is_found() -> None:
    assert not defined("windy")
    assert set(DOCUMENTS) | OWN <= {vocabulary.name for vocabulary in VOCABULARIES}


def base(quantity: str) -> str:
    """Return the quantity of the catalogue that a battery of one device or a further source is of."""
    name = quantity.partition(".")[0]
    return name if name in CATALOGUE else base_and_which(name)[0]


def fits(unit: str, meant: Spelling) -> bool:
    canonical = CATALOGUE[base(meant.quantity)].unit
    # A battery's flag and its bars are numbers without a unit of their own.
    return not canonical or unit_of(unit).dimension == UNITS[canonical].dimension


@VOCABULARY
def test_every_ending_of_a_name_is_a_unit(vocabulary: DeviceVocabulary) -> None:
    known = {ending: unit_of(unit).code for ending, unit in vocabulary.units_of_endings.items()}

    assert bool(known) == bool(vocabulary.endings)


@pytest.mark.parametrize("vocabulary", [each for each in VOCABULARIES if each.endings], ids=lambda each: each.name)
def test_name_that_must_say_its_unit_has_an_ending_for_it(vocabulary: DeviceVocabulary) -> None:
    sent_in_several = [each for each in vocabulary.spellings if dimension(each.quantity) in SEVERAL_UNITS]

    assert len(sent_in_several) > 10
    assert [each for each in sent_in_several if not each.units] == []


def dimension(quantity: str) -> str:
    unit = CATALOGUE[base(quantity)].unit
    return UNITS[unit].dimension if unit else ""


@VOCABULARY
def test_no_spelling_means_two_things(vocabulary: DeviceVocabulary) -> None:
    meant: dict[str, set[tuple[str, tuple[str, ...]]]] = defaultdict(set)
    for each in vocabulary.spellings:
        meant[vocabulary.folded(each.spelling)].add((each.quantity, each.units))

    assert vocabulary.direction == "out" or {name: both for name, both in meant.items() if len(both) > 1} == {}


def test_vocabularies_have_names_of_their_own() -> None:
    names = [vocabulary.name for vocabulary in VOCABULARIES]

    assert len(names) == len(set(names)) >= 20


def test_every_table_that_maps_names_to_quantities_is_registered() -> None:
    registered = {id(load(vocabulary.table)) for vocabulary in VOCABULARIES}
    for vocabulary in VOCABULARIES:  # tables of tables: consoles' families
        table = load(vocabulary.table)
        registered |= {id(value) for value in (table.values() if isinstance(table, Mapping) else ())}

    found = {name: table for module in modules() for name, table in tables(module)}

    known = registered | {id(load(name)) for name in NOT_VOCABULARIES}
    assert len(found) >= 12
    assert sorted(name for name, table in found.items() if id(table) not in known and not is_read(table)) == []


def is_read(table: object) -> bool:
    """Return whether a table of console fields is part of a family's, of which all are registered."""
    meant = {(name, field.quantity, field.unit) for fields in FIELDS.values() for name, field in fields.items()}
    fields = table if isinstance(table, Mapping) else {}
    return bool(fields) and all(
        isinstance(field, Field) and (name, field.quantity, field.unit) in meant for name, field in fields.items()
    )


def test_table_of_console_fields_that_no_address_reads_is_found() -> None:
    assert is_read({"tempf": FIELDS["common"]["tempf"]})
    assert not is_read({"tempf": Field("temperature", "Cel")})


def test_no_exception_is_listed_without_need() -> None:
    found = {name for module in modules() for name, _ in tables(module)}

    assert sorted(set(NOT_VOCABULARIES) - found) == []


def test_table_that_is_not_registered_is_found() -> None:
    module = ModuleType("sensorfusion.ingest.doors.windy")
    vars(module).update(
        NAMES={"temp": ("temperature", "K"), "mb": ("pressure", "hPa"), "wx": ("sky", "")}, OTHER={"a": 1}
    )

    assert [name for name, _ in tables(module)] == ["ingest.doors.windy:NAMES"]


def modules() -> Iterator[ModuleType]:
    """Import every module of the product but entry points, which act when they are imported."""
    for found in pkgutil.walk_packages(sensorfusion.__path__, "sensorfusion."):
        if not found.name.endswith("__main__") and ".server" not in found.name and ".micropython" not in found.name:
            yield import_module(found.name)


def tables(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield the module's own tables most of whose values name a quantity."""
    for name, table in vars(module).items():
        if isinstance(table, Mapping):
            values = [] if set(table) <= set(CATALOGUE) else list(table.values())  # keyed by our own names
        else:
            values = [value for value in table if isinstance(value, tuple)] if isinstance(table, tuple) else []
        named = [value for value in values if names_a_quantity(value)]
        if len(named) >= 2 and 2 * len(named) > len(values):
            yield f"{module.__name__.removeprefix('sensorfusion.')}:{name}", table


def names_a_quantity(value: object) -> bool:
    if isinstance(value, tuple) and not hasattr(value, "quantity"):
        return any(isinstance(part, str) and part in CATALOGUE for part in value)
    name = value if isinstance(value, str) else getattr(value, "quantity", None)
    return isinstance(name, str) and name.partition(".")[0] in CATALOGUE
