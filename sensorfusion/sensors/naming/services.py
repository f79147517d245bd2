"""Changing which quantities the fields of a device feed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.quantities.names import is_allowed
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.announcements import announce_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.sites.membership import require_editor

LEFT_OUT: Final = "-"
MOST: Final = 500  # as `ingest.steps.naming` decides


@transaction.atomic
def set_fields(*, by: Operator, sensor: Sensor, quantities: Mapping[str, str]) -> None:
    """Let fields of a device, by their source, feed other quantities from the next reading on.

    An empty quantity or `-` ignores a field. Two fields may swap their quantities in one call. What is stored stays.

    :raises Refusal: `not_allowed`, `unknown_source`, `bad_path` or `fed_twice`.
    """
    require_editor(by=by, site=sensor.site)
    # As when a new field is decided: the decisions of a sensor are made one after the other.
    Sensor.objects.select_for_update(no_key=True).get(pk=sensor.pk)
    fields = {each.source: each for each in SourceField.objects.filter(sensor=sensor).exclude(source="")}
    wanted = {_source(source, fields): _quantity(source, quantity) for source, quantity in quantities.items()}
    _check_once({source: wanted.get(source, each.quantity) for source, each in fields.items()})
    changed = [fields[source] for source, quantity in wanted.items() if quantity != fields[source].quantity]
    if not changed:
        return
    for each in changed:
        each.quantity = wanted[each.source]
    _save(sensor, changed)
    announce_sensor(sensor)


@transaction.atomic
def restore_fields(*, sensor: Sensor, fields: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Create the fields of an archived sensor, before its readings are loaded.

    :raises Refusal: `bad_path` or `fed_twice`.
    """
    rows = [
        SourceField(
            sensor=sensor,
            source=str(each["source"])[: SourceField.LONGEST_SOURCE],
            quantity=_quantity(str(each["source"]), str(each["quantity"])),
            label=str(each.get("label", ""))[: SourceField.LONGEST_SOURCE],
            first_at=datetime.fromisoformat(each["first_at"]) if each.get("first_at") else now,
        )
        for each in fields[:MOST]
    ]
    _check_once({each.source or f"({each.quantity})": each.quantity for each in rows})
    SourceField.objects.bulk_create(rows)


def _save(sensor: Sensor, changed: Sequence[SourceField]) -> None:
    """Store the changes; no quantity has two sources at any moment, also while two are swapped."""
    rows = SourceField.objects.filter(sensor=sensor)
    rows.filter(pk__in=[each.pk for each in changed]).update(quantity="")
    rows.filter(source="", quantity__in=[each.quantity for each in changed if each.quantity]).delete()
    SourceField.objects.bulk_update(changed, ["quantity"])


def _source(source: str, fields: Mapping[str, SourceField]) -> str:
    if source not in fields:
        raise Refusal(
            "unknown_source",
            gettext("The device has not sent a field {field}.").format(field=repr(source[:64])),
            field="fields",
        )
    return source


def _quantity(source: str, given: str) -> str:
    """Return the name under which a quantity is stored: the catalogue's for its other names."""
    name = given.strip()
    if name in ("", LEFT_OUT):
        return ""
    known = known_quantity(name)
    if known is None and not is_allowed(name):
        raise Refusal(
            "bad_path",
            gettext(
                "{name} is not a name of a quantity for {field}: use letters, digits and _ . : - after a first letter."
            ).format(name=name[:64], field=source[:64]),
            field="fields",
        )
    return known.name if known else name


def _check_once(quantities: Mapping[str, str]) -> None:
    fed: dict[str, str] = {}
    for source, quantity in quantities.items():
        if quantity and quantity in fed:
            raise Refusal(
                "fed_twice",
                gettext(
                    "{one} and {other} would both feed {quantity}. Give one of them another quantity, or {ignored} to "
                    "ignore it."
                ).format(one=fed[quantity][:64], other=source[:64], quantity=quantity, ignored=LEFT_OUT),
                field="fields",
            )
        fed[quantity] = source
