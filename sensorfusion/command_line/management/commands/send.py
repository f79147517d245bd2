"""Lists `send` among the commands; the command line runs it without Django (`command_line/send.py`)."""

import sys
from argparse import ArgumentParser
from typing import Any

from sensorfusion.command_line import send as sending
from sensorfusion.terminal.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = sending.HELP
    epilog = sending.EPILOG
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        self._parser = super().create_parser(prog_name, subcommand, **options)
        return self._parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        sending.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        if status := sending.run(self._parser, options):
            sys.exit(status)
