"""Rebuilds rollups, or checks that they match the readings."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sized
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from django.core.management.base import CommandError

from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.rollups import rebuild as rebuilding
from sensorfusion.readings.rollups.chores import RollUp
from sensorfusion.readings.rollups.rollups import Connection
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.progress import progress

SHOWN: Final = 20
HELP = """\
Rebuild rollups from the readings, or check them.

Where readings were removed, hours, days and months are checked against the buckets of 5 minutes.

Rollups are the source of charts and records of longer ranges. They are updated automatically: rebuild only
after an upgrade that asks for it, or when a check found a difference. Both can run while the platform runs; ranges
that are being rebuilt are read from the readings meanwhile.
"""
EPILOG = """\
Exit status of check: 0 when there is no difference, 1 when there is.

examples:
  sensorfusion rollups check
  sensorfusion rollups rebuild --sensor 2f1d1c1e-8f0e-4c57-9d3e-0d6c2a4b7f11 --from 2026-11-01
"""


class Command(ExplainedCommand):
    help = HELP
    epilog = EPILOG
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("rebuild", "check"), help="what to do")
        parser.add_argument("--sensor", type=_uuid, metavar="UUID", help="only this sensor (default: all)")
        parser.add_argument("--from", dest="since", type=_instant, metavar="TIME", help="only from then on, in UTC")

    def handle(self, *, action: str, sensor: UUID | None, since: datetime | None, **options: Any) -> None:
        with psycopg.connect(conninfo(), autocommit=True) as connection:
            sensors = _sensors(connection, sensor)
            work = [(each, part) for each in sensors for part in rebuilding.stretches(connection, each.id, since=since)]
            if action == "rebuild":
                self._rebuild(connection, work)
                return
            work += [
                (each, part)
                for each in sensors
                for part in rebuilding.removed_stretches(connection, each.id, since=since)
            ]
            self._check(connection, work)

    def _rebuild(self, connection: Connection, work: "list[Stretch]") -> None:
        rebuilding.learn_combines(connection)
        chore, hours = RollUp(), 0
        with progress("Rebuilding", total=len(work)) as step:
            for done, (named, part) in enumerate(work, 1):
                rebuilding.rebuild(connection, named.id, part.start, part.end)
                while chore.batch(connection):
                    pass
                hours += _hours(part)
                step(done, hours)
        self.stdout.write(f"Rebuilt {hours:,} hours.")

    def _check(self, connection: Connection, work: "list[Stretch]") -> None:
        hours, found, lost = 0, set[tuple[int, str, datetime]](), set[tuple[int, str, datetime]]()
        with progress("Checking", total=len(work)) as step:
            for done, (named, part) in enumerate(work, 1):
                for difference in rebuilding.check(connection, named.id, part):
                    which = (named.id, difference.level, difference.start)
                    if which not in found and len(found) < SHOWN:
                        self._tell(named, difference)
                    found.add(which)
                    if difference.source != "readings":
                        lost.add(which)
                hours += _hours(part)
                step(done, hours)
        if found:
            self.stdout.write(f"Checked {hours:,} hours: {len(found):,} buckets differ. {_what_to_do(found, lost)}")
            sys.exit(1)
        self.stdout.write(f"Checked {hours:,} hours: no difference.")

    def _tell(self, named: rebuilding.Named, difference: rebuilding.Difference) -> None:
        at = difference.start.astimezone(UTC)
        stored, made = difference.stored or "no bucket", difference.made or "no bucket"
        self.stdout.write(
            f"{named.name} {difference.level} from {at:%Y-%m-%dT%H:%MZ}: {stored}, {difference.source} say {made}"
        )


Stretch = tuple[rebuilding.Named, rebuilding.Stretch]


def _what_to_do(found: Sized, lost: Sized) -> str:
    """Say what mends the differences; those of readings that were removed cannot be computed again."""
    advice = "Run: sensorfusion rollups rebuild" if len(found) > len(lost) else ""
    if lost:
        advice += f" {len(lost):,} of them are of readings that were removed: restore those from a backup."
    return advice.strip()


def _sensors(connection: Connection, uuid: UUID | None) -> list[rebuilding.Named]:
    found = rebuilding.rolled_up_sensors(connection, uuid=uuid)
    if uuid and not found:
        raise CommandError(f"No sensor {uuid} has rollups. A new sensor has its first an hour after its first reading.")
    return found


def _hours(part: rebuilding.Stretch) -> int:
    return round((part.end - part.start).total_seconds() / 3600)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a sensor's id: it is shown on the sensor's page") from None


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a time: write 2026-11-01 or 2026-11-01T06:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
