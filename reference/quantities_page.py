"""The tables of docs/quantities.md, from the catalogue, the units, and the registry of vocabularies."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from reference.markdown import code, code_list, table
from reference.vocabularies import CONSOLES, VOCABULARIES
from sensorfusion.domain.quantities import ALIASES, CATALOGUE, Quantity
from sensorfusion.domain.units import UNITS, Unit, display_symbol
from sensorfusion.web.looks import looks

_COMBINED = {
    "mean": "mean",
    "vector": "mean direction",
    "sum": "sum",
    "counter": "growth of the counter",
    "last": "last value",
}


def quantities() -> str:
    head = ("name", "label", "unit", "kept unflagged", "clamped", "rejected", "limits from", "over time")
    return table(head, (_quantity(alike) for alike in _grouped()))


def _grouped() -> Iterator[Sequence[Quantity]]:
    """Group the numbered probes of a station, which differ in their names only."""
    for _, alike in groupby(CATALOGUE.values(), key=_without_number):
        yield list(alike)


def _without_number(entry: Quantity) -> tuple[str, Quantity]:
    base, _, number = entry.name.rpartition("_")
    return base if number.isdecimal() else entry.name, replace(entry, name="", cf_name="")


def _quantity(alike: Sequence[Quantity]) -> Sequence[str]:
    first = alike[0]
    unit = {"text": "text", "boolean": "true or false"}.get(first.kind) or display_symbol(first.unit)
    return (
        code_list(entry.name for entry in alike),
        ", ".join(dict.fromkeys(re.sub(r" \d+$", "", looks(entry.name).label) for entry in alike)),
        unit,
        _between(first.plausible_low, first.plausible_high) if first.kind == "number" else "",
        _clamped(first),
        _outside(first.impossible_below, first.impossible_above),
        first.source,
        _COMBINED[first.combine],
    )


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return "any" if high is None else f"up to {_number(high)}"
    return f"from {_number(low)}" if high is None else f"{_number(low)} to {_number(high)}"


def _clamped(entry: Quantity) -> str:
    """Say which plausible values are stored as a limit: "below 0 to 0, above 100 to 100"."""
    said = [("below", entry.clamp_low), ("above", entry.clamp_high)]
    return ", ".join(f"{word} {_number(limit)} to {_number(limit)}" for word, limit in said if limit is not None)


def _outside(below: float | None, above: float | None) -> str:
    """Say what is rejected: "below -100, above 80"."""
    said = [("below", below), ("above", above)]
    return ", ".join(f"{word} {_number(limit)}" for word, limit in said if limit is not None)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def units() -> str:
    """List the units that are accepted, by what they measure."""
    by_dimension = defaultdict(list)
    for unit in UNITS.values():
        by_dimension[unit.dimension].append(unit)
    canonical = {entry.unit for entry in CATALOGUE.values()}
    rows = [
        (dimension, _symbols(unit.code for unit in alike if unit.code in canonical), _spelled(alike))
        for dimension, alike in by_dimension.items()
    ]
    return table(("dimension", "kept in", "accepted, with their spellings"), rows)


def _symbols(codes: Iterable[str]) -> str:
    return ", ".join(display_symbol(unit) or "no unit" for unit in codes)


def _spelled(alike: Sequence[Unit]) -> str:
    return "; ".join(", ".join(code(each) for each in dict.fromkeys((unit.code, *unit.spellings))) for unit in alike)


def names() -> str:
    """List, for each quantity, its CF standard name and what devices and files call it."""
    rows = []
    for alike in _grouped():
        meant = {entry.name for entry in alike}
        spelled = [*_aliases(meant), *_spellings(meant)]
        if alike[0].cf_name or spelled:
            cf_name = code(alike[0].cf_name) if alike[0].cf_name else ""
            rows.append((code_list(entry.name for entry in alike), cf_name, "<br>".join(spelled)))
    return table(("name", "CF standard name", "also understood"), rows)


def _aliases(meant: set[str]) -> Iterator[str]:
    """Write the aliases that every door knows, without the CF names, which have a column."""
    cf_names = {entry.cf_name for entry in CATALOGUE.values()}
    found = [alias for alias, quantity in ALIASES.items() if quantity in meant and alias not in cf_names]
    if found:
        yield f"everywhere: {code_list(found)}"


# Consoles that have most fields in common with the others.
_LIKE_OTHERS: Final = frozenset(name for name, _, family in CONSOLES if family not in ("common", "wslink"))


def _spellings(meant: set[str]) -> Iterator[str]:
    of_consoles: list[str] = []
    for vocabulary in VOCABULARIES:
        if vocabulary.direction == "in" and vocabulary.name != "aliases" and not vocabulary.name.startswith("preset-"):
            found = [each.spelling for each in vocabulary.spellings if each.quantity in meant]
            if vocabulary.name in _LIKE_OTHERS:
                found = [spelling for spelling in found if spelling not in of_consoles]
            if vocabulary.name == "consoles":
                of_consoles = found
            if found:
                yield f"{vocabulary.title}: {code_list(found)}"
