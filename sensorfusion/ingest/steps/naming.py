"""From a sender's own names to quantities: first what the sensor's settings say of its device, then what its kind of
sender is known to say. What neither knows keeps its name.
"""

from collections.abc import Mapping

from sensorfusion.ingest.steps.batch import Meaning, Vocabulary


def paths_of(stored: object) -> Vocabulary | None:
    """Read a sensor's mapping as it is stored (`sensors.paths` writes it); None where there is none."""
    if not stored or not isinstance(stored, dict):
        return None
    return {
        path: Meaning(str(entry["quantity"]), str(entry.get("unit", "")))
        for path, entry in stored.items()
        if isinstance(entry, dict) and "quantity" in entry  # nobody else writes there, and a door must not stumble
    }


def rename(
    values: Mapping[str, object], paths: Vocabulary | None, names: Vocabulary | None
) -> tuple[dict[str, object], list[str]]:
    """Return the values under the quantities they mean, their units named, and what would have been there twice.

    What the sensor's settings name wins over what comes under that name anyway; a common name gives way to both.
    """
    paths, names = paths or {}, names or {}
    renamed: dict[str, object] = {}
    twice: list[str] = []
    for name in values.keys() & paths.keys():
        meaning = paths[name]
        if meaning.quantity:
            renamed[meaning.quantity] = _with_unit(values[name], meaning.unit)
    for name, value in values.items():
        if name in paths:
            continue
        meaning = names.get(folded(name), Meaning(name))
        if meaning.quantity in renamed or (meaning.quantity != name and meaning.quantity in values):
            meaning = Meaning(name)
        if meaning.quantity in renamed:
            twice.append(name)
        elif meaning.quantity:
            renamed[meaning.quantity] = _with_unit(value, meaning.unit)
    return renamed, twice


def folded(name: str) -> str:
    """Write a name without what senders do not agree on: `Air Temperature`, `air_temperature` and `airTemperature`."""
    return "".join(letter for letter in name.lower() if letter not in " _-.")


def _with_unit(value: object, unit: str) -> object:
    """Name the unit, unless the sender did."""
    return {"value": value, "unit": unit} if unit and not isinstance(value, dict) else value
