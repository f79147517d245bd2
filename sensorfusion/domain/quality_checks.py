"""A sensor's own quality checks, as people write them: read strictly, and told with every number named.

`{"temperature": {"step": {"suspect": 3, "bad": 5}, "spike": null, "flat": {"change": 0.1, "within_s": 43200}}}`: what
is left out or null is not checked; a quantity that is null has no checks; one that is not named has the platform's own.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from sensorfusion.domain.normalise import MAX_QUANTITIES
from sensorfusion.domain.quality_over_time import DEFAULTS, Checks, Flat, Limits
from sensorfusion.domain.refusals import Refusal

LONGEST_FLAT_S: Final = 7 * 86_400.0
_CHECKS: Final = {"step": ("suspect", "bad"), "spike": ("suspect", "bad"), "flat": ("change", "within_s")}

Own = dict[str, Checks | None]


def effective(own: Mapping[str, Checks | None]) -> dict[str, Checks]:
    """Return what is checked: the sensor's own checks in the place of the platform's."""
    return {name: checks for name, checks in {**DEFAULTS, **own}.items() if checks is not None}


def read(given: object) -> Own:
    """Read a sensor's own checks.

    :raises Refusal: `bad_checks`, saying what is wrong and with which quantity.
    """
    if not isinstance(given, Mapping) or len(given) > MAX_QUANTITIES:
        raise _bad(f"Give an object of at most {MAX_QUANTITIES} quantities and their checks.")
    return {str(name): None if checks is None else _checks(str(name), checks) for name, checks in given.items()}


def write(own: Mapping[str, Checks | None]) -> dict[str, Any]:
    """Write checks as `read` reads them."""
    return {name: None if checks is None else _written(checks) for name, checks in own.items()}


def _written(checks: Checks) -> dict[str, dict[str, float] | None]:
    return {
        check: None if limits is None else {part: getattr(limits, part) for part in parts}
        for check, parts in _CHECKS.items()
        for limits in [getattr(checks, check)]
    }


def _checks(name: str, given: object) -> Checks:
    if not isinstance(given, Mapping):
        raise _bad(f"{name}: give step, spike and flat, or null for no checks at all.")
    if unknown := sorted(str(check) for check in given if check not in _CHECKS):
        raise _bad(f"{name}: {unknown[0]} is no check; there are {', '.join(_CHECKS)}.")
    found = {
        check: _numbers(f"{name}, {check}", given[check], parts) for check, parts in _CHECKS.items() if check in given
    }
    return Checks(
        step=_limits(f"{name}, step", found.get("step")),
        spike=_limits(f"{name}, spike", found.get("spike")),
        flat=_flat(f"{name}, flat", found.get("flat")),
    )


def _numbers(what: str, given: object, parts: tuple[str, str]) -> tuple[float, float] | None:
    if given is None:
        return None
    if not isinstance(given, Mapping) or set(given) != set(parts):
        raise _bad(f"{what}: give {parts[0]} and {parts[1]}, or null.")
    one, other = (given[part] for part in parts)
    for number in (one, other):
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number) or number <= 0:
            raise _bad(f"{what}: {parts[0]} and {parts[1]} are numbers above 0.")
    return float(one), float(other)


def _limits(what: str, numbers: tuple[float, float] | None) -> Limits | None:
    if numbers and numbers[0] > numbers[1]:
        raise _bad(f"{what}: what is bad cannot be less than what is suspect.")
    return Limits(*numbers) if numbers else None


def _flat(what: str, numbers: tuple[float, float] | None) -> Flat | None:
    if numbers and numbers[1] > LONGEST_FLAT_S:
        raise _bad(f"{what}: within_s is {LONGEST_FLAT_S:,.0f} seconds, a week, at most.")
    return Flat(*numbers) if numbers else None


def _bad(detail: str) -> Refusal:
    return Refusal("bad_checks", detail)
