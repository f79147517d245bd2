"""Validation of incoming values: names, missing markers, numbers, units, limits, flags.

A plain number of a catalogue quantity inside its plausible range takes the fast path: one lookup, one comparison.
Everything else takes the slow path, one value at a time; nothing in here raises for any decoded JSON.

Rules worth knowing:

- a wind direction of 360 stays 360 (north); that of a calm stays too, unflagged, as the vane did report it;
- a number in text may have a decimal comma, and its unit behind it, which then counts more than any other;
- words for a missing value (nan, unknown, ---) are missing, except where a quantity is text;
- an unknown quantity is kept as given, its unit unconverted: there is no canonical unit to convert to;
- when a reading names one quantity twice (`temp` and `temperature`), our own name wins and the other is refused.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, TypeAlias, TypeGuard

from sensorfusion.domain.numerals import Ambiguous, is_infinite, is_missing, measured_in
from sensorfusion.domain.quality import LARGEST, Flag, consistency_flags, range_flag
from sensorfusion.domain.quantities import CATALOGUE, Quantity, known_quantity
from sensorfusion.domain.quantities.names import is_allowed
from sensorfusion.domain.repeated import Repeated
from sensorfusion.domain.rounding import rounded
from sensorfusion.domain.texts.plain_text import is_storable
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter, display_symbol

MAX_QUANTITIES = 500
MAX_TEXT = 255
MAX_INTEGER = 2**63 - 1  # the limit of a bigint; larger numbers are not measurements
MAX_NUMERAL = 64  # characters: longer text is not a measured number
EXTRA_DECIMALS = 3  # kept after a conversion, beyond the decimals shown: 70.1 °F converts there and back unchanged

Value: TypeAlias = float | int | str | bool

_NAMES_ARE = "1 to 64 letters, digits and _ . : - after a first letter"
_MISSING_NUMBERS = (-9999, -999.9)
_TRUE = frozenset(("true", "on", "yes", "open", "1"))
_FALSE = frozenset(("false", "off", "no", "closed", "0"))


@dataclass(frozen=True, slots=True)
class RefusedValue:
    """Why a value was not kept; `quantity` is the name as it was sent (empty if the whole reading is refused)."""

    quantity: str
    code: str
    detail: str


class Accepted(NamedTuple):
    quantity: str
    value: Value
    flag: int


class _Problem(NamedTuple):
    code: str
    detail: str


# Inside this range a plain number needs no further check: good, no missing marker, nothing to clamp.
_PLAIN: dict[str, tuple[float, float]] = {
    entry.name: (
        -900.0 if entry.plausible_low is None else max(entry.plausible_low, -900.0),
        next(limit for limit in (entry.clamp_high, entry.plausible_high, 1e15) if limit is not None),
    )
    for entry in CATALOGUE.values()
    if entry.kind == "number"
}


def check_values(
    values: Mapping[str, object],
) -> tuple[dict[str, Value], dict[str, int] | None, list[RefusedValue] | None]:
    """Check one reading; return its values in canonical units, QARTOD flags other than good, and refused values.

    Missing values (null, NaN, empty, --, -9999, -999.9) are omitted silently. Every other name is kept or refused, and
    of a name with two values the second.
    """
    kept: dict[str, Value] = {}
    flags: dict[str, int] = {}
    refusals: list[RefusedValue] = []
    if len(values) > MAX_QUANTITIES:
        refusals.append(_too_many(values))
        values = dict(islice(values.items(), MAX_QUANTITIES))
    for name, raw in values.items():
        plain = _PLAIN.get(name)
        if plain is not None and (type(raw) is float or type(raw) is int) and plain[0] <= raw <= plain[1]:
            kept[name] = raw
            continue
        outcome = _once(name, normalise(name, raw), values, kept)
        if isinstance(outcome, Accepted):
            kept[outcome.quantity] = outcome.value
            if outcome.flag != Flag.GOOD:
                flags[outcome.quantity] = outcome.flag
        refusals += filter(None, (outcome if isinstance(outcome, RefusedValue) else None, _conflict(name, raw)))
    for name, flag in consistency_flags(kept).items():
        flags[name] = max(flags.get(name, 0), int(flag))
    return kept, flags or None, refusals or None


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a number and not a boolean."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def normalise(name: str, raw: object) -> Accepted | RefusedValue | None:
    """Check one value by itself; None means it is missing."""
    known = known_quantity(name)
    if known is None and not is_allowed(name):
        return RefusedValue(_printable(name[:64]), "bad_name", f"{_shown(name)} is no name: {_NAMES_ARE}")
    value, unit = _value_and_unit(raw)
    if _is_missing(value, known):
        return None
    checked = _unknown(value) if known is None else _known(known, value, unit)
    if isinstance(checked, _Problem):
        return RefusedValue(name, checked.code, checked.detail)
    return Accepted(known.name if known else name, checked, _flag(known, checked))


def conflicting(name: str, first: object, other: object, where: str) -> RefusedValue:
    """Refuse a second value of a quantity at one instant; `where` says where the first is."""
    return RefusedValue(
        name,
        "conflict",
        f"{name} is {_shown(other)} here and {_shown(first)} {where}, which is kept: give each its own time, or its own"
        " name",
    )


def _conflict(name: str, raw: object) -> RefusedValue | None:
    """Refuse the second value of a name that was given twice, unless it means the same or is missing."""
    repeated = raw.get("value") if isinstance(raw, dict) else raw
    if not isinstance(repeated, Repeated):
        return None
    first, other = normalise(name, repeated.first), normalise(name, repeated.other)
    if other is None or first == other:
        return None
    return conflicting(_printable(name), _plain(repeated.first), _plain(repeated.other), "before in the same reading")


def _plain(raw: object) -> object:
    value, unit = _value_and_unit(raw)
    return f"{value} {unit}" if unit and isinstance(unit, str) else value


def _value_and_unit(raw: object) -> tuple[object, object]:
    if isinstance(raw, Repeated):
        return _value_and_unit(raw.first)
    if not isinstance(raw, dict) or "value" not in raw:
        return raw, None
    value, unit = raw["value"], raw.get("unit")
    if isinstance(value, Repeated):
        value, own = _value_and_unit(value.first)
        unit = unit if own is None else own
    return value, unit.first if isinstance(unit, Repeated) else unit


def _too_many(values: Mapping[str, object]) -> RefusedValue:
    left_out = [_printable(name[:64]) for name in islice(values, MAX_QUANTITIES, MAX_QUANTITIES + 4)]
    count = len(values) - MAX_QUANTITIES
    return RefusedValue(
        left_out[0],
        "too_many_quantities",
        f"of {len(values)} quantities in one reading the first {MAX_QUANTITIES} are kept; {count} are left out: "
        + ", ".join(left_out[:3] + ["…"] * (count > 3)),
    )


def _once(
    given: str, outcome: Accepted | RefusedValue | None, values: Mapping[str, object], kept: Mapping[str, Value]
) -> Accepted | RefusedValue | None:
    """Refuse a second name for a quantity that the reading has under our own name, or under an earlier alias."""
    if not isinstance(outcome, Accepted) or outcome.quantity == given:
        return outcome
    if outcome.quantity not in kept and normalise(outcome.quantity, values.get(outcome.quantity)) is None:
        return outcome
    return RefusedValue(given, "bad_name", f"{given} means {outcome.quantity}, which this reading has already")


def _is_missing(raw: object, known: Quantity | None) -> bool:
    if raw is None:
        return True
    if isinstance(raw, str):
        return is_missing(raw, kind=known.kind if known else "") or (
            raw.strip().startswith("-999") and _parsed(raw) in _MISSING_NUMBERS
        )
    return isinstance(raw, (int, float)) and (raw in _MISSING_NUMBERS or raw != raw)


def _flag(known: Quantity | None, value: Value) -> int:
    """Flag numbers of the catalogue by range; untestable values count as good, since only other flags are kept."""
    if is_number(value) and abs(value) > LARGEST:
        return Flag.BAD
    if known is None or known.kind != "number" or not isinstance(value, (int, float)):
        return Flag.GOOD
    flag = range_flag(known, value)
    return int(Flag.GOOD if flag == Flag.NOT_EVALUATED else flag)


def _known(known: Quantity, raw: object, unit: object) -> Value | _Problem:
    if known.kind == "text":
        return _text(raw)
    return _boolean(raw) if known.kind == "boolean" else _number(known, raw, unit)


def _number(known: Quantity, raw: object, unit: object) -> Value | _Problem:
    value = _parsed(raw)
    if isinstance(value, _Problem) and isinstance(raw, str):
        try:
            written = measured_in(raw)
        except Ambiguous as ambiguous:
            return _Problem("not_a_number", str(ambiguous))
        if written is not None:
            value, unit = written.number, written.unit or unit
    if isinstance(value, _Problem):
        return value
    if unit is not None and unit != "" and known.unit:
        converted = _converted(known, value, unit)
        if isinstance(converted, _Problem):
            return converted
        return _within_limits(
            known, converted, f" (sent as {_shown(value)} {display_symbol(str(unit))})" if converted != value else ""
        )
    return _within_limits(known, value, "")


def _parsed(raw: object) -> float | int | _Problem:
    """Parse a number; a numeral in text is accepted ("080" is 80.0), Python's extensions ("1_000") are not."""
    if isinstance(raw, str) and len(raw) <= MAX_NUMERAL and "_" not in raw:
        try:
            raw = float(raw)
        except ValueError:
            return _Problem("not_a_number", f"{_shown(raw)} is not a number")
    if isinstance(raw, float) and math.isfinite(raw):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool) and -MAX_INTEGER <= raw <= MAX_INTEGER:
        return raw
    return _Problem("not_a_number", f"{_shown(raw)} is not a number that can be kept")


