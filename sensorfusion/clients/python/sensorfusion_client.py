"""Sends readings to a SensorFusion server. One file for Python 3.9 or newer, using only the standard library.

    from sensorfusion_client import Client

    with Client("https://sensors.example.org", "sf_…", spool="/var/lib/readings") as client:
        client.send(temperature=21.4, humidity=60)

A reading gets its timestamp once, before the first attempt, so resending is idempotent: the server recognises it by its
time. Without a spool, `send` retries for a while and then raises `Unreachable`. With a spool, readings are written to
disk first and then sent, oldest first; if the server cannot be reached, they are sent together with a later reading.
Readings that the server refuses permanently are set aside in the spool with the reason, and do not block later ones.
`AsyncClient` is the same for asyncio.

The spool is a directory:
- `0000000007.readings`: one reading per line, prefixed with a checksum; appended and synced to disk before it is sent.
  A line cut off by a power failure is ignored; `send` had not returned for it.
- `position.json`: the position up to which the server has acknowledged, replaced atomically. A crash between an
  acknowledgement and this write causes a second sending, which changes nothing.
- `refused.ndjson`: the readings that the server refused, and why.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import http.client
import json
import os
import random
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Union
from urllib.parse import urlsplit

try:
    import fcntl
except ImportError:  # Windows: one process per spool
    fcntl = None  # type: ignore[assignment]

__all__ = ["AsyncClient", "Client", "KeyRefused", "NotTaken", "Receipt", "Rejected", "Spool", "Unreachable"]

Instant = Union[datetime, str, float, None]
BATCH_READINGS, BATCH_BYTES = 500, 256 * 1024
ANSWER_BYTES = 4 * 1024 * 1024  # more than the receipt of a batch whose every value was rejected
COMPRESS_FROM_BYTES = 1024
REFUSED_BYTES = 1024 * 1024  # per file of refused readings; two files are kept
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 300.0
CLOCK_STEPS = timedelta(seconds=60)  # a backward step up to this size is treated as clock synchronisation
KEY_WAIT_S = 300.0  # a wrong key needs a person to correct it


class NotTaken(Exception):
    """The server did not accept the readings; the message says why. `retry_after_s` is its Retry-After, or 0."""

    def __init__(self, why: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


class Unreachable(NotTaken):
    """There was no answer, or one that asks to retry later."""


class KeyRefused(NotTaken):
    """The key or the address is wrong."""


class _TooLarge(NotTaken):
    """The batch is larger than the server accepts, or cannot be read."""


@dataclass(frozen=True)
class Rejected:
    """A rejected quantity of a reading, or the whole reading if `quantity` is None."""

    index: int
    quantity: str | None
    code: str
    detail: str


@dataclass
class Receipt:
    """The outcome of sending. `kept` is the reason why readings wait in the spool, or "" if none do.

    `needs_a_person` is true if waiting will not help, for example with a wrong key.
    """

    accepted: int = 0
    duplicates: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    seq: int | None = None
    kept: str = ""
    needs_a_person: bool = False

    def add(self, other: Receipt) -> None:
        self.accepted += other.accepted
        self.duplicates += other.duplicates
        self.rejected += other.rejected
        self.seq = other.seq if other.seq is not None else self.seq


class Client:
    """Sends the readings of one sensor. It is thread-safe; one thread sends at a time."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        spool: str | os.PathLike[str] | None = None,
        spool_bytes: int = 16 * 1024 * 1024,
        timeout_s: float = 10.0,
        give_up_after_s: float = 30.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`give_up_after_s` limits the retries of `send` without a spool; `context` is for a private certificate."""
        self.spool = Spool(spool, most_bytes=spool_bytes) if spool is not None else None
        self.pause = time.sleep
        self._link = _Link(url, key, timeout_s=timeout_s, context=context)
        self._give_up_after_s = give_up_after_s
        self._stamp = _Stamp()
        self._sending = threading.RLock()
        self._failures = 0
        self._not_before = 0.0

    def send(
        self, values: Mapping[str, Any] | None = None, /, *, observed_at: Instant = None, **quantities: Any
    ) -> Receipt:
        """Send one reading; `temperature=(70.1, "°F")` gives a unit.

        :raises NotTaken: the server did not accept it, and there is no spool.
        """
        return self.send_many([{"observed_at": observed_at, "values": {**(values or {}), **quantities}}])

    def send_many(self, readings: Iterable[Mapping[str, Any]]) -> Receipt:
        """Send readings, each `{"values": {…}}` with or without an `observed_at`.

        :raises NotTaken: the server did not accept them, and there is no spool.
        """
        lines = [self._line(**reading) for reading in readings]
        if self.spool is None:
            with self._sending:
                return self._send_now(lines)
        self.spool.put(lines)
        return self.deliver()

    def deliver(self) -> Receipt:
        """Send the readings in the spool, oldest first, until it is empty or the server cannot accept more."""
        if self.spool is None:
            return Receipt()
        with self._sending, self.spool.delivering() as mine:
            if not mine:
                return Receipt(kept="another process sends from this spool")
            return self._empty(self.spool)

    def close(self) -> None:
        self._link.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _line(self, values: Mapping[str, Any], observed_at: Instant = None) -> bytes:
        if observed_at is None:
            observed_at = self._stamp()
        if isinstance(observed_at, datetime):
            if observed_at.tzinfo is None:
                raise ValueError(f"{observed_at} has no time zone; use datetime.now(timezone.utc)")
            observed_at = observed_at.isoformat()
        written = {name: _with_unit(value) for name, value in values.items()}
        if not written:
            raise ValueError("a reading needs at least one value")
        reading = {"observed_at": observed_at, "values": written}
        return json.dumps(reading, separators=(",", ":"), allow_nan=False).encode()

    def _send_now(self, lines: list[bytes]) -> Receipt:
        total, give_up_at, sent = Receipt(), time.monotonic() + self._give_up_after_s, 0
        while sent < len(lines):
            batch = lines[sent : sent + BATCH_READINGS]
            try:
                receipt = self._link.post(batch)
            except Unreachable as trouble:
                wait_s = self._failed(trouble)
                if time.monotonic() + wait_s > give_up_at:
                    raise
                self.pause(wait_s)
                continue
            total.add(_shifted(receipt, sent))
            sent += len(batch)
            self._failures = 0
        return total

    def _empty(self, spool: Spool) -> Receipt:
        total, most = Receipt(), BATCH_READINGS
        while batch := spool.waiting(most):
            if time.monotonic() < self._not_before:
                total.kept = "the server did not answer a moment ago"
                return total
            try:
                receipt = self._link.post([each.line for each in batch])
            except _TooLarge as trouble:
                if len(batch) > 1:
                    most = len(batch) // 2
                    continue
                receipt = Receipt(rejected=[Rejected(0, None, "too_large", str(trouble))])
            except NotTaken as trouble:
                self._not_before = time.monotonic() + self._failed(trouble)
                total.kept, total.needs_a_person = str(trouble), isinstance(trouble, KeyRefused)
                return total
            spool.settle(batch, receipt.rejected)
            total.add(receipt)
            self._failures, most = 0, BATCH_READINGS
        return total

    def _failed(self, trouble: NotTaken) -> float:
        """Count a failure and return the seconds to wait: exponential backoff with jitter."""
        longest = min(FIRST_WAIT_S * (1 << self._failures), LONGEST_WAIT_S)
        self._failures = min(self._failures + 1, 20)
        least = KEY_WAIT_S if isinstance(trouble, KeyRefused) else trouble.retry_after_s
        return max(longest * random.uniform(0.5, 1.0), least)


class AsyncClient:
    """`Client` for asyncio: each call runs in a thread and does not block the event loop."""

    def __init__(self, url: str, key: str, **options: Any) -> None:
        self.client = Client(url, key, **options)

    async def send(self, *values: Mapping[str, Any], **quantities: Any) -> Receipt:
        return await asyncio.to_thread(self.client.send, *values, **quantities)

    async def send_many(self, readings: Iterable[Mapping[str, Any]]) -> Receipt:
        return await asyncio.to_thread(self.client.send_many, readings)

    async def deliver(self) -> Receipt:
        return await asyncio.to_thread(self.client.deliver)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.client.close)


class _Stamp:
    """Timestamps that increase with every call, because two readings of the same instant would be merged."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)) -> None:
        self._now = now
        self._last = datetime.min.replace(tzinfo=timezone.utc)
        self._asking = threading.Lock()

    def __call__(self) -> str:
        with self._asking:
            now = self._now()
            # If the clock was set back by more, it was wrong before and is right now.
            if now <= self._last < now + CLOCK_STEPS:
                now = self._last + timedelta(microseconds=1)
            self._last = now
            return now.isoformat()


