"""The fields of a sensor's device as its Names page shows them: what they feed, their last value, since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import rounded
from sensorfusion.domain.units import display_symbol
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.naming.services import LEFT_OUT
from sensorfusion.web.values.numbers import localised, plain


@dataclass(frozen=True, slots=True)
class FieldRow:
    """`key` is the name of its input; `by_hand` says that a line of the owner's mapping is stronger."""

    key: str
    source: str
    label: str
    feeds: str
    value: str
    at: datetime | None
    since: datetime
    by_hand: bool


def rows(sensor: Sensor, fields: Iterable[SourceField], typed: Mapping[str, Any] | None) -> list[FieldRow]:
    """Return the rows of the table; `typed` is a form that was refused."""
    state = getattr(sensor, "state", None)
    return [
        FieldRow(
            key := f"field-{each.pk}",
            each.source,
            "" if each.label == each.source else each.label,
            str(typed[key]) if typed and key in typed else each.quantity or LEFT_OUT,
            _value(each.quantity, getattr(state, "values", {}).get(each.quantity)),
            _at(state, each.quantity),
            each.first_at,
            each.source in sensor.names,
        )
        for each in fields
    ]


def given(fields: Iterable[SourceField], typed: Mapping[str, Any]) -> dict[str, str]:
    """Return the quantities of a form by source; fields that came since the form was opened are not in it."""
    return {each.source: str(typed[key]) for each in fields if (key := f"field-{each.pk}") in typed}


def last_values(sensor: Sensor) -> dict[str, str]:
    """Return the newest value of each quantity as text."""
    state = getattr(sensor, "state", None)
    return {name: _value(name, value) for name, value in getattr(state, "values", {}).items()}


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if not isinstance(value, int | float):
        return "" if value is None else str(value)[:40]
    known = quantity(name)
    symbol = display_symbol(known.unit) if known.unit not in ("", "1") else ""
    return f"{localised(plain(rounded(value, known.decimals)))} {symbol}".strip()


def _at(state: Any, name: str) -> datetime | None:
    """Return when the newest value of a quantity was observed."""
    if state is None or name not in state.values:
        return None
    older = state.older.get(name)
    at: datetime | None = state.observed_at if older is None else datetime.fromtimestamp(older, UTC)
    return at
