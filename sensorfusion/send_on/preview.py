"""What a target would be sent from the newest reading: our values beside the network's fields, and what stays here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.units import display_symbol
from sensorfusion.readings.queries import newest
from sensorfusion.send_on.samples import newest_chosen, sample_of
from sensorfusion.send_on.targets.fields import ALTIMETER, kept_in
from sensorfusion.send_on.targets.target import Sample, Target
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import presentation_of
from sensorfusion.web.looks import looks
from sensorfusion.web.values.numbers import localised, plain

_SUMS = {"rain_midnight": gettext_lazy("Rain since midnight"), ALTIMETER: gettext_lazy("Altimeter setting")}


@dataclass(frozen=True, slots=True)
class Line:
    """A value that is sent: what it is, as the network gets it with the name of its field, and in our unit."""

    label: str
    field: str
    sent: str
    ours: str


@dataclass(frozen=True, slots=True)
class Preview:
    """`kept` has the label of each quantity that stays here, and why."""

    observed_at: datetime | None
    lines: tuple[Line, ...]
    kept: tuple[tuple[str, str], ...]


def preview(sensor: Sensor, target: Target) -> Preview:
    """Make the preview from the newest reading, whatever its age."""
    state = newest([sensor.pk])[sensor.pk]
    if state.observed_at is None:
        return Preview(None, (), ())
    found, shown = newest_chosen(state, target), presentation_of(sensor)
    sample = sample_of(sensor, state, state.observed_at, found.values, target)
    labels = {name: _label(name, shown.label(name)) for name in {*state.values, *sample.values}}
    no_field = gettext_noop("it has no field for this")
    kept = {**found.left_out, **{name: no_field for name in found.values if not target.takes(name)}}
    return Preview(
        state.observed_at,
        tuple(_lines(sample, target, labels)),
        tuple(sorted((labels[name], gettext(why)) for name, why in kept.items())),
    )


def _lines(sample: Sample, target: Target, labels: Mapping[str, str]) -> list[Line]:
    if not target.columns:
        return [Line(labels[name], name, str(value), _ours(name, value)) for name, value in sample.values.items()]
    found = []
    for column in target.columns:
        value = sample.number(column.quantity)
        if value is not None:
            sent = f"{column.text(value, kept_in=kept_in(column.quantity))} {display_symbol(column.unit)}".strip()
            label = labels.get(column.quantity) or _label(column.quantity, "")
            found.append(Line(label, column.field, sent, _ours(column.quantity, value)))
    return found


def _label(name: str, own: str) -> str:
    return own or str(_SUMS.get(name) or looks(name).label)


def _ours(name: str, value: object) -> str:
    unit = kept_in(name) if name in _SUMS or known_quantity(name) else ""
    number = localised(plain(round(value, 3))) if isinstance(value, float) else value
    return f"{number} {display_symbol(unit)}".strip()
