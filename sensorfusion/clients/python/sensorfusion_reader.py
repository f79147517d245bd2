"""Reads from a SensorFusion server. One file for Python 3.9 or newer, using only the standard library.

    from sensorfusion_reader import Reader

    with Reader("https://sensors.example.org", "sft_…") as reader:
        for sensor in reader.sensors():
            print(sensor["name"], reader.latest(sensor["id"]).values)
        for reading in reader.live():
            print(reading.sensor, reading.observed_at, reading.values)

The token is that of an operator, with the scope `read`. What the server refuses raises `ApiError` with its `code`;
`Unreachable` if there was no answer after several tries. `live` does not end: it reconnects by itself and goes on
where it was, across restarts of the server too, with every change once and in order. `AsyncReader` is the same for
asyncio.

`Table` has the columns of a chart in Arrow's format, for polars, pandas, DuckDB and others that take its C interface.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import json
import random
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Union
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

__all__ = ["ApiError", "AsyncReader", "Latest", "Reader", "Reading", "Series", "Subscription", "Table", "Unreachable"]

Instant = Union[datetime, str, float, None]
PAGE_READINGS = 10_000
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
SILENT_S = 40.0  # the server says something every 15 s, so a stream that is silent for longer is dead
TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class ApiError(Exception):
    """The server refused a request: `status` of HTTP, and `code`, which is stable. The message is meant for people."""

    def __init__(self, status: int, code: str, detail: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(detail)
        self.status, self.code, self.retry_after_s = status, code, retry_after_s


class Unreachable(Exception):
    """There was no answer."""


@dataclass(frozen=True)
class Reading:
    """One stored change. `values` are in canonical units; `flags` are QARTOD's of those that are not good."""

    sensor: str
    seq: int
    observed_at: datetime
    received_at: datetime
    values: Mapping[str, Any]
    flags: Mapping[str, int] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Latest:
    """The newest value of each quantity. `older` has the instants of those from before `observed_at`."""

    sensor: str
    state: str
    seq: int
    observed_at: datetime | None
    values: Mapping[str, Any]
    flags: Mapping[str, int] = field(default_factory=dict)
    older: Mapping[str, datetime] = field(default_factory=dict)
    derived: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """Columns of a chart: `columns["temperature"]["mean"]` is as long as `times`, with None in gaps."""

    resolution: str
    times: list[datetime]
    columns: Mapping[str, Mapping[str, Any]]
    days: int = 1


@dataclass(frozen=True)
class Table:
    """A chart as an Arrow stream: `polars.DataFrame(table)`, `pyarrow.table(table)`. It needs the library nanoarrow.

    `time` is in microseconds of UTC; the other columns are float64, with their UCUM `unit` as metadata.
    """

    data: bytes

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        from nanoarrow import ipc

        return ipc.InputStream.from_readable(io.BytesIO(self.data)).__arrow_c_stream__(requested_schema)