def _converted(known: Quantity, value: float, unit: object) -> float | _Problem:
    if not isinstance(unit, str):
        return _Problem("unknown_unit", f"the unit {_shown(unit)} is not text")
    try:
        convert = converter(unit, known.unit)
    except UnknownUnit as unknown:
        return _Problem("unknown_unit", str(unknown))
    except WrongUnit as wrong:
        return _Problem("wrong_unit", f"{known.name} is kept in {known.unit}: {wrong}")
    converted = convert(value)
    return converted if converted == value else rounded(converted, known.decimals + EXTRA_DECIMALS)


def _within_limits(known: Quantity, value: float, origin: str) -> float | _Problem:
    below, above = known.impossible_below, known.impossible_above
    if below is not None and value < below:
        return _out_of_range(known, value, f"below the lowest possible {known.name}", below, origin)
    if above is not None and value > above:
        return _out_of_range(known, value, f"above the highest possible {known.name}", above, origin)
    if not math.isfinite(value):
        return _Problem("not_a_number", f"the value{origin} is too large to be kept")
    return _clamped(known, value)


def _clamped(known: Quantity, value: float) -> float:
    floor, ceiling = known.clamp_low, known.clamp_high
    if floor is not None and value < floor:
        return floor
    if ceiling is not None and value > ceiling and range_flag(known, value) == Flag.GOOD:
        return ceiling
    return value


