"""Files of readings against the readings, one by one: every value, every flag, every time, in every format."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import pyarrow.parquet as pq
from asgiref.sync import async_to_sync, sync_to_async

from tests.truth.checks.differences import first, instant, of_values
from tests.truth.oracle.quantities import COMBINES
from tests.truth.station import Station

Row = tuple[dict[str, Any], dict[str, int]]  # values and flags


def differences(station: Station) -> list[str]:
    return first(line for form in READERS for line in _differences(station, form))


def _differences(station: Station, form: str) -> Iterator[str]:
    answer = station.answer(f"/api/v1/sensors/{station.sensor.uuid}/export/", format=form)
    said = dict(READERS[form](async_to_sync(_content)(answer)))
    true = {each.at: (dict(each.values), dict(each.flags)) for each in station.kept}
    yield from of_values(f"export as {form}, readings", len(said), len(true))
    for at in sorted(said.keys() & true.keys()):
        yield from of_values(f"export as {form}, {instant(at)}", said[at], true[at])


async def _content(answer: Any) -> bytes:
    pieces = [piece async for piece in answer]
    await sync_to_async(answer.close)()
    return b"".join(pieces)


def _ndjson(content: bytes) -> Iterator[tuple[float, Row]]:
    for line in content.splitlines():
        told = json.loads(line)
        yield _at(told["observed_at"]), (told["values"], told.get("flags", {}))


def _csv(content: bytes) -> Iterator[tuple[float, Row]]:
    for row in csv.DictReader(io.StringIO(content.decode())):
        values = {name: float(cell) for name, cell in row.items() if name in COMBINES and cell}
        yield _at(row["observed_at"]), (values, json.loads(row["flags"] or "{}"))


def _parquet(content: bytes) -> Iterator[tuple[float, Row]]:
    for row in pq.read_table(io.BytesIO(content)).to_pylist():
        values = {name: value for name, value in row.items() if name in COMBINES and value is not None}
        yield row["observed_at"].timestamp(), (values, json.loads(row["flags"] or "{}"))


def _at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


READERS: Final[Mapping[str, Callable[[bytes], Iterator[tuple[float, Row]]]]] = {
    "ndjson": _ndjson,
    "csv": _csv,
    "parquet": _parquet,
}
