"""`python -m benchmarks [names]`: run benchmarks and compare the results with the required figures."""

import argparse
import importlib
import sys
import time
from pathlib import Path

from benchmarks.scale import add_scale
from benchmarks.stand import Failed, Stand
from benchmarks.table import HEAD, Line, circumstances, markdown, show

NAMES = (
    *("single", "doors", "batch", "fanout", "latency", "memory", "idle"),
    *("chart", "explore", "history", "threshold", "mqtt", "alerts", "preview"),
)
README = Path(__file__).with_name("README.md")


def main() -> None:
    options = _options()
    about = f"{circumstances()}, scale {options.scale}"
    print(about)
    lines, failures = _run(options)
    if lines:
        show("Results against requirements", HEAD, [line.cells() for line in lines])
    if options.record and lines:
        _record(about, lines)
    for name, reason in failures:
        print(f"{name} could not be measured: {reason}", file=sys.stderr)
    sys.exit(1 if failures else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"benchmarks to run: {', '.join(NAMES)} (default: all)"
    )
    parser.add_argument("--record", action="store_true", help="append the table to benchmarks/README.md")
    parser.add_argument(
        "--rows", type=int, default=0, metavar="N", help="readings that history loads (default: by scale)"
    )
    parser.add_argument("--plans", action="store_true", help="history: print the plans of what was asked")
    add_scale(parser)
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return options


def _run(options: argparse.Namespace) -> tuple[list[Line], list[tuple[str, Failed]]]:
    """Run the benchmarks one after the other; a failure does not stop the remaining ones."""
    lines: list[Line] = []
    failures: list[tuple[str, Failed]] = []
    with Stand() as stand:
        for name in options.names or NAMES:
            own = {"rows": options.rows, "plans": options.plans} if name == "history" else {}
            began = time.monotonic()
            try:
                lines += importlib.import_module(f"benchmarks.{name}").run(stand, options.scale, **own)
            except Failed as failed:
                failures.append((name, failed))
            print(f"{name} took {time.monotonic() - began:.0f} s", flush=True)
    return lines, failures


def _record(about: str, lines: list[Line]) -> None:
    with README.open("a") as file:
        file.write(f"\n### {about}\n\n{markdown(HEAD, [line.cells() for line in lines])}\n")


if __name__ == "__main__":
    main()
