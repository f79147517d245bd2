"""A series as JSON, as CSV and as an Arrow stream: the same rows, a row of nothing in every gap."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec
from rest_framework.exceptions import APIException

from sensorfusion.domain.quantities import Combine, quantity
from sensorfusion.domain.units import display_symbol
from sensorfusion.readings.charts.series import Series
from sensorfusion.readings.rollups.buckets import Number
from sensorfusion.readings.storage.wire import instant

Format = Literal["json", "csv", "arrow"]
CONTENT_TYPES: Final[Mapping[Format, str]] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
}
# What an answer calls the number that stands for a bucket.
STANDS_FOR_IT: Final[Mapping[Combine, str]] = {
    "mean": "mean",
    "vector": "mean",
    "sum": "sum",
    "counter": "last",
    "last": "last",
}


class ArrowIsMissing(APIException):
    """The library that writes Arrow is an extra, and not installed here."""

    status_code = 406
    default_code = "no_arrow"
    default_detail = (
        "This server cannot write Arrow: the package pyarrow is not installed. Ask for JSON or CSV, or have"
        " sensorfusion[files] installed."
    )


@dataclass(frozen=True, slots=True)
class Titled:
    """A series with what a file says about it besides."""

    series: Series
    sensor: str
    name: str
    time_zone: str


def written(titled: Titled, form: Format) -> bytes:
    """Write a series in one of the formats.

    :raises ArrowIsMissing: where Arrow is asked for and cannot be written.
    """
    return _WRITERS[form](titled)


def _json(titled: Titled) -> bytes:
    series = titled.series
    answer: dict[str, Any] = {"resolution": series.resolution, "t": series.t}
    if series.days > 1:
        answer["days"] = series.days
    if series.derived:
        answer["derived"] = series.derived
    answer["series"] = {
        name: {STANDS_FOR_IT[quantity(name).combine]: column.value, "min": column.low, "max": column.high}
        for name, column in series.columns.items()
    }
    return msgspec.json.encode(answer)


def _csv(titled: Titled) -> bytes:
    """Write RFC 4180, first names, units and the zone. Names begin with a letter, so none is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    columns = list(_columns(titled.series))
    days = f", days of {titled.time_zone}" if titled.series.resolution == "1d" else ""
    writer.writerow([f"time (UTC{days})", *(_head(label, unit) for label, unit, _ in columns)])
    instants = [instant(datetime.fromtimestamp(t, UTC)) for t in titled.series.t]
    writer.writerows(zip(instants, *(values for _, _, values in columns), strict=True))
    return file.getvalue().encode()


def _head(label: str, unit: str) -> str:
    return f"{label} ({display_symbol(unit)})" if display_symbol(unit) else label


def _arrow(titled: Titled) -> bytes:
    """Write a stream of one batch: `time` in microseconds of UTC, then float64 columns that say their unit."""
    try:
        import pyarrow as pa  # an extra: 120 MB that most installations have no use for
    except ImportError:
        raise ArrowIsMissing from None
    columns = list(_columns(titled.series))
    fields = [pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False)]
    fields += [pa.field(label, pa.float64(), metadata={"unit": unit}) for label, unit, _ in columns]
    schema = pa.schema(fields, metadata=_about(titled))
    time = pa.array([round(t * 1e6) for t in titled.series.t], pa.int64()).cast(pa.timestamp("us", tz="UTC"))
    batch = pa.record_batch([time, *(pa.array(values, pa.float64()) for _, _, values in columns)], schema=schema)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(batch)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _about(titled: Titled) -> dict[str, str]:
    return {
        "sensor": titled.sensor,
        "name": titled.name,
        "resolution": titled.series.resolution,
        "days": str(titled.series.days),
        "time_zone": titled.time_zone,
    }


def _columns(series: Series) -> Iterator[tuple[str, str, Sequence[Number]]]:
    """List label, unit (UCUM) and values of each column; of single readings there is only the value itself."""
    for name, column in series.columns.items():
        entry = quantity(name)
        if series.resolution == "raw":
            yield name, entry.unit, column.value
            continue
        yield f"{name}_{STANDS_FOR_IT[entry.combine]}", entry.unit, column.value
        yield f"{name}_min", entry.unit, column.low
        yield f"{name}_max", entry.unit, column.high


_WRITERS: Final[Mapping[Format, Callable[[Titled], bytes]]] = {"json": _json, "csv": _csv, "arrow": _arrow}
