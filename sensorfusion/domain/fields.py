"""How a field of a site, sensor, console or poll is declared: once, beside its type.

The fields are the annotations of the class that services take: a name and a type is a declaration, `Annotated` adds a
`Field` where pages or commands say more than the column of the model does. Bounds, choices, what may be empty and the
texts of the API are the column's. `Row` says where a page shows fields. From these the serializers, forms, the rows of
templates and the options of commands are made, so a field is in all of them or is left out on purpose.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from typing import Final, get_type_hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What is said of a field beside its column."""

    label: str = ""  # on pages; empty: the column's
    help: str | None = None  # on pages; None: the column's
    attributes: Mapping[str, str] = _field(default_factory=dict)  # of its input on pages
    option: str = ""  # of the command that adds one, such as `--interval`; empty: the command does not take it
    option_help: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Fields that stand side by side on a page, under a legend if they have one."""

    names: tuple[str, ...]
    legend: str = ""
    note: str = ""


PLAIN: Final = Field()


def declared(details: type) -> dict[str, Field]:
    """Return the fields that a class declares, in its order."""
    hints = get_type_hints(details, include_extras=True)
    return {name: _said(getattr(hint, "__metadata__", ())) for name, hint in hints.items()}


def names_in(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the names of what the rows show, in their order."""
    return tuple(name for row in rows for name in row.names)


def _said(metadata: Iterable[object]) -> Field:
    return next((each for each in metadata if isinstance(each, Field)), PLAIN)
