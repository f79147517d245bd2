"""Translates a sender's own names to quantities.

The mapping in the sensor's settings comes first, then the vocabulary of its kind of sender. A name in neither is kept.
"""

from collections.abc import Mapping

from sensorfusion.ingest.steps.batch import Meaning, Vocabulary


def names_of(stored: object) -> Vocabulary | None:
    """Parse a sensor's stored mapping (written by `sensors.naming`); return None if there is none."""
    if not stored or not isinstance(stored, dict):
        return None
    return {
        name: Meaning(str(entry["quantity"]), str(entry.get("unit", "")))
        for name, entry in stored.items()
        if isinstance(entry, dict) and "quantity" in entry  # always so, but a malformed entry must not break a door
    }


def rename(
    values: Mapping[str, object], names: Vocabulary | None, vocabulary: Vocabulary | None
) -> tuple[dict[str, object], list[str]]:
    """Return the values by quantity, with their units, and the names that stand for a quantity already present.

    A name mapped in the sensor's settings wins over a value sent under the quantity's own name; both win over a name
    from the sender's vocabulary.
    """
    names, vocabulary = names or {}, vocabulary or {}
    renamed: dict[str, object] = {}
    twice: list[str] = []
    for name in values.keys() & names.keys():
        meaning = names[name]
        if meaning.quantity:
            renamed[meaning.quantity] = _with_unit(values[name], meaning.unit)
    for name, value in values.items():
        if name in names:
            continue
        meaning = vocabulary.get(folded(name), Meaning(name))
        if meaning.quantity in renamed or (meaning.quantity != name and meaning.quantity in values):
            meaning = Meaning(name)
        if meaning.quantity in renamed:
            twice.append(name)
        elif meaning.quantity:
            renamed[meaning.quantity] = _with_unit(value, meaning.unit)
    return renamed, twice


def folded(name: str) -> str:
    """Fold case, spaces, `_`, `-` and `.`: `Air Temperature`, `air_temperature` and `airTemperature` are one name."""
    return "".join(letter for letter in name.lower() if letter not in " _-.")


def _with_unit(value: object, unit: str) -> object:
    """Add the unit, unless the sender gave one."""
    return {"value": value, "unit": unit} if unit and not isinstance(value, dict) else value