def _out_of_range(known: Quantity, value: float, claim: str, limit: float, origin: str) -> _Problem:
    unit = display_symbol(known.unit)
    return _Problem("out_of_range", f"{f'{value:.6g} {unit}'.strip()}{origin} is {claim} of {limit:g} {unit}".strip())


def _text(raw: object) -> Value | _Problem:
    """Check text; a number where text is expected is kept as its numeral."""
    if not isinstance(raw, str):
        number = _parsed(raw)
        return _Problem("bad_text", f"{_shown(raw)} is not text") if isinstance(number, _Problem) else str(number)
    if len(raw) > MAX_TEXT:
        return _Problem("text_too_long", f"{len(raw)} characters are more than {MAX_TEXT}")
    if not is_storable(raw):
        return _Problem("bad_text", f"{_shown(raw)} holds NUL or half a character, which cannot be stored")
    return raw


def _boolean(raw: object) -> Value | _Problem:
    if raw in (0, 1):
        return raw == 1
    word = raw.strip().lower() if isinstance(raw, str) else ""
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    return _Problem("not_a_boolean", f"{_shown(raw)} is neither true nor false")


def _unknown(raw: object) -> Value | _Problem:
    """Keep numbers, text and booleans of quantities that are not in the catalogue as they are."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and is_infinite(raw):
        return _Problem("not_a_number", f"{_shown(raw)} is not a number that can be kept")
    return _text(raw) if isinstance(raw, str) else _parsed(raw)


def _shown(raw: object) -> str:
    """Format an offending value so that a detail stays short for any input, and can be stored and printed."""
    if isinstance(raw, (list, tuple)):
        return "a list"
    if isinstance(raw, dict):
        return "an object without a value"
    if isinstance(raw, int) and not -MAX_INTEGER <= raw <= MAX_INTEGER:
        return "an integer beyond 64 bits"
    if isinstance(raw, bool):
        return str(raw).lower()
    return repr(raw[:40]) if isinstance(raw, str) else str(raw)


def _printable(text: str) -> str:
    """Escape lone surrogates, which cannot be encoded in a response."""
    return text.encode(errors="backslashreplace").decode()
