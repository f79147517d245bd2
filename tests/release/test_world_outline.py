"""The outline of the world: the drawing is the land, where a map expects it, and small."""

import gzip
import json
import re
from collections.abc import Iterator

from release.world_outline import OUTLINE, outline

MOST_BYTES = 25_000  # compressed
TOPOLOGY = {
    "transform": {"scale": [0.5, 0.5], "translate": [-180, -90]},
    "arcs": [[[360, 180], [20, 0], [0, 20]], [[360, 180], [0, 20], [20, 0]]],
    "objects": {"land": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0, -2]]}]}},
}


def test_arcs_are_joined_and_placed_in_tenths_of_a_degree() -> None:
    assert 'd="M1800 900l100 0 0-100-100 0z"' in outline(json.loads(json.dumps(TOPOLOGY)))


def test_land_is_where_maps_expect_it() -> None:
    for latitude, longitude in (
        (52.2, 21.0),
        (-33.0, 147.0),
        (40.0, -100.0),
        (-10.0, -55.0),
        (20.0, 10.0),
        (-88.0, 10.0),
        (67.0, 179.0),
        (67.0, -177.0),
    ):
        assert is_land(latitude, longitude), (latitude, longitude)
    for latitude, longitude in ((0.0, -30.0), (0.0, -150.0), (-30.0, 80.0), (43.0, 34.0), (-16.5, -30.0), (69.5, 0.0)):
        assert not is_land(latitude, longitude), (latitude, longitude)


def test_outline_costs_a_page_little() -> None:
    assert len(gzip.compress(OUTLINE.read_bytes())) <= MOST_BYTES


def is_land(latitude: float, longitude: float) -> bool:
    """Count the edges to the right, as browsers fill a path of rings."""
    x, y = (longitude + 180) * 10, (90 - latitude) * 10
    crossings = sum(
        (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for ring in rings()
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
    )
    return crossings % 2 == 1


def rings() -> Iterator[list[tuple[int, int]]]:
    path = re.findall(r' d="([^"]+)"', OUTLINE.read_text(encoding="utf-8"))[0]
    for start, moves in re.findall(r"M(-?\d+ \d+)l([^z]+)z", path):
        x, y = map(int, start.split())
        numbers = [int(each) for each in re.findall(r"-?\d+", moves)]
        points = [(x, y)]
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + right, points[-1][1] + down))
        yield points
