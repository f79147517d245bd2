"""Lists `send` among the commands; the command line runs it without Django (`config/sending.py`)."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand

from sensorfusion.config import sending


class Command(BaseCommand):
    help = sending.HELP
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        self._parser = super().create_parser(
            prog_name, subcommand, epilog=sending.EPILOG, formatter_class=RawDescriptionHelpFormatter, **options
        )
        return self._parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        sending.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        if status := sending.run(self._parser, options):
            sys.exit(status)
