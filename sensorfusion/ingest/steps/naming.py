"""Translates a sender's own names to quantities.

The mapping in the sensor's settings comes first, then what was decided when a field was first seen (`Source.fields`).
A field without either is undecided: `decide` chooses its quantity, by rank and name and never by the order in a
message, and `senders.source_fields` keeps the decision. A series is one probe for ever.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain, count
from typing import NamedTuple

from sensorfusion.domain.numerals import Ambiguous, measured_in, number_and_unit
from sensorfusion.domain.quantities import CATALOGUE, is_numbering, known_quantity
from sensorfusion.domain.quantities.names import LONGEST, fold, fold_apart, fold_which, is_allowed
from sensorfusion.domain.units import display_symbol
from sensorfusion.ingest.steps.batch import Field, Meaning, Sent, Source, Vocabulary

MOST_FIELDS = 500  # decided for one sensor; further names are folded so that they differ, and are not remembered
LONGEST_SOURCE = 200
LONGEST_UNIT = 32
DROPPED = "-"  # of a field whose value is not kept
_FOLDED_AWAY = str.maketrans("", "", " _-.")
NO_SOURCE = Source(0, "")  # of readings without a sensor, such as those of a preview


class Named(NamedTuple):
    """Values by quantity, names that stand for a quantity that the reading already has, and undecided fields."""

    values: dict[str, object]
    twice: list[str]
    undecided: list[Field]


def names_of(stored: object) -> Vocabulary | None:
    """Parse a sensor's stored mapping (written by `sensors.naming`); return None if there is none."""
    if not stored or not isinstance(stored, dict):
        return None
    return {
        name: Meaning(str(entry["quantity"]), str(entry.get("unit", "")))
        for name, entry in stored.items()
        if isinstance(entry, dict) and "quantity" in entry  # always so, but a malformed entry must not break a door
    }


def is_plain(one: Sent, source: Source) -> bool:
    """Return whether all names are those of the catalogue and nothing was decided for this sensor: the usual case."""
    return (
        not one.fields
        and one.names is None
        and not source.names
        and not source.fields
        and isinstance(one.values, dict)
        and one.values.keys() <= CATALOGUE.keys()
    )


def named(one: Sent, source: Source | None) -> Named:
    """Name the values of a reading. Without a sensor, every field is decided for this reading alone."""
    fields = list(one.fields) or list(fields_of(one.values.items() if isinstance(one.values, dict) else (), one.names))
    if source is not None:
        return _named(fields, source)
    first = _named(fields, NO_SOURCE)
    decided = decide(first.undecided, {}, taken=first.values.keys())
    return _named(fields, deciding(NO_SOURCE, decided))


def fields_of(values: Iterable[tuple[str, object]], vocabulary: Vocabulary | None) -> Iterator[Field]:
    """Yield a field for each value, with what its name means in the vocabulary of its kind of sender.

    A quantity outside the catalogue has no unit of its own. If the sender names one, it is part of the field's identity
    and of its label, so that a number never loses its unit and never continues a series in another one. So is a known
    unit behind a number in text.
    """
    for name, value in values:
        meaning = (vocabulary or {}).get(folded(name))
        if meaning is None:
            known = known_quantity(name)
            measured, unit = (value, "") if known else _measured(value)
            if unit:
                yield Field(f"{name} [{unit}]", measured, fold(name), which=unit, label=f"{name} ({unit})", also=name)
                continue
            meaning = Meaning(known.name if known else "")
        elif not meaning.quantity:
            meaning = Meaning(DROPPED)
        is_its_own = meaning.quantity == name
        which, rank = ("", 0) if is_its_own else (name, 1 + meaning.rank)
        yield Field(name, value, meaning.quantity, meaning.unit, which=which, rank=rank)


def decide(
    fields: Iterable[Field], decided: Mapping[str, str], *, taken: Set[str], before: Set[str] = frozenset()
) -> dict[str, str]:
    """Choose the quantities of new fields, by source.

    `taken` are quantities that have a source already; `before` those that had one before fields were recorded: a field
    that was stored under its own name goes on so.
    """
    chosen: dict[str, str] = {}
    used = {*taken, *decided.values()}
    numbers: dict[tuple[str, str], int] = {}
    for field in sorted(fields, key=lambda field: (field.rank, field.source)):
        source = source_key(field.source)
        if source not in decided and source not in chosen:
            chosen[source] = next(name for name in _candidates(field, before, numbers) if name not in used)
            used.add(chosen[source])
    return chosen


def deciding(source: Source, decided: Mapping[str, str]) -> Source:
    """Return the source with these decisions."""
    return replace(source, fields=decided, fed=frozenset(decided.values()))


def wish(field: Field) -> str:
    """Return the quantity that a field feeds if no other does."""
    if field.quantity:
        return field.quantity
    name = fold(field.label or field.source)
    known = None if name == field.source else known_quantity(name)
    return known.name if known else name


