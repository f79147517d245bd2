"""Mappings that are remembered: the second file of a kind is read as the first was, without being told again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from sensorfusion.ingest.files.csv_tables import TableOfAnyKind
from sensorfusion.ingest.files.rows import BadPlan, Column, Plan
from sensorfusion.ingest.models import Mapping
from sensorfusion.sensors.models import Site


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plan to read a file by, and the remembered mapping that it comes from, if it does."""

    plan: Plan
    mapping: Mapping | None = None


def zone(name: str) -> ZoneInfo | None:
    """Return the time zone of this name, None of none.

    :raises BadPlan: if there is no such zone.
    """
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        raise BadPlan(f"There is no time zone {name!r}: use a name such as Europe/Warsaw.") from None


def choose(given: Plan, *, table: TableOfAnyKind, site: Site, name: str = "") -> Chosen:
    """Choose how to read a file: as it was told, else as the mapping of this name, else as files with these columns.

    :raises BadPlan: if the site has no mapping of this name.
    """
    if says_something(given):
        return Chosen(given)
    found = Mapping.objects.filter(site=site)
    mapping = (found.filter(name=name) if name else found.filter(fingerprint=fingerprint(table))).first()
    if mapping is None and name:
        names = ", ".join(repr(each.name) for each in found.exclude(name="").order_by("name")) or "none"
        raise BadPlan(f"{site.name} has no mapping {name!r}. There are: {names}. --map makes one.")
    if mapping is None:
        return Chosen(given)
    plan = from_json(mapping.plan)
    return Chosen(replace(plan, sensor_column=given.sensor_column or plan.sensor_column), mapping)


def says_something(plan: Plan) -> bool:
    """Whether a plan says more than whose rows they are."""
    return plan != Plan(sensor_column=plan.sensor_column)


@transaction.atomic
def remember(plan: Plan, *, table: TableOfAnyKind, site: Site, name: str = "", now: datetime) -> Mapping:
    """Keep a plan for the next file with these columns; a name takes it away from the mapping that had it."""
    if name:
        Mapping.objects.filter(site=site, name=name).exclude(fingerprint=fingerprint(table)).update(name="")
    kept = {"plan": to_json(plan), "used_at": now} | ({"name": name} if name else {})
    mapping, _ = Mapping.objects.update_or_create(site=site, fingerprint=fingerprint(table), defaults=kept)
    return mapping


def fingerprint(table: TableOfAnyKind) -> str:
    """Name a kind of file by its columns, whatever its delimiter and the blanks around names."""
    return digest_of([table.kind, *(name.strip() for name in table.header)])


def digest_of(parts: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def to_json(plan: Plan) -> dict[str, Any]:
    """Write a plan as it is kept."""
    return {
        "columns": [[column.name, column.quantity, column.unit] for column in plan.columns],
        "time_column": plan.time_column,
        "time_format": plan.time_format,
        "time_zone": plan.time_zone.key if plan.time_zone else "",
        "sensor_column": plan.sensor_column,
        "missing": sorted(plan.missing),
        "decimal_comma": plan.decimal_comma,
    }


def from_json(kept: dict[str, Any]) -> Plan:
    """Read a plan that was kept."""
    return Plan(
        columns=tuple(Column(*column) for column in kept["columns"]),
        time_column=kept["time_column"],
        time_format=kept["time_format"],
        time_zone=zone(kept["time_zone"]),
        sensor_column=kept["sensor_column"],
        missing=frozenset(kept["missing"]),
        decimal_comma=kept["decimal_comma"],
    )
