"""Parser for the mapping of an answer, one line per quantity: `temperature = $.main.temp K`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sensorfusion.domain.normalise import MAX_QUANTITIES
from sensorfusion.domain.quantities import known_quantity, quantity
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter
from sensorfusion.ingest.polling.paths import BadPath, Path, in_current_spelling, parse

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}")
# A path ends at a space outside brackets; brackets contain strings, and filters contain further brackets.
_PATH = re.compile(
    r"""(?> \[ (?> '(?>\\.|[^'\\])*+' | "(?>\\.|[^"\\])*+" | [^\[\]] | \[(?> '(?>\\.|[^'\\])*+' | [^\[\]] )*+\] )*+ \]
      | [^\s\[\]] )++""",
    re.VERBOSE,
)
_FACTOR = re.compile(r"(?:^|\s)[*×]\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$")


class BadMapping(ValueError):
    """A line cannot be parsed; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Field:
    """The path and unit of one quantity; the number at the path is first multiplied by `factor`."""

    quantity: str
    path: Path
    written: str
    unit: str = ""
    factor: float | None = None


def parse_fields(text: str) -> Sequence[Field]:
    """Parse lines of `quantity = path unit * factor`; unit and factor are optional, and # begins a comment.

    :raises BadMapping: for the first line that cannot be parsed, or if there is none.
    """
    fields: dict[str, Field] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                field = _field(line)
            except (BadPath, BadMapping) as error:
                raise BadMapping(f"Line {number}: {error}.") from None
            if field.quantity in fields:
                raise BadMapping(f"Line {number}: {field.quantity} is mapped already.")
            fields[field.quantity] = field
    if not 1 <= len(fields) <= MAX_QUANTITIES:
        raise BadMapping(f"Write 1 to {MAX_QUANTITIES} lines such as: temperature = $.main.temp °C")
    return tuple(fields.values())


def cells(line: str) -> tuple[str, str, str]:
    """Split a line into quantity, path, and unit with factor; a comment stays whole."""
    name, _, rest = (part.strip() for part in line.partition("="))
    match = _PATH.match(rest)
    if line.lstrip().startswith("#") or match is None:
        return line.strip(), "", ""
    return name, match[0], rest[match.end() :].strip()


def in_jsonpath(text: str) -> str:
    """Return the lines with their paths in JSONPath; lines that cannot be parsed are returned unchanged."""
    return "\n".join(map(_line_in_jsonpath, text.splitlines()))


def _line_in_jsonpath(line: str) -> str:
    head, sign, rest = line.partition("=")
    match = _PATH.match(rest, len(rest) - len(rest.lstrip()))
    if line.lstrip().startswith("#") or match is None:
        return line
    return f"{head}{sign}{rest[: match.start()]}{in_current_spelling(match[0])}{rest[match.end() :]}"


def _field(line: str) -> Field:
    name, _, rest = (part.strip() for part in line.partition("="))
    match = _PATH.match(rest)
    if not _NAME.fullmatch(name) or match is None:
        raise BadMapping(f"{line.strip()[:80]} is not like: temperature = $.main.temp °C")
    known = known_quantity(name)
    name = known.name if known else name
    factor = _FACTOR.search(rest, match.end())
    unit = rest[match.end() : factor.start() if factor else None].strip()
    _check_unit(name, unit)
    return Field(name, parse(match[0]), match[0], unit, float(factor[1]) if factor else None)


def _check_unit(name: str, unit: str) -> None:
    kept_in = quantity(name).unit
    if unit and kept_in:
        try:
            converter(unit, kept_in)
        except (UnknownUnit, WrongUnit) as error:
            raise BadMapping(f"{name} is kept in {kept_in}: {error}") from None
