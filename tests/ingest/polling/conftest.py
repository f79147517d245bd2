"""Fixtures: an HTTP device on this machine with configurable answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks

THIS_MACHINE = allowed_networks(["127.0.0.0/8"])

OPENWEATHERMAP = {
    "coord": {"lon": 21.01, "lat": 52.24},
    "weather": [{"id": 500, "main": "Rain", "description": "light rain", "icon": "10d"}],
    "base": "stations",
    "main": {
        "temp": 281.4, "feels_like": 278.9, "temp_min": 280.2, "temp_max": 282.6,
        "pressure": 1009, "humidity": 87, "sea_level": 1009, "grnd_level": 996,
    },
    "visibility": 10000,
    "wind": {"speed": 4.63, "deg": 240, "gust": 9.1},
    "rain": {"1h": 0.42},
    "clouds": {"all": 90},
    "dt": 1795327200,
    "sys": {"country": "PL", "sunrise": 1795327000, "sunset": 1795357000},
    "timezone": 3600, "id": 756135, "name": "Warsaw", "cod": 200,
}  # fmt: skip


@dataclass
class Device:
    """A small HTTP server; `requests` holds the heads of the requests it received."""

    url: str = ""
    status: int = 200
    body: bytes = b'{"tC": 21.5, "rh": 55.2, "time": 1795327260}'
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, answer: object) -> None:
        self.body = json.dumps(answer).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
            await self.may_answer.wait()
            head = {"Content-Length": str(len(self.body)), **self.headers}
            lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            writer.write(f"HTTP/1.1 {self.status} Said\r\n{lines}\r\n".encode() + self.body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.at_once -= 1
            writer.close()


@pytest.fixture
async def device() -> AsyncIterator[Device]:
    device = Device()
    device.may_answer.set()
    server = await asyncio.start_server(device.serve, "127.0.0.1", 0)
    device.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/status"
    yield device
    device.may_answer.set()
    server.close()
    await server.wait_closed()


@pytest.fixture
def fetcher() -> Fetcher:
    """A fetcher that may connect to this machine."""
    return Fetcher(allowed=THIS_MACHINE, within_s=5)
