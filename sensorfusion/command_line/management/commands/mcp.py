"""Lists `mcp` among the commands; the command line runs it without Django (`mcp/command.py`)."""

import sys
from argparse import ArgumentParser
from typing import Any

from sensorfusion.mcp import command
from sensorfusion.terminal.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = command.HELP
    epilog = command.EPILOG
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        self._parser = super().create_parser(prog_name, subcommand, **options)
        return self._parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        command.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        sys.exit(command.run(self._parser, options))
