"""A weather station whose readings are sent on, a clock that is set, and networks that answer as they are told to."""

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.domain.weather.derivation import Place
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.send_on.attempts import Attempt
from sensorfusion.send_on.models import Destination, Progress
from sensorfusion.send_on.sending import SendOn
from sensorfusion.send_on.services import add_destination
from sensorfusion.send_on.targets.target import Sample
from sensorfusion.send_on.transport import carried
from tests.clients import NOW
from tests.conftest import Cast
from tests.storing import _month, store

HERE = ["127.0.0.0/8"]
MEASURED: dict[str, Any] = {
    "temperature": 20.5,
    "humidity": 55.0,
    "pressure": 1000.0,
    "wind_speed": 4.4704,
    "wind_gust": 8.9408,
    "wind_direction": 270.0,
    "solar_radiation": 640.0,
    "uv_index": 4.2,
}
# What each network asks for, with secrets that must show nowhere.
ACCOUNTS: dict[str, dict[str, str]] = {
    "wunderground": {"station": "KTEST1", "key": "s3cret&pass"},
    "pwsweather": {"station": "TESTPWS", "key": "s3cret+pass"},
    "wow": {"site": "917006001", "key": "123456"},
    "cwop": {"station": "dw1234"},
    "windy": {"station": "f07f453a", "key": "s3cret.pass"},
    "openweathermap": {"station": "583436dd9643a9000196b8d6", "key": "s3cretpass"},
    "awekas": {"user": "orchard", "password": "s3cret pass"},
    "sensor-community": {"node": "esp32-12345678"},
    "opensensemap": {
        "box": "5f2b56f4263635001c1dd1f0",
        "token": "s3cretpass",
        "sensors": "temperature = 5f2b56f4263635001c1dd1f1\npressure = 5f2b56f4263635001c1dd1f2 Pa\n"
        "humidity = 5f2b56f4263635001c1dd1f3",
    },
    "sensorfusion": {"url": "https://other.example.org", "key": "sf_abcdefgh-s3cretpass"},
}


@dataclass
class Got:
    """A request as it came."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """A web server that answers as it is told to, else with `body`; it keeps what it got."""

    url: str = ""
    body: bytes = b"success"
    statuses: list[int] = field(default_factory=list)
    retry_after: str = ""
    got: list[Got] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
            receiver.got.append(Got(self.command, parts.path, query, dict(self.headers), body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            if receiver.retry_after:
                self.send_header("Retry-After", receiver.retry_after)
            self.send_header("Content-Length", str(len(receiver.body)))
            self.end_headers()
            self.wfile.write(receiver.body)

        do_POST = do_GET

        def log_message(self, format: str, *given: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Aprs:
    """An APRS server; it keeps the lines that each connection brought."""

    port: int = 0
    greeting: bytes = b"# test server\r\n"
    answer: bytes = b"# logresp DW1234 unverified, server TEST\r\n"
    got: list[list[str]] = field(default_factory=list)


@pytest.fixture
def aprs() -> Iterator[Aprs]:
    aprs = Aprs()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(aprs.greeting)
            login = self.rfile.readline()
            if not aprs.answer:
                return
            self.wfile.write(aprs.answer)
            aprs.got.append([line.decode("ascii") for line in (login, *self.rfile)])

    class Server(ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        aprs.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield aprs
        finally:
            server.shutdown()
            thread.join()


class Here(Fetcher):
    """Sends what is meant for any network to a receiver of the test, by the real client."""

    def __init__(self, url: str = "") -> None:
        super().__init__(allowed=allowed_networks(HERE))
        self._url = url
        self.asked: list[str] = []

    async def _asked(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> bytes:
        parts = urlsplit(url)
        self.asked.append(f"{parts.scheme}://{parts.netloc}")
        rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return await super()._asked(method, f"{self._url}{rest}", headers, body)

    async def address_of(self, host: str, port: int) -> str:
        return "127.0.0.1"


class Networks:
    """The sender with a clock of its own, and networks that take everything unless they are told not to."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.now: datetime = NOW
        self.refusals: list[BaseException] = []
        self.is_down = False
        self.hangs = False
        self.remark = ""
        self.attempts: list[Attempt] = []
        self.accepted: list[Attempt] = []
        self.unanswered: list[Future[str]] = []
        self.chore = self.another_process()

    def another_process(self) -> SendOn:
        return SendOn(self._carry, lambda: self.now, jitter=lambda: 0.0)

    def _carry(self, attempt: Attempt) -> "Future[str]":
        self.attempts.append(attempt)
        refusal = NotAccepted("it answers 500") if self.is_down else self.refusals.pop(0) if self.refusals else None
        if refusal is not None and not isinstance(refusal, NotAccepted):
            raise refusal
        answer: Future[str] = Future()
        if refusal is not None:
            answer.set_exception(refusal)
        elif self.hangs:
            self.unanswered.append(answer)
        else:
            self.accepted.append(attempt)
            answer.set_result(self.remark)
        return answer

    def run(self) -> None:
        """Go on as the thread does, which asks first whether anything is due."""
        while (self.chore.is_due() and self.chore.step()) or self.chore.settle():
            pass

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.run()

    def comes(self, **span: float) -> None:
        """Let time pass, and then a reading come."""
        self.now += timedelta(**span)
        self.send()
        self.run()

    def to(self, network: str, **given: Any) -> Destination:
        fields = {"by": self.cast.owner, "sensor": self.cast.sensor, "account": ACCOUNTS[network], "now": self.now}
        return add_destination(network=network, **{**fields, **given})

    def send(self, values: Mapping[str, Any] = MEASURED, *, flags: Mapping[str, int] | None = None) -> None:
        send(self.cast.sensor, self.now, values, flags=flags)

    def went(self) -> list[datetime]:
        """Return the instants of the samples that were accepted, in the order in which they went."""
        return [sample.observed_at for attempt in self.accepted for sample in attempt.planned.samples]


