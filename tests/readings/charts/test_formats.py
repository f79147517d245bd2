"""Digits of every answer: whatever the size of the numbers, a mean is between its extremes, and sums have no noise."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import nanoarrow as na
import pyarrow as pa
import pytest
from rest_framework.test import APIClient

from sensorfusion.domain.rounding import SIGNIFICANT
from sensorfusion.readings.charts import formats
from tests.conftest import Cast
from tests.storing import store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIZES = (1.5e-7, 1.85e-5, 0.004, 1013.25, 1e12)
# Outside the catalogue, averaged in the catalogue with two decimals and with none, and the newest of a span.
KINDS = ("strain", "current", "power", "rain_total")
NAMES = [f"{kind}:{place}" for kind in KINDS for place in range(len(SIZES))]
RESOLUTIONS = pytest.mark.parametrize("resolution", ["5m", "1h", "1d"])


@pytest.fixture(params=[1, 2, 3])
def sizes(request: pytest.FixtureRequest, cast: Cast, time_machine: Any) -> Cast:
    """A sensor with quantities of all sizes: equal readings, close ones and scattered ones."""
    time_machine.move_to(NOON + timedelta(hours=1), tick=False)
    drawn = random.Random(request.param)
    spread = (0.0, 1e-9, 0.3)[request.param - 1]
    instants = [NOON - timedelta(seconds=100 * number) for number in range(3 * 864, 0, -1)]
    store(
        cast.sensor,
        [
            (at, {name: size_of(name) * (1.23456789012 + spread * drawn.random()) for name in NAMES})
            for at in instants[::9]
        ],
    )
    return cast


def size_of(name: str) -> float:
    return SIZES[int(name.rpartition(":")[2])]


def get(cast: Cast, endpoint: str, **query: Any) -> Any:
    client = APIClient()
    client.force_login(cast.owner)
    return client.get(f"/api/v1/sensors/{cast.sensor.uuid}/{endpoint}", query)


def series(cast: Cast, resolution: str, form: str) -> Any:
    start, end = (NOON - timedelta(days=3)).isoformat(), NOON.isoformat()
    query = {"from": start, "to": end, "resolution": resolution, "points": 5000, "format": form}
    return get(cast, "series", quantities=",".join(NAMES), **query)


def is_within(value: float | None, low: float | None, high: float | None) -> bool:
    return value is None or low is None or high is None or low <= value <= high


@RESOLUTIONS
@pytest.mark.django_db(transaction=True)
def test_no_mean_leaves_its_extremes_in_any_format(sizes: Cast, resolution: str) -> None:
    columns = series(sizes, resolution, "json").json()["series"]
    table = list(csv.reader(io.StringIO(series(sizes, resolution, "csv").content.decode())))
    arrow = pa.ipc.open_stream(series(sizes, resolution, "arrow").content).read_all().to_pydict()

    assert set(columns) == set(NAMES)
    for name, column in columns.items():
        stands = next(iter(column))
        rows = list(zip(column[stands], column["min"], column["max"], strict=True))
        assert rows, name
        assert all(is_within(*row) for row in rows), (name, rows[:3])
        assert arrow[f"{name}_{stands}"] == column[stands]
        place = next(place for place, head in enumerate(table[0]) if head.startswith(f"{name}_{stands}"))
        assert [float(row[place]) if row[place] else None for row in table[1:]] == column[stands]


@RESOLUTIONS
@pytest.mark.django_db(transaction=True)
def test_small_numbers_keep_six_digits(sizes: Cast, resolution: str) -> None:
    columns = series(sizes, resolution, "json").json()["series"]

    for name in NAMES:
        column = columns[name]
        least = 10.0 ** (1 - SIGNIFICANT) if size_of(name) < 1 else 0.001
        for value, low in zip(next(iter(column.values())), column["min"], strict=True):
            assert value is None or low is None or value >= low * (1 - least) > 0, name


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.django_db(transaction=True)
def test_every_format_says_the_same_instants_also_of_the_rows_in_gaps(cast: Cast, time_machine: Any, seed: int) -> None:
    time_machine.move_to(NOON, tick=False)
    drawn = random.Random(seed)
    ages = sorted({drawn.randrange(1, 3600) * 10**6 + drawn.randrange(10**6) for _ in range(60)}, reverse=True)
    store(cast.sensor, [(NOON - timedelta(microseconds=age), {"temperature": 4.0}) for age in ages])
    asked = {"quantities": "temperature", "from": (NOON - timedelta(hours=1)).isoformat(), "to": NOON.isoformat()}

    said = {
        form: get(cast, "series", **asked, resolution="raw", points=5000, format=form)
        for form in ("json", "csv", "arrow")
    }

    answer = said["json"].json()
    instants = [datetime.fromtimestamp(at, UTC) for at in answer["t"]]
    assert None in answer["series"]["temperature"]["mean"]
    assert all(at == round(at, 6) for at in answer["t"])
    assert pa.ipc.open_stream(said["arrow"].content).read_all()["time"].to_pylist() == instants
    rows = list(csv.reader(io.StringIO(said["csv"].content.decode())))[1:]
    assert [datetime.fromisoformat(row[0]) for row in rows] == instants


@pytest.mark.django_db(transaction=True)
def test_no_mean_of_the_climate_leaves_its_extremes(sizes: Cast) -> None:
    answer = get(sizes, "climate", month="11", quantities=",".join(NAMES)).json()
    found = answer["quantities"]

    assert set(found) >= {name for name in NAMES if not name.startswith("rain")}
    for part in (answer, *answer["days"]):
        for name, each in part["quantities"].items():
            if "mean" in each:
                assert is_within(each["mean"], each["min"]["value"], each["max"]["value"]), name


@pytest.mark.parametrize("length", range(1, 18))
def test_bits_of_an_arrow_bitmap_beyond_the_last_row_are_zero(length: int) -> None:
    """They are sent, too: the library leaves in them what was in its memory."""
    values = [None if place % 3 == 1 else float(place) for place in range(length)]
    made = pa.array(na.Array(formats._cells(values)))

    assert made.to_pylist() == values
    if bitmap := made.buffers()[0]:
        bits = int.from_bytes(bytes(bitmap)[: (length + 7) // 8], "little")
        assert bits == sum(1 << place for place, value in enumerate(values) if value is not None)
