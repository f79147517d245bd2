"""A sensor's own quality checks in JSON: validated strictly, serialised with every number named.

`{"temperature": {"step": {"suspect": 3, "bad": 5}, "spike": null, "flat": {"change": 0.1, "within_s": 43200}}}`: checks
that are missing or null are off; a quantity that is null has no checks; a quantity that is missing has the platform's
defaults.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from sensorfusion.domain.normalise import MAX_QUANTITIES
from sensorfusion.domain.quality_over_time import DEFAULTS, Checks, Flat, Limits
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.translation import gettext

LONGEST_FLAT_S: Final = 7 * 86_400.0
_CHECKS: Final = {"step": ("suspect", "bad"), "spike": ("suspect", "bad"), "flat": ("change", "within_s")}

Own = dict[str, Checks | None]


def effective(own: Mapping[str, Checks | None]) -> dict[str, Checks]:
    """Return the checks in effect: the defaults, overridden by the sensor's own."""
    return {name: checks for name, checks in {**DEFAULTS, **own}.items() if checks is not None}


def read(given: object) -> Own:
    """Parse a sensor's own checks.

    :raises Refusal: `bad_checks`, naming the error and the quantity.
    """
    if not isinstance(given, Mapping) or len(given) > MAX_QUANTITIES:
        raise _bad(gettext("Give an object of at most {most} quantities and their checks.").format(most=MAX_QUANTITIES))
    return {str(name): None if checks is None else _checks(str(name), checks) for name, checks in given.items()}


def write(own: Mapping[str, Checks | None]) -> dict[str, Any]:
    """Serialise checks to the format that `read` accepts."""
    return {name: None if checks is None else _written(checks) for name, checks in own.items()}


def _written(checks: Checks) -> dict[str, dict[str, float] | None]:
    return {
        check: None if limits is None else {part: getattr(limits, part) for part in parts}
        for check, parts in _CHECKS.items()
        for limits in [getattr(checks, check)]
    }


def _checks(name: str, given: object) -> Checks:
    if not isinstance(given, Mapping):
        raise _bad(gettext("{name}: give step, spike and flat, or null for no checks at all.").format(name=name))
    if unknown := sorted(str(check) for check in given if check not in _CHECKS):
        raise _bad(
            gettext("{name}: {unknown} is not a check; use {known}.").format(
                name=name, unknown=unknown[0], known=", ".join(_CHECKS)
            )
        )
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
        raise _bad(gettext("{what}: give {one} and {other}, or null.").format(what=what, one=parts[0], other=parts[1]))
    one, other = (given[part] for part in parts)
    for number in (one, other):
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number) or number <= 0:
            raise _bad(
                gettext("{what}: {one} and {other} are numbers above 0.").format(
                    what=what, one=parts[0], other=parts[1]
                )
            )
    return float(one), float(other)


def _limits(what: str, numbers: tuple[float, float] | None) -> Limits | None:
    if numbers and numbers[0] > numbers[1]:
        raise _bad(gettext("{what}: bad cannot be less than suspect.").format(what=what))
    return Limits(*numbers) if numbers else None


def _flat(what: str, numbers: tuple[float, float] | None) -> Flat | None:
    if numbers and numbers[1] > LONGEST_FLAT_S:
        raise _bad(
            gettext("{what}: within_s is {most} seconds, a week, at most.").format(
                what=what, most=f"{LONGEST_FLAT_S:,.0f}"
            )
        )
    return Flat(*numbers) if numbers else None


def _bad(detail: str) -> Refusal:
    return Refusal("bad_checks", detail)
