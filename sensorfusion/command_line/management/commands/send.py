"""Lists `send` among the commands; the command line runs it without Django (`command_line/send.py`)."""

import sys
from argparse import ArgumentParser
from typing import Any

from sensorfusion.command_line import send
from sensorfusion.terminal.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = send.HELP
    epilog = send.EPILOG
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        self._parser = super().create_parser(prog_name, subcommand, **options)
        return self._parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        send.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        if status := send.run(self._parser, options):
            sys.exit(status)
