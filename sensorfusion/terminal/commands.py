"""Base classes of the platform's commands."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand

from sensorfusion.terminal.programs import Program


class ExplainedCommand(BaseCommand):
    """A command whose `--help` preserves line breaks and ends with `epilog`."""

    epilog: str

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=self.epilog, formatter_class=RawDescriptionHelpFormatter, **options
        )


class ListedProgram(ExplainedCommand):
    """Lists a program among the commands; the command line runs it without Django (`terminal/programs.py`)."""

    requires_system_checks = ()
    program: Program

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        self._parser = super().create_parser(prog_name, subcommand, **options)
        return self._parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.program.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        if status := self.program.run(self._parser, options):
            sys.exit(status)
