"""The meaning of one field of a console, and how the tables of fields are written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sensorfusion.domain.quantities import CATALOGUE

Kind = Literal["number", "text", "is_low", "is_ok", "bars", "yes_no", "epoch"]

F, MPH, INHG, IN, IN_H, PCT = "[degF]", "[mi_i]/h", "[in_i'Hg]", "[in_i]", "[in_i]/h", "%"


@dataclass(frozen=True, slots=True)
class Field:
    """The meaning of one field. `is_piezo` marks the second of two rain gauges that one console may have.

    is_low and is_ok are battery flags with opposite meanings of 1; bars count from 0 to 5; an epoch is a time. `source`
    is the key of the document, in `sources`, that says what the field means; if none does, `like` is the field of that
    document after which it is read.
    If several fields of a console are to feed one quantity, that of the lowest rank does, and the others have a name
    with `which`.
    """

    quantity: str
    unit: str = ""
    kind: Kind = "number"
    is_piezo: bool = False
    which: str = ""
    rank: int = 0
    source: str = ""
    like: str = ""


def cited(source: str, fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return fields with the source of their meaning; `alike` ones keep theirs."""
    return {name: field if field.like else replace(field, source=source) for name, field in fields.items()}


def alike(source: str, like: str, fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return fields that no document describes: their meaning is taken from another field, `like`, of a source."""
    return {name: replace(field, source=source, like=like) for name, field in fields.items()}


def numbered(name: str, quantity: str, unit: str, first: int, last: int) -> Iterator[tuple[str, Field]]:
    """Yield the fields of a station's channels; `#` stands for the number.

    Channel 1 is the quantity itself, unless that belongs to another sensor: an outdoor sensor's temperature is not that
    of channel 1.
    """
    for number in range(first, last + 1):
        own = f"{quantity}_{number}"
        channel = quantity if number == 1 and own not in CATALOGUE else own
        yield name.replace("#", str(number)), Field(channel, unit, which=name.replace("#", str(number)))


def further(name: str, quantity: str, unit: str, first: int, last: int) -> Iterator[tuple[str, Field]]:
    """Yield the fields of channels whose quantity never is the station's main one; `#` is the number in both names."""
    for number in range(first, last + 1):
        yield name.replace("#", str(number)), Field(quantity.replace("#", str(number)), unit)


def batteries(kind: Kind, quantity: str, unit: str, *names: str) -> Iterator[tuple[str, Field]]:
    """Yield the fields of batteries, each named by the part that it is in."""
    for name in names:
        part = name.replace("batt", "").strip("_")
        yield name, Field(f"{quantity}.{part}", unit, kind)


def channels(name: str, last: int) -> list[str]:
    """Return the names of channels 1 to `last`."""
    return [name.replace("#", str(number)) for number in range(1, last + 1)]
