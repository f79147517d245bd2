"""Liveness, readiness and metrics, for container engines, load balancers and Prometheus.

They bypass Django, so probes are answered while all of Django's threads are busy, and for any Host header: a load
balancer uses the machine's IP address.
"""

import asyncio
import hmac
import ipaddress
import json
from functools import cache
from typing import Any

import psycopg
from django.db.migrations.loader import MigrationLoader
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sensorfusion.events import metrics

Answer = tuple[int, str, bytes]

# Load balancers probe every few seconds; a database that needs longer to answer counts as not ready.
DATABASE_WITHIN_S = 2.0
_PLAIN = "text/plain; version=0.0.4; charset=utf-8"


class Health:
    """The ASGI application of /healthz, /readyz and /metrics."""

    def __init__(self, *, pool: AsyncConnectionPool[Any], metrics_token: str) -> None:
        self._pool = pool
        self._token = metrics_token.encode()
        self._migrated = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        status, kind, body = await self._answer(scope)
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Any) -> Answer:
        match scope["path"].rstrip("/"):
            case "/healthz":
                return _told(200, "alive", "The process answers.")
            case "/readyz":
                return await self._readiness()
        if not self._may_see_metrics(scope):
            return _told(
                403, "forbidden", "Metrics require a request from this machine, or METRICS_TOKEN as a bearer token."
            )
        return 200, _PLAIN, generate_latest(_process()) + generate_latest(metrics.REGISTRY)

    async def _readiness(self) -> Answer:
        try:
            async with asyncio.timeout(DATABASE_WITHIN_S), self._pool.connection() as link:
                if self._migrated:
                    await link.execute("SELECT 1")
                else:
                    await self._look_for_migrations(link)
        except psycopg.errors.UndefinedTable:
            return _told(503, "not_migrated", "The database is empty. Run: sensorfusion migrate")
        except (psycopg.Error, PoolTimeout, TimeoutError) as error:
            return _told(
                503, "no_database", f"The database does not answer: {str(error).strip() or type(error).__name__}"
            )
        if not self._migrated:
            return _told(503, "not_migrated", "The database lacks migrations. Run: sensorfusion migrate")
        return _told(200, "ready", "The database answers and is up to date.")

    async def _look_for_migrations(self, link: psycopg.AsyncConnection[Any]) -> None:
        rows = await (await link.execute("SELECT app, name FROM django_migrations")).fetchall()
        known = await asyncio.to_thread(_migrations_in_code)
        self._migrated = known <= set(rows)

    def _may_see_metrics(self, scope: Any) -> bool:
        headers = dict(scope["headers"])
        if self._token and hmac.compare_digest(headers.get(b"authorization", b""), b"Bearer " + self._token):
            return True
        # uvicorn sets `client` to the forwarded address for trusted proxies only (run.py). Behind any other local proxy
        # `client` would be loopback, so requests with the header are refused.
        return b"x-forwarded-for" not in headers and _is_loopback(scope.get("client"))


@cache
def _process() -> CollectorRegistry:
    """Return the collectors of memory, CPU, open files and garbage collection from Prometheus' library."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return registry


def _told(status: int, code: str, detail: str) -> Answer:
    return status, "application/json", json.dumps({"code": code, "detail": detail}).encode()


def _migrations_in_code() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def _is_loopback(client: tuple[str, int] | None) -> bool:
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
