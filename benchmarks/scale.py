"""How much a benchmark does: `full` for figures to quote, `quick` for a first look, `tiny` to test that it runs."""

import argparse
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar, get_args

from benchmarks.stand import Stand
from benchmarks.table import HEAD, Line, circumstances, show

Scale = Literal["full", "quick", "tiny"]
Benchmark = Callable[[Stand, Scale], Sequence[Line]]
T = TypeVar("T")


def pick(scale: Scale, *, full: T, quick: T, tiny: T) -> T:
    return {"full": full, "quick": quick, "tiny": tiny}[scale]


def add_scale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", choices=get_args(Scale), default="full", help="size of the run (default: full)")
    parser.add_argument("--quick", dest="scale", action="store_const", const="quick", help="the same as --scale quick")


def alone(name: str, description: str | None, benchmark: Callable[..., Sequence[Line]], **flags: str) -> None:
    """Run one benchmark as a program; each of `flags` is an option passed to it, with its help text."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=description)
    add_scale(parser)
    for flag, explanation in flags.items():
        parser.add_argument(f"--{flag}", action="store_true", help=explanation)
    options = vars(parser.parse_args())
    print(circumstances())
    with Stand() as stand:
        lines = benchmark(stand, options.pop("scale"), **options)
    if lines:
        show("Results against requirements", HEAD, [line.cells() for line in lines])
