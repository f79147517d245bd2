"""Remembered mappings: the next file with the same columns is read like the first, without being described again."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from sensorfusion.ingest.files.csv_tables import TableOfAnyKind
from sensorfusion.ingest.files.rows import BadPlan, Column, Plan
from sensorfusion.ingest.models import Mapping
from sensorfusion.sensors.models import Site

_OFFSET: Final = re.compile(r"UTC(?P<sign>[+-])(?P<hours>[01]?\d)(?::?(?P<minutes>\d{2}))?\Z")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plan for reading a file, and the remembered mapping it comes from, if any."""

    plan: Plan
    mapping: Mapping | None = None


def zone(name: str) -> tzinfo | None:
    """Return the time zone of this name or offset (`UTC+02:00`), or None for "".

    :raises BadPlan: there is no such zone.
    """
    if offset := _OFFSET.match(name):
        ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(-ahead if offset["sign"] == "-" else ahead)
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        raise BadPlan(f"There is no time zone {name!r}: use a name such as Europe/Warsaw, or UTC+02:00.") from None


def zone_name(of: tzinfo | None) -> str:
    """Return the name by which `zone` returns a time zone."""
    return str(of) if of else ""


def choose(given: Plan, *, table: TableOfAnyKind, site: Site, name: str = "") -> Chosen:
    """Choose the plan of a file: as given, else the mapping of this name, else that of files with the same columns.

    :raises BadPlan: the site has no mapping of this name.
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
    """Return whether a plan specifies anything except the sensor column."""
    return plan != Plan(sensor_column=plan.sensor_column)


@transaction.atomic
def remember(plan: Plan, *, table: TableOfAnyKind, site: Site, name: str = "", now: datetime) -> Mapping:
    """Store a plan for the next file with these columns; a name is moved here from the mapping that had it."""
    if name:
        Mapping.objects.filter(site=site, name=name).exclude(fingerprint=fingerprint(table)).update(name="")
    kept = {"plan": to_json(plan), "used_at": now} | ({"name": name} if name else {})
    mapping, _ = Mapping.objects.update_or_create(site=site, fingerprint=fingerprint(table), defaults=kept)
    return mapping


def fingerprint(table: TableOfAnyKind) -> str:
    """Identify a kind of file by its columns, ignoring the delimiter and blanks around names."""
    return digest_of([table.kind, *(name.strip() for name in table.header)])


def digest_of(parts: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def to_json(plan: Plan) -> dict[str, Any]:
    """Serialise a plan for storage."""
    return {
        "columns": [
            [each.name, each.quantity, each.unit, *(["", each.label] if each.label else [])] for each in plan.columns
        ],
        "time_column": plan.time_column,
        "time_parts": list(plan.time_parts),
        "time_format": plan.time_format,
        "time_zone": zone_name(plan.time_zone),
        "sensor_column": plan.sensor_column,
        "missing": sorted(plan.missing),
        "decimal": plan.decimal,
    }


def from_json(kept: dict[str, Any]) -> Plan:
    """Deserialise a stored plan."""
    return Plan(
        columns=tuple(Column(*column) for column in kept["columns"]),
        time_column=kept["time_column"],
        time_parts=tuple(kept.get("time_parts", ())),
        time_format=kept["time_format"],
        time_zone=zone(kept["time_zone"]),
        sensor_column=kept["sensor_column"],
        missing=frozenset(kept["missing"]),
        # Versions before 0.2 kept `decimal_comma`, and read either mark without it.
        decimal=kept.get("decimal", "," if kept.get("decimal_comma") else ""),
    )
