"""Encodes a series as JSON, CSV or Arrow stream: the same rows, with an empty row in every gap."""

import csv
import io
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec
import nanoarrow as na
from nanoarrow.ipc import StreamWriter

from sensorfusion.domain.quantities import Combine, quantity
from sensorfusion.domain.rounding import EXTRA_DECIMALS, rounded_column
from sensorfusion.domain.units import display_symbol
from sensorfusion.readings.charts.series import Series
from sensorfusion.readings.rollups.buckets import Column, Number
from sensorfusion.readings.storage.wire import instant

Format = Literal["json", "csv", "arrow"]
CONTENT_TYPES: Final[Mapping[Format, str]] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
}
# The name of a bucket's representative value in responses.
STANDS_FOR_IT: Final[Mapping[Combine, str]] = {
    "mean": "mean",
    "vector": "mean",
    "sum": "sum",
    "counter": "last",
    "last": "last",
}


@dataclass(frozen=True, slots=True)
class Titled:
    """A series with the metadata that files include."""

    series: Series
    sensor: str
    name: str
    time_zone: str
    units: Mapping[str, str] = field(default_factory=dict)  # of quantities outside the catalogue

    def unit(self, name: str) -> str:
        return self.units.get(name) or quantity(name).unit


def written(titled: Titled, form: Format) -> bytes:
    """Encode a series in one of the formats."""
    return _WRITERS[form](titled)


def _json(titled: Titled) -> bytes:
    series = titled.series
    answer: dict[str, Any] = {"resolution": series.resolution, "t": series.t}
    if series.days > 1:
        answer["days"] = series.days
    if series.derived:
        answer["derived"] = series.derived
    if series.stored_from:
        answer["stored_from"] = series.stored_from
    answer["series"] = {name: _lists(name, column) for name, column in series.columns.items()}
    return msgspec.json.encode(answer)


def _lists(name: str, column: Column) -> dict[str, Sequence[Number]]:
    """Return a column's lists by their names; a counter's with what it grew by since the row before."""
    combine = quantity(name).combine
    lists: dict[str, Sequence[Number]] = {STANDS_FOR_IT[combine]: column.value, "min": column.low, "max": column.high}
    if combine == "counter" and column.growth:
        lists["increase"] = rounded_column(column.growth, quantity(name).decimals + EXTRA_DECIMALS)
    return lists


def _csv(titled: Titled) -> bytes:
    """Encode RFC 4180 with a header of names, units and time zone. Names begin with a letter, so none is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    columns = list(_columns(titled))
    days = f", days of {titled.time_zone}" if titled.series.resolution == "1d" else ""
    writer.writerow([f"time (UTC{days})", *(_head(label, unit) for label, unit, _ in columns)])
    instants = [instant(datetime.fromtimestamp(t, UTC)) for t in titled.series.t]
    writer.writerows(zip(instants, *(values for _, _, values in columns), strict=True))
    return file.getvalue().encode()


def _head(label: str, unit: str) -> str:
    return f"{label} ({display_symbol(unit)})" if display_symbol(unit) else label


def _arrow(titled: Titled) -> bytes:
    """Encode a stream of one batch: `time` in microseconds (UTC), then float64 columns with their unit as metadata."""
    columns = list(_columns(titled))
    fields = {"time": na.timestamp("us", "UTC", nullable=False)}
    fields |= {label: na.Schema(na.float64(), metadata={"unit": unit}) for label, unit, _ in columns}
    schema = na.Schema(na.struct(fields), metadata=_about(titled))
    time = na.c_array([round(t * 1e6) for t in titled.series.t], na.int64())
    cells = [time, *(_cells(values) for _, _, values in columns)]
    batch = na.c_array_from_buffers(schema, len(titled.series.t), [None], children=cells)
    sink = io.BytesIO()
    with StreamWriter.from_writable(sink) as stream:
        stream.write_stream(na.ArrayStream(na.Array(batch)))
    return sink.getvalue()


def _cells(values: Sequence[Number]) -> Any:
    """Return float64 with a bitmap of what is there; the library's own bitmaps end in bits of foreign memory."""
    if None not in values:
        return na.c_array(list(values), na.float64())
    there = int("".join("0" if value is None else "1" for value in reversed(values)), 2)
    bitmap = there.to_bytes((len(values) + 7) // 8, "little")
    numbers = array("d", [0.0 if value is None else value for value in values])
    return na.c_array_from_buffers(na.float64(), len(values), [bitmap, numbers], null_count=values.count(None))


def _about(titled: Titled) -> dict[str, str]:
    return {
        "sensor": titled.sensor,
        "name": titled.name,
        "resolution": titled.series.resolution,
        "days": str(titled.series.days),
        "time_zone": titled.time_zone,
        **{f"stored_from:{name}": str(at) for name, at in titled.series.stored_from.items()},
    }


def _columns(titled: Titled) -> Iterator[tuple[str, str, Sequence[Number]]]:
    """Yield label, unit (UCUM) and values of each column; single readings have only their value."""
    for name, column in titled.series.columns.items():
        unit = titled.unit(name)
        if titled.series.resolution == "raw":
            yield name, unit, column.value
            continue
        yield f"{name}_{STANDS_FOR_IT[quantity(name).combine]}", unit, column.value
        yield f"{name}_min", unit, column.low
        yield f"{name}_max", unit, column.high


_WRITERS: Final[Mapping[Format, Callable[[Titled], bytes]]] = {"json": _json, "csv": _csv, "arrow": _arrow}
