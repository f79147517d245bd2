"""The page on which editors change a sensor's quality checks."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain import quality_checks
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality_checks import Own
from sensorfusion.domain.quality_over_time import DEFAULTS
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.units import display_symbol
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import labels_of_one
from sensorfusion.sensors.quality import services as quality
from sensorfusion.web.looks import looks

HOUR_S: Final = 3600.0
# The fields of a row, in order: check, part, stored units per displayed unit.
_FIELDS: Final = (
    ("step", "suspect", 1.0),
    ("step", "bad", 1.0),
    ("spike", "suspect", 1.0),
    ("spike", "bad", 1.0),
    ("flat", "change", 1.0),
    ("flat", "within_s", HOUR_S),
)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity and the limits of its checks; an empty field disables a check."""

    quantity: str
    label: str
    unit: str
    fields: list[Field]
    is_own: bool


@login_required
@never_cache
def checks(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    if request.method != "POST":
        return _page(request, sensor, quality.own_checks(sensor=sensor))
    given: dict[str, Any] = {} if "reset" in request.POST else _given(request.POST)
    try:
        quality.set_checks(by=request.user, sensor=sensor, own=_different(given), now=timezone.now())
    except Refusal as refused:
        messages.error(request, refused.detail)
        return _page(request, sensor, quality.own_checks(sensor=sensor), typed=request.POST)
    messages.success(request, "Saved. The readings of the last month are checked again.")
    return redirect("sensor-quality", uuid)


def _page(request: SignedIn, sensor: Sensor, own: Own, *, typed: QueryDict | None = None) -> HttpResponse:
    state = getattr(sensor, "state", None)
    sent = [name for name, value in getattr(state, "values", {}).items() if is_number(value)]
    labels = labels_of_one(sensor)
    shown = [*dict.fromkeys([*sorted(sent, key=_in_the_catalogue), *own])] or list(DEFAULTS)
    context = {
        "sensor": sensor,
        "rows": [_row(name, own, typed, labels.get(name, "")) for name in shown if quantity(name).kind == "number"],
        "changed": quality.settings_of(sensor=sensor) if own else None,
    }
    return render(request, "sensors/quality.html", context, status=400 if typed else 200)


def _in_the_catalogue(name: str) -> tuple[bool, str]:
    return name not in DEFAULTS, looks(name).label


def _row(name: str, own: Own, typed: QueryDict | None, label: str) -> Row:
    label = looks(name, label).label
    written = quality_checks.write(quality_checks.effective(own)).get(name) or {}
    fields = []
    for check, part, times in _FIELDS:
        key, numbers = f"{name}.{check}.{part}", written.get(check)
        text = "" if numbers is None else f"{numbers[part] / times:g}"
        fields.append(
            Field(key, f"{label}, {check}: {part.removesuffix('_s')}", typed.get(key, text) if typed else text)
        )
    return Row(name, label, display_symbol(quantity(name).unit), fields, name in own)


def _given(typed: QueryDict) -> dict[str, Any]:
    """Parse the posted fields into the shape that `quality_checks.read` accepts; text that is no number is kept as it
    is.
    """
    given: dict[str, Any] = {}
    for name in typed.getlist("quantity"):
        row: dict[str, dict[str, object]] = {}
        for check, part, times in _FIELDS:
            if text := typed.get(f"{name}.{check}.{part}", "").strip():
                row.setdefault(check, {})[part] = _number(text, times)
        given[name] = row or None
    return given


def _number(text: str, times: float) -> object:
    try:
        return float(text.replace(",", ".")) * times
    except ValueError:
        return text


def _different(given: dict[str, Any]) -> dict[str, Any]:
    """Drop checks that equal the platform's, so that future changes of the platform's apply."""
    ours = {name: _without_nothing(checks) for name, checks in quality_checks.write(DEFAULTS).items()}
    return {name: checks for name, checks in given.items() if checks != ours.get(name)}


def _without_nothing(checks: dict[str, Any]) -> dict[str, Any]:
    return {check: numbers for check, numbers in checks.items() if numbers is not None}
