"""An operator with a program, and a sensor that keeps sending."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.patience import PATIENCE_S

FIRST = 1_790_000_000  # epoch seconds of the first observation


@dataclass
class Owner:
    """An operator who registered over the API, and one sensor of theirs."""

    url: str
    token: str
    sensor: str
    key: str
    site: str = ""

    @classmethod
    def register(cls, url: str) -> "Owner":
        with httpx2.Client(base_url=url, timeout=PATIENCE_S) as client:
            account = {"email": "owner@example.org", "password": "correct horse battery staple"}
            token = client.post("/api/v1/auth/register/", json=account).raise_for_status().json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            site = client.get("/api/v1/sites/").raise_for_status().json()["results"][0]["id"]
            sensor = client.post("/api/v1/sensors/", json={"name": "Orchard", "site": site}).raise_for_status().json()
        return cls(url, token, sensor["id"], sensor["key"], site)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def stored(self) -> list[dict[str, Any]]:
        """Return everything the sensor has stored, from the API, page by page."""
        found: list[dict[str, Any]] = []
        after = 0
        with httpx2.Client(base_url=self.url, headers=self.headers, timeout=PATIENCE_S) as client:
            while True:
                query = {"after_seq": after, "limit": 1000}
                page = client.get(f"/api/v1/sensors/{self.sensor}/readings", params=query).raise_for_status().json()
                found += page["readings"]
                if page["next"] is None:
                    return found
                after = page["readings"][-1]["seq"]


@dataclass
class Station:
    """A sensor that sends one reading after the other over several connections and retries until acknowledged."""

    owner: Owner
    acknowledged: dict[int, dict[str, Any]] = field(default_factory=dict)
    failures: int = 0
    _number: int = 0
    _running: bool = True

    async def send(self, connections: int = 8) -> None:
        """Send until `stop`."""
        async with httpx2.AsyncClient(base_url=self.owner.url, timeout=5) as client:
            await asyncio.gather(*(self._send_on(client) for _ in range(connections)))

    def stop(self) -> None:
        self._running = False

    async def _send_on(self, client: httpx2.AsyncClient) -> None:
        while self._running:
            number, self._number = self._number, self._number + 1
            await self._until_acknowledged(client, number)

    async def _until_acknowledged(self, client: httpx2.AsyncClient, number: int) -> None:
        # Nothing that quality control over time checks: a new flag is another change, with a seq of its own.
        reading = {"observed_at": FIRST + number, "values": {"soil_moisture": number % 50, "co2": 400 + number % 100}}
        headers = {"Authorization": f"Bearer {self.owner.key}"}
        while self._running:
            try:
                answer = await client.post("/api/v1/readings", json=reading, headers=headers)
                if answer.status_code == 200:
                    self.acknowledged[number] = reading["values"]  # type: ignore[assignment]
                    return
            except httpx2.HTTPError:
                pass
            self.failures += 1
            await asyncio.sleep(0.1)


@dataclass
class Watcher:
    """Follows the live stream as in docs/live.md: from the last seq it has, and again so after every disconnect."""

    owner: Owner
    received: list[dict[str, Any]] = field(default_factory=list)
    breaks: int = 0
    last_seq: int = 0

    async def watch(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                async with connect(self._url(), additional_headers=self.owner.headers, open_timeout=5) as socket:
                    await self._follow(socket)
            except (OSError, WebSocketException, TimeoutError):
                pass
            self.breaks += 1
            await asyncio.sleep(0.1)

    def _url(self) -> str:
        return self.owner.url.replace("http", "ws", 1) + "/ws/live/"

    async def _follow(self, socket: ClientConnection) -> None:
        wanted = {
            "action": "subscribe",
            "id": 1,
            "sensors": [self.owner.sensor],
            "after": {self.owner.sensor: self.last_seq},
        }
        await socket.send(json.dumps(wanted))
        async for text in socket:
            message = json.loads(text)
            assert message["type"] != "gap", "a fast reader was told of a gap"
            for reading in message.get("readings", []):
                self.received.append(reading)
                self.last_seq = reading["seq"]


async def end(*tasks: "asyncio.Task[None]") -> None:
    """Cancel tasks and wait until they have closed their resources."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def until(claim: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.05)
