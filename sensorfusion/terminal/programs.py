"""Programs of the command line that load no Django: it starts them without it, and lists them among its commands."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import Any, Protocol


class Program(Protocol):
    """A module with what its `--help` says, its arguments, and what it does with them."""

    HELP: str
    EPILOG: str

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, parser: ArgumentParser, options: dict[str, Any]) -> int:
        """Do what the parsed options say and return the exit status."""


def run_program(program: Program, name: str, arguments: Sequence[str]) -> int:
    """Run a program with these arguments and return its exit status."""
    parser = ArgumentParser(
        prog=f"sensorfusion {name}",
        description=program.HELP,
        epilog=program.EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    program.add_arguments(parser)
    return program.run(parser, vars(parser.parse_args(arguments)))
