"""The field tables of the door pages: docs/doors/fields.md for consoles, docs/doors/names.md for everything else."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from reference.documents import DOCUMENTS
from reference.markdown import code, code_list, table
from reference.readers import Spelling
from reference.vocabularies import CONSOLES, VOCABULARIES, DeviceVocabulary
from sensorfusion.domain.consoles.field import Field
from sensorfusion.domain.consoles.networks import NETWORKS
from sensorfusion.domain.consoles.sources import SOURCES
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.units import display_symbol

_KINDS: Final = {
    "text": "text",
    "is_low": "flag, 1 is low",
    "is_ok": "flag, 1 is good",
    "bars": "0 to 5 bars",
    "yes_no": "0 or 1",
    "epoch": "epoch",
}
# Consoles have a page of their own; what the demo makes up is nobody's spelling.
_ELSEWHERE: Final = (*(name for name, _, _ in CONSOLES), "wslink-soil", "synthetic")


def console_fields() -> str:
    """Write a section for each network, with the document that says what its fields mean."""
    return "\n".join(f"## {name}\n\n{_console_table(fields)}" for name, fields in NETWORKS.items())


def _console_table(fields: Mapping[str, Field]) -> str:
    keys = list(dict.fromkeys(field.source for field in fields.values()))
    marks = {key: str(number) for number, key in enumerate(keys, 1)}
    rows = (_console_row(name, field, marks[field.source] + _after(field)) for name, field in fields.items())
    documents = "".join(f"{marks[key]}. [{SOURCES[key].title}]({SOURCES[key].address})\n" for key in keys)
    return f"{table(('field', 'quantity', 'sent in', 'kept in', 'source'), rows)}\nSources:\n\n{documents}"


def _after(field: Field) -> str:
    """Say which field of the document one is read like that the document does not have."""
    return f", by analogy with `{field.like}`" if field.like else ""


def _console_row(name: str, field: Field, mark: str) -> tuple[str, str, str, str, str]:
    known = known_quantity(field.quantity)
    sent = _KINDS.get(field.kind) or display_symbol(field.unit) or "number"
    kept = display_symbol(known.unit if known else field.unit) or ("" if field.kind == "number" else "true or false")
    kept = {"text": "text", "epoch": "text", "bars": "%"}.get(field.kind, kept)
    second = (
        " or its second gauge"
        if field.is_piezo
        else f", if there is none yet; else with `{field.which}`" * bool(field.rank)
    )
    return code(name), f"`{field.quantity}`{second}", sent, kept, mark


def vocabularies() -> str:
    """Write a section for each vocabulary."""
    return "\n".join(_section(each) for each in VOCABULARIES if each.name not in _ELSEWHERE)


def _section(vocabulary: DeviceVocabulary) -> str:
    if vocabulary.direction == "out":
        written = table(("quantity", vocabulary.title.rpartition(", ")[2]), _outward_rows(vocabulary))
    else:
        written = table(("name", "quantity", "unit"), _rows(vocabulary))
    return f"## {vocabulary.title}\n\n{written}{_source(vocabulary.name)}"


def _source(name: str) -> str:
    """Say where the names are defined, unless they are ours."""
    document = DOCUMENTS.get(name)
    return f"\nSource: [{document.title}]({document.address}).\n" if document else ""


def _outward_rows(vocabulary: DeviceVocabulary) -> Iterator[tuple[str, str]]:
    for spelling, alike in groupby(vocabulary.spellings, key=lambda each: each.spelling):
        yield code_list(each.quantity for each in alike), code(spelling)


def _rows(vocabulary: DeviceVocabulary) -> Iterator[tuple[str, str, str]]:
    """Write a row for each run of names that mean one quantity in the same units, or name their unit themselves."""
    for _, alike in groupby(vocabulary.spellings, key=lambda each: (each.quantity, vocabulary.endings or each.units)):
        spellings = list(alike)
        units = ", ".join(filter(None, dict.fromkeys(map(_unit, spellings))))
        yield code_list(each.spelling for each in spellings), code(spellings[0].quantity), units


def _unit(spelling: Spelling) -> str:
    """Say which units a number may be in; without one it is in the unit that the quantity is kept in."""
    known = known_quantity(spelling.quantity)
    units = spelling.units or ((known.unit,) if known else ())
    return " or ".join(filter(None, (display_symbol(unit) for unit in units)))
