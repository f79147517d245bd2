"""The quantities that a device's own names stand for; as text `field1 = temperature °F`, one per line.

Stored with the sensor as `{name: {"quantity": …, "unit": …}}`; `ingest.steps.naming` applies it to all its readings.
"""

from collections.abc import Iterable

from django.utils.translation import gettext

from sensorfusion.domain.normalise import RefusedValue, normalise
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter, display_symbol, unit_of

Names = dict[str, dict[str, str]]

MOST = 200
LONGEST = 200  # characters of a name
LEFT_OUT = "-"


def checked(names: object) -> Names:
    """Return a mapping in its stored form: the catalogue's names, units as codes, no unit if none is given.

    :raises Refusal: `bad_path`.
    """
    if not isinstance(names, dict) or len(names) > MOST:
        raise _bad(gettext("Give at most {most} names, each with its quantity.").format(most=MOST))
    return {_name(name): _meaning(name, entry) for name, entry in names.items()}


def from_text(text: str) -> Names:
    """Parse `name = quantity unit`, one per line; `name = -` ignores the name.

    :raises Refusal: `bad_path`, naming the line.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    return checked(dict(_entry(number, line) for number, line in lines if line))


def to_text(names: Names) -> str:
    """Format a mapping as editable text."""
    return "\n".join(_lines(names))


def cells(line: str) -> tuple[str, str, str]:
    """Split a line of the text into name, quantity and unit."""
    name, _, meaning = line.rpartition("=")
    quantity, _, unit = meaning.strip().partition(" ")
    return name.strip(), quantity, unit.strip()


def _lines(names: Names) -> Iterable[str]:
    for name, entry in names.items():
        unit = display_symbol(entry["unit"]) if entry.get("unit") else ""
        yield f"{name} = {entry['quantity'] or LEFT_OUT} {unit}".strip()


def _entry(number: int, line: str) -> tuple[str, dict[str, str]]:
    # Split at the last equals sign: a device's names may contain one, quantities and units do not.
    name, quantity, unit = cells(line)
    if not name or not quantity:
        raise _bad(gettext("Line {number} is not name = quantity unit.").format(number=number))
    return name, {"quantity": "" if quantity == LEFT_OUT else quantity, "unit": unit}


def _name(name: object) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST or "\0" in name:
        raise _bad(gettext("The names of a device have 1 to {longest} characters.").format(longest=LONGEST))
    return name


def _meaning(name: str, entry: object) -> dict[str, str]:
    quantity, unit = (entry.get("quantity"), entry.get("unit") or "") if isinstance(entry, dict) else (None, "")
    if not isinstance(quantity, str) or not isinstance(unit, str):
        raise _bad(gettext("{name} needs a quantity, and a unit if it is not the default one.").format(name=name))
    if not quantity:
        return {"quantity": ""}
    if isinstance(normalise(quantity, 0), RefusedValue) and known_quantity(quantity) is None:
        said = gettext("{name} is not a name of a quantity: use letters, digits and _ . : - after a first letter.")
        raise _bad(said.format(name=quantity[:64]))
    known = known_quantity(quantity)
    named = {"quantity": known.name if known else quantity}
    return {**named, "unit": _unit(known.unit if known else "", quantity, unit)} if unit else named


def _unit(canonical: str, quantity: str, unit: str) -> str:
    """Return the code of a unit.

    :raises Refusal: `bad_path` if it is not a unit of the quantity.
    """
    if not canonical:
        raise _bad(gettext("{quantity} has no unit here: leave {unit} out.").format(quantity=quantity, unit=unit[:32]))
    try:
        converter(unit, canonical)
        return unit_of(unit).code
    except (UnknownUnit, WrongUnit) as wrong:
        said = gettext("{quantity} is kept in {unit}: {wrong}.")
        raise _bad(said.format(quantity=quantity, unit=canonical, wrong=wrong)) from None


def _bad(detail: str) -> Refusal:
    return Refusal("bad_path", detail, field="names")
