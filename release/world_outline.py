"""Make the outline of the world's land that maps are drawn on: `python -m release.world_outline land-110m.json`.

Reads the TopoJSON of the npm package `world-atlas` (Natural Earth, 1:110 million, public domain) and writes one SVG
path. The projection is equirectangular: x = 10 * (longitude + 180), y = 10 * (90 - latitude), in whole numbers,
so a coordinate is exact to 0.05°, about 5 km, which is finer than the drawing itself.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any, Final

TENTHS: Final = 10  # of a degree
ROUND: Final = 360 * TENTHS  # the width of the drawing
POLE: Final = 180 * TENTHS  # the height at which the South Pole is
OUTLINE: Final = Path(__file__).parents[1] / "sensorfusion/web/static/vendor/world/outline.svg"
Point = tuple[int, int]


def outline(topology: dict[str, Any]) -> str:
    """Return the SVG file of a topology's land."""
    arcs = [list(_placed(arc, topology["transform"])) for arc in topology["arcs"]]
    shapes = [_ring(ring, arcs) for ring in _rings(topology["objects"]["land"])]
    path = "".join(_path(each) for shape in shapes if len(shape) > 2 for each in _inside(_unwrapped(shape)))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3600 1800"><path id="land" d="{path}"/></svg>\n'


def _placed(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """Decode an arc: its points are differences, in steps of the topology's grid."""
    (step_x, step_y), (west, south) = transform["scale"], transform["translate"]
    for x, y in accumulate(arc, lambda at, move: (at[0] + move[0], at[1] + move[1])):
        yield round((x * step_x + west + 180) * TENTHS), round((90 - y * step_y - south) * TENTHS)


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    if geometry["type"] == "GeometryCollection":
        for each in geometry["geometries"]:
            yield from _rings(each)
    else:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        yield from (ring for polygon in polygons for ring in polygon)


def _ring(numbers: Iterable[int], arcs: Sequence[list[Point]]) -> list[Point]:
    """Join the arcs of a ring; a negative number is an arc in the other direction, numbered from -1."""
    points = [point for each in numbers for point in (arcs[each] if each >= 0 else arcs[~each][::-1])]
    return [point for point, _ in groupby(points)]


def _unwrapped(ring: Sequence[Point]) -> list[Point]:
    """Let a ring that crosses longitude 180 go on beyond it; one around the pole is closed along the pole."""
    turns, found = 0, [ring[0]]
    for before, (x, y) in pairwise(ring):
        turns += (before[0] - x > ROUND / 2) - (x - before[0] > ROUND / 2)
        found.append((x + turns * ROUND, y))
    return [*found, (found[-1][0], POLE), (found[0][0], POLE)] if turns else found


def _inside(ring: list[Point]) -> Iterator[list[Point]]:
    """Give a ring, and its copies a turn to the west and to the east, as far as any of it is inside the drawing."""
    for turn in (-ROUND, 0, ROUND):
        moved = [(x + turn, y) for x, y in ring]
        if max(moved)[0] > 0 and min(moved)[0] < ROUND:
            yield moved


def _path(shape: Sequence[Point]) -> str:
    x, y = shape[0]
    moves = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(shape[:-1] if shape[-1] == shape[0] else shape))
    return f"M{x} {y}l" + " ".join(f"{right} {down}" for right, down in moves).replace(" -", "-") + "z"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topology", type=Path, help="land-110m.json of world-atlas")
    OUTLINE.write_text(outline(json.loads(parser.parse_args().topology.read_text(encoding="utf-8"))), encoding="utf-8")
