"""`…/series` where nothing says the resolution, in rows of several days, and in its other formats."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from tests.truth.checks.differences import first, of_figures, of_values
from tests.truth.checks.series import RESOLUTIONS, rows_differ, true_rows, whole
from tests.truth.oracle.buckets import Cell, Rows
from tests.truth.oracle.quantities import COMBINES
from tests.truth.oracle.wind import mean_direction
from tests.truth.station import Station

POINTS: Final = (10, 60, 1000, 5000)
FEW: Final = 10  # the fewest points: days do not fit
# A mean of days is that of their means, which were rounded for a table of days: two decimals more than are shown.
SLACK: Final = 0.01

Table = Mapping[str, Sequence[Any]]  # columns by their names; "time" in epoch seconds


def untold(station: Station) -> list[str]:
    """Return the differences where the platform chooses the resolution."""
    return first(line for points in POINTS for line in _untold(station, points))


def several_days(station: Station) -> list[str]:
    """Return the differences of rows of more than one day."""
    return first(_several_days(station))


def formats(station: Station) -> list[str]:
    """Return the differences of CSV and Arrow from the JSON, which the other checks compare."""
    wanted = [each for each in RESOLUTIONS if each != "raw" or not station.case.is_retained]
    return first(line for each in wanted for form in READERS for line in _format(station, each, form))


def _ask(station: Station, **query: Any) -> Any:
    start, end = whole(station)
    return {"quantities": ",".join(station.names), "from": f"{start:.0f}", "to": f"{end:.0f}", **query}


def _untold(station: Station, points: int) -> Iterator[str]:
    said = station.get("series", **_ask(station, points=points))
    what = f"series of {points} points"
    yield from of_values(f"{what}, rows", len(said["t"]) <= points, True)
    if said["resolution"] == "raw" and station.case.is_retained:
        return
    for name in station.names if said.get("days", 1) == 1 else ():
        yield from rows_differ(what, name, said, true_rows(station, name, said["resolution"]))


def _several_days(station: Station) -> Iterator[str]:
    of_days = {name: true_rows(station, name, "1d") for name in station.names}
    said = station.get("series", **_ask(station, points=FEW))
    days = said.get("days", 1)
    is_long = len({start for rows in of_days.values() for start in rows}) > FEW
    yield from of_values("series of few points, several days", days > 1, is_long)
    if days == 1:
        return
    place = _places(station, days)
    starts: dict[int, float] = {}
    for start in sorted({start for rows in of_days.values() for start in rows}):
        starts.setdefault(place(start), start)
    for name, rows in of_days.items():
        true = _combined(station, name, rows, starts, place)
        yield from rows_differ(f"series of {days} days", name, said, true, slack=SLACK)


def _places(station: Station, days: int) -> Callable[[float], int]:
    """Return which row a day is in: counted by the calendar, wherever the range begins."""
    zone = ZoneInfo(station.case.zone)
    return lambda start: datetime.fromtimestamp(start, zone).toordinal() // days


def _combined(
    station: Station, name: str, rows: Rows, starts: Mapping[int, float], place: Callable[[float], int]
) -> Rows:
    found: Rows = {}
    for group, at in starts.items():
        if cells := [cell for start, cell in rows.items() if place(start) == group]:
            found[at] = _cell(name, cells)
            if COMBINES[name] == "vector":
                found[at] = Cell(_direction(station, name, group, place), None, None, at)
    return found


def _cell(name: str, cells: Sequence[Cell]) -> Cell:
    values = [cell.value for cell in cells if cell.value is not None]
    stands = {"mean": lambda: math.fsum(values) / len(values), "sum": lambda: math.fsum(values)}
    value = stands.get(COMBINES[name], lambda: values[-1])() if values else None
    lows, highs = ([each for cell in cells if (each := getattr(cell, end)) is not None] for end in ("low", "high"))
    return Cell(value, min(lows, default=None), max(highs, default=None), cells[-1].last_at)


def _direction(station: Station, name: str, group: int, place: Callable[[float], int]) -> float | None:
    calendar = station.buckets.calendar
    return mean_direction(
        (each.numbers[name], each.numbers.get("wind_speed"))
        for each in station.buckets.readings
        if name in each.numbers and place(calendar.begin(each.at)) == group
    )


def _format(station: Station, resolution: str, form: str) -> Iterator[str]:
    query = _ask(station, resolution=resolution, points=5000)
    said = station.get("series", **query)
    answer = station.answer(f"/api/v1/sensors/{station.sensor.uuid}/series", **query, format=form)
    told, what = READERS[form](answer.content), f"series {resolution} as {form}"
    yield from of_values(f"{what}, times", list(told["time"]), said["t"])
    columns = dict(_columns(said))
    yield from of_values(f"{what}, columns", sorted(told.keys() - {"time"}), sorted(columns))
    for name in told.keys() & columns.keys():
        pairs = (dict(enumerate(each)) for each in (told[name], columns[name]))
        yield from of_figures(what, name, *pairs)


def _columns(said: Any) -> Iterator[tuple[str, Sequence[float | None]]]:
    for name, lists in said["series"].items():
        for part, values in lists.items():
            if part == "increase" or (said["resolution"] == "raw" and part in ("min", "max")):
                continue
            yield (name if said["resolution"] == "raw" else f"{name}_{part}"), values


def _csv(content: bytes) -> Table:
    head, *rows = csv.reader(io.StringIO(content.decode()))
    times, *columns = zip(*rows, strict=True)
    values = [[float(cell) if cell else None for cell in column] for column in columns]
    names = [label.partition(" (")[0] for label in head[1:]]
    return {
        "time": [datetime.fromisoformat(each).timestamp() for each in times],
        **dict(zip(names, values, strict=True)),
    }


def _at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _arrow(content: bytes) -> Table:
    table = pa.ipc.open_stream(content).read_all()
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    return {**columns, "time": [each.timestamp() for each in columns["time"]]}


READERS: Final[Mapping[str, Callable[[bytes], Table]]] = {"csv": _csv, "arrow": _arrow}