def send(
    sensor: Any, at: datetime, values: Mapping[str, Any] = MEASURED, *, flags: Mapping[str, int] | None = None
) -> None:
    """Store a reading as the writer does: it has the next seq of its sensor, and the state follows."""
    state = SensorState.objects.filter(sensor=sensor).first()
    if state is None:
        store(sensor, [(at, values)], {at: flags} if flags else None)
        SensorState.objects.filter(sensor=sensor).update(flags=flags)
        return
    state.seq += 1
    _month(at)
    Reading.objects.create(
        sensor=sensor, seq=state.seq, observed_at=at, received_at=at, values=dict(values), flags=flags
    )
    before = state.observed_at
    if before is not None and at >= before:
        stay = {name: before.timestamp() for name in state.values if name not in values}
        state.older = {**{name: at for name, at in state.older.items() if name not in values}, **{
            name: then for name, then in stay.items() if name not in state.older
        }}  # fmt: skip
        state.values, state.observed_at, state.received_at = {**state.values, **values}, at, at
        kept = {name: flag for name, flag in (state.flags or {}).items() if name not in values}
        state.flags = {**kept, **(flags or {})} or None
    state.save()


def progress() -> Progress:
    return Progress.objects.get()


def sample(**more: Any) -> Sample:
    """Return a sample with every value that a weather station has, at Orchard."""
    values = {
        **MEASURED, "dew_point": 11.1, "sea_level_pressure": 1013.25, "altimeter_setting": 1013.4, "rain_1h": 2.54,
        "rain_24h": 12.7, "rain_midnight": 5.08, "wind_gust_direction": 280.0, **more,
    }  # fmt: skip
    return Sample(NOW, values, Place(52.24, 21.01, 113.0), ZoneInfo("Europe/Warsaw"))


def carry(attempt: Attempt, fetcher: Fetcher) -> str:
    return asyncio.run(carried(attempt, fetcher))


def fields(got: Got) -> dict[str, str]:
    assert len(got.query) == len(dict(got.query))
    return dict(got.query)


def instants(samples: Sequence[Sample]) -> list[datetime]:
    return [each.observed_at for each in samples]


@pytest.fixture
def networks(cast: Cast) -> Networks:
    return Networks(cast)
