"""Checks alert rules, the process that judges them, and the messages that wait."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from sensorfusion.alerts.checking import check
from sensorfusion.terminal.commands import ExplainedCommand

EPILOG = """\
Each rule is listed with how many sensors are in which state: ok, pending, firing, clearing.

Exit status: 0 when rules are judged and messages leave, 1 when not, with the reason.

examples:
  sensorfusion alerts check
  sensorfusion alerts check --quiet || echo "alerts do not work" | mail -s alerts admin@example.org
"""


class Command(ExplainedCommand):
    help = "Check alert rules, the process that judges them, and the messages that wait."
    epilog = EPILOG
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("check",), help="what to do")
        parser.add_argument("--quiet", action="store_true", help="say only what is wrong")

    def handle(self, *, quiet: bool, **_: Any) -> None:
        report = check(now=timezone.now())
        if not quiet:
            self.stdout.write("\n".join(report.lines))
        if report.problems:
            raise CommandError("\n".join(report.problems))