def folded(name: str) -> str:
    """Fold case, spaces, `_`, `-` and `.`: `Air Temperature`, `air_temperature` and `airTemperature` are one name."""
    return name.lower().translate(_FOLDED_AWAY)


def source_key(source: str) -> str:
    """Return a source as it is stored: without NUL and half characters, and not too long."""
    if len(source) <= LONGEST_SOURCE and source.isprintable():
        return source
    text = source.encode(errors="backslashreplace").decode().replace("\0", "\\0")
    return text if len(text) <= LONGEST_SOURCE else f"{text[: LONGEST_SOURCE - 12]}…{fold_apart(source)[-10:]}"


def _measured(value: object) -> tuple[object, str]:
    """Return a value, as a number if its text is one, and the unit that the sender wrote with it, as it is shown."""
    if isinstance(value, str):
        written = number_and_unit(value)
        return ({"value": written[0], "unit": written[1]}, display_symbol(written[1])) if written else (value, "")
    unit = value.get("unit") if isinstance(value, dict) and "value" in value else None
    if not isinstance(value, dict) or not isinstance(unit, str):
        return value, ""
    return value | {"value": _number(value["value"])}, display_symbol(unit).strip()[:LONGEST_UNIT]


def _number(value: object) -> object:
    """Return the number that a text is; anything else as it is."""
    try:
        written = measured_in(value) if isinstance(value, str) else None
    except Ambiguous:
        written = None
    return written.number if written and not written.unit else value


def _named(fields: Sequence[Field], source: Source) -> Named:
    by_hand = source.names or {}
    values: dict[str, object] = {}
    twice: list[str] = []
    undecided: list[Field] = []
    # What the owner has mapped wins over a value sent under the quantity's own name.
    for field in sorted(fields, key=lambda field: field.source not in by_hand) if by_hand else fields:
        if field.value is None:  # a missing value claims no quantity
            continue
        if not by_hand and (decided := source.fields.get(field.source)) and field.quantity != DROPPED:
            quantity, unit = decided, field.unit  # as `_meaning` finds it, in a quarter of the time
        elif meaning := _meaning(field, source, by_hand):
            quantity, unit = meaning.quantity, meaning.unit
        else:
            undecided.append(field)
            continue
        if quantity in values:
            twice.append(field.source)
        elif quantity:
            values[quantity] = _with_unit(field.value, unit)
    return Named(values, twice, undecided)


def _meaning(field: Field, source: Source, by_hand: Vocabulary) -> Meaning | None:
    """Return the quantity and unit of a field, or None if its quantity is undecided."""
    if field.source in by_hand:
        return by_hand[field.source]
    if field.also in by_hand and field.source.rpartition(" [")[0] == field.also:  # the same name, beside its unit
        return by_hand[field.also]
    if field.quantity == DROPPED:
        return Meaning("")
    quantity = source.fields.get(source_key(field.source)) if source.fields else None
    if quantity is None:
        quantity = _without_decision(field, source)
    if quantity is None:
        return None
    # A device's field may be mapped by the name under which it is stored, or was by earlier versions.
    other = by_hand.get(quantity) or by_hand.get(field.formerly)
    if other is None and field.also in by_hand and quantity == wish(field):
        other = by_hand[field.also]
    return Meaning(other.quantity, other.unit or field.unit) if other else Meaning(quantity, field.unit)


def _without_decision(field: Field, source: Source) -> str | None:
    """Return the quantity of a field that needs no decision, or gets none because there are too many."""
    if field.source == wish(field) and is_allowed(field.source) and field.source not in source.fed:
        return field.source
    return fold_apart(field.source) if len(source.fields) >= MOST_FIELDS else None


def _candidates(field: Field, before: Set[str], numbers: dict[tuple[str, str], int]) -> Iterator[str]:
    """Yield the names that a field may get, the best first; `numbers` are those that no earlier field has."""
    name = wish(field)
    which = fold_which(field.which)
    yield from (former for former in (field.source, field.formerly) if former in before)
    yield name
    if not which or which == name.lower():
        yield from (_joined(name, "_", str(number)) for number in _counted((name, ""), numbers))
    else:
        first = "_" if is_numbering(which) else ":"
        yield from chain(
            [_joined(name, first, which)],
            (_joined(name, first, f"{which}.{number}") for number in _counted((name, which), numbers)),
        )


def _counted(what: tuple[str, str], numbers: dict[tuple[str, str], int]) -> Iterator[int]:
    for number in count(numbers.get(what, 2)):
        numbers[what] = number + 1
        yield number


def _joined(name: str, by: str, which: str) -> str:
    return f"{name[: LONGEST - len(which) - 1]}{by}{which}"


def _with_unit(value: object, unit: str) -> object:
    """Add the unit, unless the sender gave one."""
    return {"value": value, "unit": unit} if unit and not isinstance(value, dict) else value
