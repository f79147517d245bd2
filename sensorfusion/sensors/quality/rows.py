"""The rows of the page of a sensor's quality checks, and what was typed into them; limits are in the reader's units."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from sensorfusion.domain import quality_checks
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality_checks import LONGEST_FLAT_S, Own
from sensorfusion.domain.quality_over_time import DEFAULTS
from sensorfusion.domain.quantities import quantity
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.checks.faults import Fault
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.presentation import Presentation

HOUR_S: Final = 3600.0
_SIGNIFICANT: Final = 9  # digits of a limit: converted to the reader's unit and back it stays the same
# The fields of a row, in order: check, part, what its column says.
_FIELDS: Final = (
    ("step", "suspect", gettext_noop("suspect change in a minute")),
    ("step", "bad", gettext_noop("bad change in a minute")),
    ("spike", "suspect", gettext_noop("suspect if it stands out by")),
    ("spike", "bad", gettext_noop("bad if it stands out by")),
    ("flat", "change", gettext_noop("stuck if it moves less than")),
    ("flat", "within_s", gettext_noop("stuck in hours")),
)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    text: str
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity and the limits of its checks; an empty field disables a check."""

    quantity: str
    label: str
    unit: str
    fields: list[Field]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """How the limits of a sensor are shown to a reader. Limits are differences, so an offset does not apply."""

    presentation: Presentation
    system: str

    def factor(self, name: str, part: str) -> float:
        """Return the displayed units per stored unit."""
        return 1 / HOUR_S if part == "within_s" else self._display(name).factor

    def note(self, names: Iterable[str]) -> str:
        """Say why limits are not in the unit that the reader chose, if some are not."""
        return self.presentation.limits_note(names, self.system)

    def symbol(self, name: str) -> str:
        return self._display(name).linear.symbol

    def _display(self, name: str) -> Display:
        return self.presentation.display(name, self.system)

    def label(self, name: str, what: str) -> str:
        return f"{self.presentation.looks(name).label}, {gettext(what)}"

    def text(self, name: str, part: str, numbers: Mapping[str, float] | None) -> str:
        return "" if numbers is None else f"{numbers[part] * self.factor(name, part):.{_SIGNIFICANT - 2}g}"


def rows(sensor: Sensor, own: Own, reader: Reader, typed: QueryDict | None, wrong: list[Fault]) -> list[Row]:
    """Return a row for each quantity that the sensor has sent or has checks of its own for."""
    values = getattr(getattr(sensor, "state", None), "values", {})
    sent = sorted((name for name, value in values.items() if is_number(value)), key=lambda name: _order(name, reader))
    shown = [*dict.fromkeys([*sent, *own])] or list(DEFAULTS)
    faulty = {fault.at for fault in wrong}
    return [
        Row(
            name,
            reader.presentation.looks(name).label,
            reader.symbol(name),
            list(_fields(name, own, reader, typed, faulty)),
            name in own,
        )
        for name in shown
        if quantity(name).kind == "number"
    ]


def _order(name: str, reader: Reader) -> tuple[bool, str]:
    return name not in DEFAULTS, reader.presentation.looks(name).label


def _fields(name: str, own: Own, reader: Reader, typed: QueryDict | None, faulty: set[str]) -> Iterator[Field]:
    stored = quality_checks.write(quality_checks.effective(own)).get(name) or {}
    for check, part, what in _FIELDS:
        key, text = f"{name}.{check}.{part}", reader.text(name, part, stored.get(check))
        yield Field(key, reader.label(name, what), typed.get(key, text) if typed else text, key in faulty)


def given(typed: QueryDict, own: Own, reader: Reader) -> dict[str, Any]:
    """Return the checks of a form in the shape that `quality_checks.read` accepts, without those of the platform.

    A limit whose text was not changed stays as it is stored; text that is no number is for `faults`.
    """
    found: dict[str, Any] = {}
    for name in typed.getlist("quantity"):
        stored = quality_checks.write(quality_checks.effective(own)).get(name) or {}
        row: dict[str, dict[str, object]] = {}
        for check, part, _ in _FIELDS:
            text = typed.get(f"{name}.{check}.{part}", "").strip()
            if text and text == reader.text(name, part, stored.get(check)):
                row.setdefault(check, {})[part] = stored[check][part]
            elif text:
                row.setdefault(check, {})[part] = _stored(text, reader.factor(name, part))
        found[name] = row or None
    return _different(found)


def faults(typed: QueryDict, reader: Reader) -> list[Fault]:
    """Return what is wrong with the typed limits, each with its field."""
    return [fault for name in typed.getlist("quantity") for fault in _faults(name, typed, reader)]


def _faults(name: str, typed: QueryDict, reader: Reader) -> Iterator[Fault]:
    for (check, one, what), (_, other, also) in zip(_FIELDS[::2], _FIELDS[1::2], strict=True):
        texts = {part: typed.get(f"{name}.{check}.{part}", "").strip() for part in (one, other)}
        numbers = {part: _stored(text, 1) for part, text in texts.items()}
        labels = {one: reader.label(name, what), other: reader.label(name, also)}
        wrong = [part for part, text in texts.items() if not _is_limit(numbers[part]) and (text or any(texts.values()))]
        for part in wrong:
            said = gettext("{field}: enter a number above 0.").format(field=labels[part])
            yield Fault(said, f"{name}.{check}.{part}")
        if not wrong and other == "bad" and any(texts.values()) and float(numbers[one]) > float(numbers[other]):
            said = gettext("{field}: enter at least what is suspect, {limit}.").format(
                field=labels[other], limit=texts[one]
            )
            yield Fault(said, f"{name}.{check}.{other}")
        if not wrong and texts[other] and check == "flat" and numbers[other] * HOUR_S > LONGEST_FLAT_S:
            most = f"{LONGEST_FLAT_S / HOUR_S:g}"
            said = gettext("{field}: enter at most {hours}, a week.").format(field=labels[other], hours=most)
            yield Fault(said, f"{name}.{check}.{other}")


def _is_limit(number: object) -> bool:
    return isinstance(number, float) and isfinite(number) and number > 0


def _stored(text: str, factor: float) -> Any:
    try:
        return float(f"{float(text.replace(',', '.')) / factor:.{_SIGNIFICANT}g}")
    except ValueError:
        return text


def _different(given: dict[str, Any]) -> dict[str, Any]:
    """Drop checks that equal the platform's, so that future changes of the platform's apply."""
    ours = {name: _without_nothing(checks) for name, checks in quality_checks.write(DEFAULTS).items()}
    return {name: checks for name, checks in given.items() if checks != ours.get(name)}


def _without_nothing(checks: dict[str, Any]) -> dict[str, Any]:
    return {check: numbers for check, numbers in checks.items() if numbers is not None}