class Reader:
    """Reads what the operator of a token may see. It is thread-safe; one thread asks at a time."""

    def __init__(
        self, url: str, token: str, *, timeout_s: float = 30.0, tries: int = 4, context: ssl.SSLContext | None = None
    ) -> None:
        """`context` is for a private certificate."""
        self._server = _Server(url, token, context=context)
        self._connection = self._server.connect(timeout_s)
        self._asking = threading.Lock()
        self._tries = tries

    def sensors(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """List the sensors that one may see, with the members of the API; `search="orchard"`, `site=…` narrow it."""
        return self._listed("/sensors/", filters)

    def sites(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """List the sites that one may see."""
        return self._listed("/sites/", filters)

    def latest(self, sensor: str, *, derived: bool = False) -> Latest:
        """Return the newest value of each quantity, with `derived` also those that are computed from them."""
        said = self._json(_of(sensor, "latest"), {"derived": 1} if derived else {})
        return Latest(
            said["sensor"],
            said["state"],
            said["seq"],
            said["observed_at"] and _instant(said["observed_at"]),
            said["values"],
            flags=said.get("flags") or {},
            older={name: _from_epoch(at) for name, at in said.get("older", {}).items()},
            derived=said.get("derived", {}),
        )

    def series(
        self,
        sensor: str,
        quantities: Iterable[str] = (),
        *,
        start: Instant = None,
        end: Instant = None,
        resolution: str = "",
        points: int = 0,
    ) -> Series:
        """Return the rows of a chart, [start, end): by default all numeric quantities of the last day."""
        asked = _chart(quantities, start, end, resolution, points)
        said = self._json(_of(sensor, "series"), asked)
        times = [_from_epoch(at) for at in said["t"]]
        return Series(said["resolution"], times, said["series"], said.get("days", 1))

    def table(
        self,
        sensor: str,
        quantities: Iterable[str] = (),
        *,
        start: Instant = None,
        end: Instant = None,
        resolution: str = "",
        points: int = 0,
    ) -> Table:
        """Return the rows of `series` in Arrow's format."""
        asked = _chart(quantities, start, end, resolution, points)
        return Table(self._body(_of(sensor, "series"), {**asked, "format": "arrow"}))

    def readings(
        self, sensor: str, *, start: Instant = None, end: Instant = None, after_seq: int = 0
    ) -> Iterator[Reading]:
        """Read stored readings in the order of `seq`, page by page as they are asked for."""
        query: dict[str, Any] = {"after_seq": after_seq, "limit": PAGE_READINGS}
        query |= {name: _written(at) for name, at in (("from", start), ("to", end)) if at is not None}
        while query:
            page = self._json(_of(sensor, "readings"), query)
            yield from (_reading({**each, "sensor": sensor}) for each in page["readings"])
            query = _following(page)

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """Return the answer of any other address below /api/v1 that is JSON, such as `/sensors/ID/records/`."""
        return self._json(path, query or {})

    def live(self, *sensors: str, last_id: str = "") -> Subscription:
        """Follow sensors, by default all that one may see; `last_id` is that of an earlier subscription."""
        return Subscription(self, self._server, sensors, last_id)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listed(self, path: str, filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        query: dict[str, Any] = {"cursor": "start", **filters}
        while query:
            page = self._json(path, query)
            yield from page["results"]
            query = _following(page)

    def _json(self, path: str, query: Mapping[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._body(path, query))
        return said

    def _body(self, path: str, query: Mapping[str, Any]) -> bytes:
        """Ask until there is an answer, with pauses that grow.

        :raises ApiError: the server refused it.
        :raises Unreachable: there was no answer.
        """
        waits = _Backoff()
        for left in range(self._tries - 1, -1, -1):
            try:
                with self._asking:
                    return self._server.get(self._connection, path, query)
            except ApiError as error:
                if error.status not in TRY_AGAIN or not left:
                    raise
                time.sleep(max(waits.next(), error.retry_after_s))
            except Unreachable:
                if not left:
                    raise
                time.sleep(waits.next())
        raise AssertionError("`tries` is 1 at least")


class Subscription:
    """Changes of sensors as they are stored, each once and in the order of its sensor's `seq`.

    Iterating does not end by itself; `close` ends it, also from another thread. A program that keeps `last_id` and
    passes it to `Reader.live` later goes on behind it: it may see the changes of one message twice, and misses none.
    """

    def __init__(self, reader: Reader, server: _Server, sensors: tuple[str, ...], last_id: str) -> None:
        self.last_id = last_id
        self._reader, self._server, self._sensors = reader, server, sensors
        self._answer: http.client.HTTPResponse | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._closed = threading.Event()

    def __iter__(self) -> Iterator[Reading]:
        for message in self.messages():
            if message["type"] == "gap":
                yield from self._missing(message)
            yield from map(_reading, message.get("readings", ()))

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield the stream's messages as they are: `snapshot`, `readings`, `gap`, `sensor`.

        :raises ApiError: the token has ended, or a sensor may not be seen.
        """
        waits = _Backoff()
        while not self._closed.is_set():
            after_s = 0.0
            try:
                for message in self._connected():
                    waits.reset()
                    yield message
            except ApiError as error:
                if error.status not in TRY_AGAIN:
                    raise
                after_s = error.retry_after_s
            except Unreachable:
                pass
            self._closed.wait(max(waits.next(), after_s))

    def close(self) -> None:
        self._closed.set()
        if self._connection and self._connection.sock:
            with contextlib.suppress(OSError):
                self._connection.sock.shutdown(2)  # wakes the thread that reads

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connected(self) -> Iterator[dict[str, Any]]:
        self._connection = self._server.connect(SILENT_S)
        headers = {"Last-Event-ID": self.last_id} if self.last_id else {}
        query = [("sensor", sensor) for sensor in self._sensors]
        try:
            with self._server.open(self._connection, "/stream", query, headers) as answer:
                yield from self._events(answer)
        finally:
            self._connection.close()

    def _events(self, answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
        """Yield the messages of one response; the place is theirs only when they have been dealt with."""
        place = self.last_id
        while not self._closed.is_set() and (line := _line(answer)):
            name, _, value = line.rstrip("\r\n").partition(": ")
            if name == "id":
                place = value
            elif name == "data":
                yield json.loads(value)
                self.last_id = place

    def _missing(self, gap: Mapping[str, Any]) -> Iterator[Reading]:
        for reading in self._reader.readings(gap["sensor"], after_seq=gap["after"]):
            if reading.seq > gap["until"]:
                return
            yield reading


class AsyncReader:
    """`Reader` for asyncio: each call runs in a thread and does not block the event loop."""

    def __init__(self, url: str, token: str, **options: Any) -> None:
        self.reader = Reader(url, token, **options)

    async def sensors(self, **filters: Any) -> list[dict[str, Any]]:
        return await asyncio.to_thread(lambda: list(self.reader.sensors(**filters)))

    async def latest(self, sensor: str, **options: Any) -> Latest:
        return await asyncio.to_thread(self.reader.latest, sensor, **options)

    async def series(self, sensor: str, quantities: Iterable[str] = (), **options: Any) -> Series:
        return await asyncio.to_thread(self.reader.series, sensor, quantities, **options)

    async def table(self, sensor: str, quantities: Iterable[str] = (), **options: Any) -> Table:
        return await asyncio.to_thread(self.reader.table, sensor, quantities, **options)

    async def readings(self, sensor: str, **options: Any) -> AsyncIterator[Reading]:
        async for each in _in_thread(self.reader.readings(sensor, **options)):
            yield each

    async def live(self, *sensors: str, last_id: str = "") -> AsyncIterator[Reading]:
        with self.reader.live(*sensors, last_id=last_id) as subscription:
            async for each in _in_thread(iter(subscription)):
                yield each

    async def __aenter__(self) -> AsyncReader:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.reader.close)


async def _in_thread(each: Iterator[Reading]) -> AsyncIterator[Reading]:
    while (found := await asyncio.to_thread(next, each, None)) is not None:
        yield found


class _Server:
    """HTTP to one server, with a token."""

    def __init__(self, url: str, token: str, *, context: ssl.SSLContext | None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not an address such as https://sensors.example.org")
        self._host, self._port, self._is_secure = parts.hostname, parts.port, parts.scheme == "https"
        self._root = parts.path.rstrip("/") + "/api/v1"
        self._context = context
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": "sensorfusion-reader/1"}

    def connect(self, timeout_s: float) -> http.client.HTTPConnection:
        if not self._is_secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout_s)
        context = self._context or ssl.create_default_context()
        return http.client.HTTPSConnection(self._host, self._port, timeout=timeout_s, context=context)

    def get(self, connection: http.client.HTTPConnection, path: str, query: Mapping[str, Any]) -> bytes:
        with self.open(connection, path, list(query.items())) as answer:
            try:
                return answer.read()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                raise Unreachable(f"the answer of {self._host} broke off") from error

    def open(
        self,
        connection: http.client.HTTPConnection,
        path: str,
        query: list[tuple[str, Any]],
        headers: Mapping[str, str] | None = None,
    ) -> http.client.HTTPResponse:
        """Ask, and return the answer with its body unread.

        :raises ApiError: the status is not 200.
        :raises Unreachable: there was no answer.
        """
        target = f"{self._root}{path}?{urlencode(query)}" if query else self._root + path
        was_open = connection.sock is not None
        try:
            connection.request("GET", target, headers={**self._headers, **(headers or {})})
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise _refusal(answer.status, answer.headers.get("Retry-After", ""), answer.read())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if was_open and isinstance(error, (http.client.RemoteDisconnected, ConnectionError)):
                return self.open(connection, path, query, headers)  # the server had closed the persistent connection
            raise Unreachable(f"no answer from {self._host}: {str(error) or type(error).__name__}") from error
        return answer


class _Backoff:
    """Pauses that double, with jitter so that programs do not all come back at once."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    def next(self) -> float:
        longest = min(FIRST_WAIT_S * (1 << self._failures), LONGEST_WAIT_S)
        self._failures = min(self._failures + 1, 10)
        return longest * random.uniform(0.5, 1.0)


def _refusal(status: int, retry_after: str, body: bytes) -> ApiError:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    detail = str(said.get("detail") or f"the server answered {status}: is the address right?")
    after_s = float(retry_after) if retry_after.isdecimal() else 0.0
    return ApiError(status, str(said.get("code", "")), detail, retry_after_s=min(after_s, 3600.0))


def _line(answer: http.client.HTTPResponse) -> str:
    """Return the next line of a stream, or "" at its end: a line that was cut off is none."""
    try:
        line = answer.readline()
        return line.decode() if line.endswith(b"\n") else ""
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreachable("the stream broke off") from error


def _of(sensor: str, what: str) -> str:
    return f"/sensors/{quote(str(sensor), safe='')}/{what}/"


def _following(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query of the page after this one; the address is ours, whatever name the server has for itself."""
    return dict(parse_qsl(urlsplit(page["next"] or "").query))


def _chart(quantities: Iterable[str], start: Instant, end: Instant, resolution: str, points: int) -> dict[str, Any]:
    if isinstance(quantities, str):
        raise TypeError(f"quantities are a list, [{quantities!r}], not a text")
    asked = {"quantities": ",".join(quantities), "from": _written(start), "to": _written(end)}
    asked |= {"resolution": resolution, "points": str(points or "")}
    return {name: value for name, value in asked.items() if value}


def _written(at: Instant) -> str:
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone; use datetime.now(timezone.utc)")
        return at.isoformat()
    return "" if at is None else str(at)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _from_epoch(at: float) -> datetime:
    return datetime.fromtimestamp(at, timezone.utc)


def _reading(said: Mapping[str, Any]) -> Reading:
    return Reading(
        said["sensor"],
        said["seq"],
        _instant(said["observed_at"]),
        _instant(said["received_at"]),
        said["values"],
        flags=said.get("flags") or {},
        excluded=tuple(said.get("excluded") or ()),
    )
