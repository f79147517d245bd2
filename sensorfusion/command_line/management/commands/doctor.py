"""Checks the installation for common problems and prints a remedy for each."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from sensorfusion.command_line import doctor as diagnosis
from sensorfusion.command_line.finding import Finding
from sensorfusion.config.settings import ENVIRONMENT
from sensorfusion.postgres.for_commands import database_for_command
from sensorfusion.server.preparation import database
from sensorfusion.terminal.errors import CommandLineError


class Command(BaseCommand):
    help = "Check environment, data, database, Redis and clock.\nExits with status 1 if any check fails."
    requires_system_checks = ()

    def handle(self, **_: Any) -> None:
        is_well = True
        for finding in _findings():
            self.stdout.write(str(finding))
            is_well = is_well and finding.is_good
        sys.exit(0 if is_well else 1)


def _findings() -> Iterator[Finding]:
    with contextlib.ExitStack() as stack:
        embedded = None if ENVIRONMENT.database_url else _start(stack)
        yield from diagnosis.examine(ENVIRONMENT, database=embedded is None)
        if embedded:
            yield embedded


def _start(stack: contextlib.ExitStack) -> Finding | None:
    """Start or find the embedded database for the duration of the checks; return a finding if that fails."""
    try:
        database.use(stack.enter_context(database_for_command(ENVIRONMENT.data)))
    except (CommandLineError, OSError) as error:
        return Finding(f"The embedded database cannot be used: {error}", "Fix that, or set DATABASE_URL to your own.")
    return None