def _with_unit(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        number, unit = value
        return {"value": number, "unit": unit}
    return value


def _shifted(receipt: Receipt, by: int) -> Receipt:
    receipt.rejected = [Rejected(each.index + by, each.quantity, each.code, each.detail) for each in receipt.rejected]
    return receipt


class _Link:
    """HTTP to the server over a persistent connection."""

    def __init__(self, url: str, key: str, *, timeout_s: float, context: ssl.SSLContext | None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not an address such as https://sensors.example.org")
        self._path = parts.path.rstrip("/") + "/api/v1/readings"
        options: dict[str, Any] = {"timeout": timeout_s}
        if parts.scheme == "https":
            options["context"] = context or ssl.create_default_context()
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, **options)
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "User-Agent": "sensorfusion-client/1",
        }

    def post(self, lines: list[bytes]) -> Receipt:
        """Send one batch.

        :raises NotTaken: none of it was accepted.
        """
        body, headers = b'{"readings":[' + b",".join(lines) + b"]}", self._headers
        if len(body) >= COMPRESS_FROM_BYTES:
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        try:
            status, answered_headers, answer = self._exchange(body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable(
                f"no answer from {self._connection.host}: {str(error) or type(error).__name__}"
            ) from error
        return _understood(status, answered_headers, answer)

    def close(self) -> None:
        self._connection.close()

    def _exchange(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        was_open = self._connection.sock is not None
        try:
            self._connection.request("POST", self._path, body, dict(headers))
            response = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if not was_open:
                raise
            return self._exchange(body, headers)  # the server had closed the persistent connection
        with response:
            said = {name.lower(): value for name, value in response.headers.items()}
            return response.status, said, response.read(ANSWER_BYTES)


_REJECTED = ("index", "quantity", "code", "detail")


def _understood(status: int, headers: Mapping[str, str], body: bytes) -> Receipt:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    if status in (200, 422):
        with contextlib.suppress(KeyError, TypeError):
            rejected = [Rejected(*(each[name] for name in _REJECTED)) for each in said["rejected"]]
            return Receipt(said["accepted"], said["duplicates"], rejected, said["seq"])
    why = str(said.get("detail") or f"the server answered {status}")
    if status in (400, 413):
        raise _TooLarge(why)
    if status in (408, 425, 429) or status >= 500:
        raise Unreachable(why, retry_after_s=_retry_after(headers.get("retry-after", "")))
    if status in (401, 403):
        raise KeyRefused(why)
    # A captive portal answers 200 with a page, and a moved server redirects: the readings were not accepted.
    raise KeyRefused(f"{why}, and no receipt: is the address right?")


def _retry_after(text: str) -> float:
    if text.isdecimal():
        return min(float(text), 3600.0)
    with contextlib.suppress(TypeError, ValueError):
        return min(max((parsedate_to_datetime(text) - datetime.now(timezone.utc)).total_seconds(), 0.0), 3600.0)
    return 0.0


@dataclass(frozen=True)
class Waiting:
    """A reading in the spool; `place` is the position of its beginning, `end` that of the next reading."""

    line: bytes
    place: tuple[int, int]
    end: tuple[int, int]


class Spool:
    """A bounded queue of readings on disk; when full, the oldest are dropped. Several processes may add readings."""

    def __init__(self, directory: str | os.PathLike[str], *, most_bytes: int = 16 * 1024 * 1024) -> None:
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._most_bytes = most_bytes
        self._segment_bytes = max(most_bytes // 8, 1)
        self._mutex = threading.RLock()

    def put(self, lines: Iterable[bytes]) -> None:
        """Write readings; they are synced to disk when this returns."""
        written = b"".join(b"%08x %s\n" % (zlib.crc32(line), line) for line in lines)
        with self._alone():
            _append(self._segment_to_write(), written)
            self._make_room()

    def waiting(self, most: int = BATCH_READINGS) -> list[Waiting]:
        """Read the oldest readings that are not acknowledged; skip torn or damaged lines."""
        found: list[Waiting] = []
        size = 0
        with self._alone():
            for each in self._unsettled():
                size += len(each.line)
                if found and (len(found) == most or size > BATCH_BYTES):
                    break
                found.append(each)
        return found

    def count(self) -> int:
        """Count the waiting readings."""
        with self._alone():
            return sum(1 for _ in self._unsettled())

    @property
    def lost(self) -> int:
        """The number of readings that were dropped for newer ones without being sent."""
        return int(self._read_position()["lost"])

    def settle(self, batch: list[Waiting], rejected: Iterable[Rejected] = ()) -> None:
        """Remove readings that the server has answered; set rejected ones aside first."""
        with self._alone():
            self._put_aside(batch, rejected)
            position = self._read_position()
            if batch[-1].end > (position["segment"], position["offset"]):
                self._write_position(*batch[-1].end, lost=position["lost"])
            self._remove_settled()

    def refused(self) -> list[dict[str, Any]]:
        """Return the readings that were set aside, oldest first."""
        kept = [self.directory / "refused.1.ndjson", self.directory / "refused.ndjson"]
        lines = [line for path in kept if path.exists() for line in path.read_bytes().split(b"\n")]
        return [each for line in lines if (each := _decoded(line))]

    def delivering(self) -> contextlib.AbstractContextManager[bool]:
        """Lock the spool for sending; the context is False if another process holds the lock."""
        return _locked(self.directory / "delivering.lock", wait=False)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._mutex, _locked(self.directory / "spool.lock"):
            yield

    def _segments(self) -> list[tuple[int, Path]]:
        return sorted((int(path.stem), path) for path in self.directory.glob("[0-9]" * 10 + ".readings"))

    def _segment_to_write(self) -> Path:
        segments, position = self._segments(), self._read_position()
        last, path = segments[-1] if segments else (0, None)
        if path and last >= position["segment"] and path.stat().st_size < self._segment_bytes:
            return path
        return self.directory / f"{max(last, position['segment']) + 1:010}.readings"

    def _make_room(self) -> None:
        segments = self._segments()
        size = sum(path.stat().st_size for _, path in segments)
        while size > self._most_bytes and len(segments) > 1:
            (number, path), *segments = segments
            size -= path.stat().st_size
            position = self._read_position()
            lost = sum(1 for each in self._unsettled() if each.place[0] == number)
            if number >= position["segment"]:
                self._write_position(segments[0][0], 0, lost=position["lost"] + lost)
            os.unlink(path)

    def _unsettled(self) -> Iterator[Waiting]:
        position = self._read_position()
        for number, path in self._segments():
            if number >= position["segment"]:
                yield from _read(path, number, position["offset"] if number == position["segment"] else 0)

    def _remove_settled(self) -> None:
        position = self._read_position()
        for number, path in self._segments():
            if number < position["segment"]:
                os.unlink(path)

    def _put_aside(self, batch: list[Waiting], rejected: Iterable[Rejected]) -> None:
        known = {(each["place"], each["quantity"]) for each in self.refused()} if rejected else set()
        lines = b""
        for each in rejected:
            waiting = batch[each.index]
            said = {"place": "{}:{}".format(*waiting.place), "quantity": each.quantity, "code": each.code}
            if (said["place"], each.quantity) not in known:
                said |= {"detail": each.detail, "reading": json.loads(waiting.line)}
                lines += json.dumps(said).encode() + b"\n"
        path = self.directory / "refused.ndjson"
        if lines and path.exists() and path.stat().st_size > REFUSED_BYTES:
            os.replace(path, self.directory / "refused.1.ndjson")
        if lines:
            _append(path, lines)

    def _read_position(self) -> dict[str, int]:
        with contextlib.suppress(OSError, ValueError, TypeError):
            position = json.loads((self.directory / "position.json").read_bytes())
            return {name: int(position[name]) for name in ("segment", "offset", "lost")}
        return {"segment": 0, "offset": 0, "lost": 0}  # start over: resending is idempotent

    def _write_position(self, segment: int, offset: int, *, lost: int) -> None:
        new = self.directory / "position.new"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)
        _append(new, json.dumps({"segment": segment, "offset": offset, "lost": lost}).encode())
        os.replace(new, self.directory / "position.json")
        _flush_directory(self.directory)


def _append(path: Path, written: bytes) -> None:
    """Append and sync to disk. If the file ends in an incomplete line, terminate that first."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        size = os.lseek(descriptor, 0, os.SEEK_END)
        if size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            written = written if os.read(descriptor, 1) == b"\n" else b"\n" + written
        try:
            while written:
                written = written[os.write(descriptor, written) :]
            os.fsync(descriptor)
        except OSError:  # the disk is full: restore the file
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
    if is_new:
        _flush_directory(path.parent)


def _flush_directory(path: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path, number: int, offset: int) -> Iterator[Waiting]:
    with path.open("rb") as file:
        file.seek(offset)
        for text in file:
            end = offset + len(text)
            checksum, _, line = text.rstrip(b"\n").partition(b" ")
            if text.endswith(b"\n") and checksum == b"%08x" % zlib.crc32(line):
                yield Waiting(line, (number, offset), (number, end))
            offset = end


def _decoded(line: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


@contextlib.contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
        yield True
    finally:
        os.close(descriptor)
