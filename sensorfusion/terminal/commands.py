"""Base class of the platform's commands."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand


class ExplainedCommand(BaseCommand):
    """A command whose `--help` preserves line breaks and ends with `epilog`."""

    epilog: str

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=self.epilog, formatter_class=RawDescriptionHelpFormatter, **options
        )
