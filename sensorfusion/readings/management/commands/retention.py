"""Removes expired readings now, or reports which ones would be removed."""

from argparse import ArgumentParser
from typing import Any

import psycopg

from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.storage.retention import Expiring, Retention, expiring
from sensorfusion.readings.stored.partitions import name_of
from sensorfusion.terminal.commands import ExplainedCommand

HELP = """\
Remove readings that are older than their site's or sensor's retention period.

A running platform does this every hour. Readings that are not rolled up yet stay; rollups
(five minutes, hours, days) are kept for ever.
"""
EXAMPLE = """\
example:
  sensorfusion retention --dry-run
"""


class Command(ExplainedCommand):
    help = HELP
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only report what would be removed")

    def handle(self, *, dry_run: bool, **_: Any) -> None:
        with psycopg.connect(conninfo(), autocommit=True) as link:
            found = list(expiring(link, now=utc_now()))
            for each in found:
                self.stdout.write("\n".join(_lines(each)))
            total = sum(sum(each.readings.values()) for each in found)
            if not found:
                self.stdout.write("Every site keeps its readings for ever.")
            elif dry_run:
                self.stdout.write(f"{total:,} readings would be removed. Nothing was changed.")
            else:
                chore = Retention(utc_now)
                while chore.run(link):
                    pass
                left = sum(sum(each.readings.values()) for each in expiring(link, now=utc_now()))
                self.stdout.write(f"{total - left:,} readings removed; {left:,} stay for now.")


def _lines(each: Expiring) -> list[str]:
    span = "1 month" if each.months == 1 else f"{each.months} months"
    head = f"{each.site}, {each.sensor}: kept for {span}, so from {each.before:%Y-%m-%d} on"
    months = [
        f"  {name_of(month).removeprefix('reading_').replace('_', '-')}: {n:,}" for month, n in each.readings.items()
    ]
    if each.readings and (each.rolled_up_until is None or each.rolled_up_until < each.before):
        reached = f"{each.rolled_up_until:%Y-%m-%d %H:%M} UTC" if each.rolled_up_until else "nowhere yet"
        months.append(f"  rolled up until {reached}: later readings stay until they are rolled up")
    return [head, *(months or ["  no older readings"])]
