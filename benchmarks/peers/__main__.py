"""`python -m benchmarks.peers`: measure the platform beside what people would install instead."""

import argparse
from collections.abc import Sequence

from benchmarks.peers import reading, watching, writing
from benchmarks.peers.influxdb import InfluxDB
from benchmarks.peers.platform import SensorFusion
from benchmarks.peers.program import Program
from benchmarks.peers.recipe.program import Recipe
from benchmarks.peers.victoriametrics import VictoriaMetrics
from benchmarks.scale import add_scale
from benchmarks.stand import Stand
from benchmarks.table import circumstances

PROGRAMS: Sequence[type[Program]] = (SensorFusion, InfluxDB, VictoriaMetrics, Recipe)
PARTS = {"writing": writing.run, "reading": reading.run, "watching": watching.run}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"what to measure: {', '.join(PARTS)} (default: all)")
    add_scale(parser)
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(f"{circumstances()}, scale {options.scale}")
    with Stand() as stand:
        for part in options.parts or PARTS:
            PARTS[part](stand, options.scale, _installed())


def _installed() -> list[type[Program]]:
    """Return what can be measured here, and say what cannot."""
    for kind in PROGRAMS:
        if why := kind.missing():
            print(f"{kind.name}: not measured, {why}.")
    return [kind for kind in PROGRAMS if not kind.missing()]


if __name__ == "__main__":
    main()
