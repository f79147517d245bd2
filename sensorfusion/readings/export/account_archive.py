"""Everything that is stored about an operator as one file: a ZIP with each table as JSON and as CSV.

    account.json, account.csv          the account and its choices
    sites-owned.json, …                the sites, without their readings, which are in the archives of sites
    accounts-audit-entry.json, …       and so on, a pair for every table that has rows about the person

Secrets are not included. The archive is streamed, so its size is not limited.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import connections

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.export.account_tables import Row, Table, shown_columns, tables_of
from sensorfusion.readings.export.columns import cell
from sensorfusion.readings.export.export import Sink

CONTENT_TYPE: Final = "application/zip"
_PART: Final = 500  # rows

_encode = msgspec.json.Encoder(order="deterministic", enc_hook=str).encode


class AccountArchive:
    """The archive of one operator."""

    def __init__(self, operator: Operator, *, now: datetime) -> None:
        self._operator = operator
        self._now = now

    def chunks(self) -> Iterator[bytes]:
        """Yield the file in chunks; in the thread of a response, whose connection is given back at the end."""
        sink = Sink()
        try:
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
                for table in tables_of(self._operator):
                    yield from self._written(archive, sink, table)
            yield sink.taken()
        finally:
            connections.close_all()

    def _written(self, archive: zipfile.ZipFile, sink: Sink, table: Table) -> Iterator[bytes]:
        if not table.rows.exists():
            return
        kinds: list[tuple[str, Callable[[Table, Iterable[Row]], Iterator[bytes]]]] = [("json", _json), ("csv", _csv)]
        for kind, encoded in kinds:
            entry = zipfile.ZipInfo(f"{table.name}.{kind}", self._now.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with archive.open(entry, "w") as file:
                for part in encoded(table, table.described(self._operator)):
                    file.write(part)
                    yield sink.taken()


def _json(_: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    separator = b"[\n"
    for row in rows:
        yield separator + _encode(row)
        separator = b",\n"
    yield b"\n]\n"


def _csv(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    names = [each.name for each in shown_columns(table.model)]
    names += [each.name for each in table.model._meta.many_to_many]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, extrasaction="ignore")
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({name: _cell(value) for name, value in row.items()})
        if number % _PART == 0:
            yield _taken(text)
    yield _taken(text)


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return cell(value)
    return _encode(value).decode().strip('"')


def _taken(text: io.StringIO) -> bytes:
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written
