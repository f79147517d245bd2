"""Fixtures: clients for the doors of one process, such as a weather console."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from channels.routing import URLRouter
from django.urls import re_path

from sensorfusion.ingest.doors.consoles.catalogue import console_doors
from sensorfusion.ingest.doors.platforms import platform_doors
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.naming import named
from tests.ingest.conftest import MAX_BODY_BYTES, Server, read

HOME = "203.0.113.7"


def values_of(one: Sent) -> Mapping[str, object]:
    """Return the values of a reading by quantity, as those of a sensor that sends for the first time."""
    return named(one, None).values


def notes() -> list[tuple[str, str, str]]:
    """Return the code, the subject and the detail of all notices."""
    return [
        (code, subject, detail) for code, subject, detail in read("SELECT code, subject, detail FROM sensors_notice")
    ]


@dataclass
class Site:
    """The doors of consoles, reached from one network address."""

    server: Server
    client: httpx2.AsyncClient

    @property
    def key(self) -> str:
        return self.server.key

    async def get(self, path: str, **query: str) -> httpx2.Response:
        return await self.client.get(path, params=query or None)

    async def post(self, path: str, body: str | bytes, **headers: str) -> httpx2.Response:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return await self.client.post(path, content=body, headers=kind | headers)


def reached_from(server: Server, address: str = HOME) -> httpx2.AsyncClient:
    """Create a client at a network address."""
    routes: list[Any] = [
        re_path(pattern, door)  # type: ignore[arg-type]  # Channels' routes hold ASGI applications
        for pattern, door in console_doors(server.ingest, max_body_bytes=MAX_BODY_BYTES)
    ]
    transport = httpx2.ASGITransport(app=URLRouter(routes), client=(address, 4321))
    return httpx2.AsyncClient(transport=transport, base_url="http://sensors.test")


@pytest.fixture
async def site(server: Server) -> AsyncIterator[Site]:
    async with reached_from(server) as client:
        yield Site(server, client)
    await server.ingest.unclaimed_consoles.stop()


@pytest.fixture
async def platform(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the doors that imitate other platforms."""
    routes: list[Any] = [
        re_path(pattern, door) for pattern, door in platform_doors(server.ingest, max_body_bytes=MAX_BODY_BYTES)
    ]
    transport = httpx2.ASGITransport(app=URLRouter(routes))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sensors.test") as client:
        yield client


@pytest.fixture
async def doors(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of all doors for devices."""
    found = [
        *console_doors(server.ingest, max_body_bytes=MAX_BODY_BYTES),
        *platform_doors(server.ingest, max_body_bytes=MAX_BODY_BYTES),
    ]
    routes: list[Any] = [re_path(pattern, door) for pattern, door in found]
    transport = httpx2.ASGITransport(app=URLRouter(routes))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sensors.test") as client:
        yield client
