"""Liveness, readiness and metrics, for container engines, load balancers and Prometheus.

They bypass Django, so probes are answered while all of Django's threads are busy, and for any Host header: a load
balancer uses the machine's IP address.
"""

import contextlib
import hmac
import ipaddress
import json
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest

from sensorfusion.events import metrics
from sensorfusion.server.readiness import Readiness

Answer = tuple[int, str, bytes]

_OF_PROXIES = frozenset(
    (b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip")
)
_PLAIN = "text/plain; version=0.0.4; charset=utf-8"


class Health:
    """The ASGI application of /healthz, /readyz and /metrics."""

    def __init__(self, *, readiness: Readiness, metrics_token: str) -> None:
        self._readiness = readiness
        self._token = metrics_token.encode()

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
                return await self._ready()
        if not self._may_see_metrics(scope):
            return _told(
                403, "forbidden", "Metrics require a request from this machine, or METRICS_TOKEN as a bearer token."
            )
        return 200, _PLAIN, generate_latest(_process()) + generate_latest(metrics.REGISTRY)

    async def _ready(self) -> Answer:
        verdict = await self._readiness.verdict()
        status = 200 if verdict.code == "ready" else 503
        return _told(status, verdict.code, verdict.detail, oldest_waiting_s=round(self._readiness.oldest_s, 3))

    def _may_see_metrics(self, scope: Any) -> bool:
        headers = dict(scope["headers"])
        if self._token and hmac.compare_digest(headers.get(b"authorization", b""), b"Bearer " + self._token):
            return True
        # uvicorn sets `client` to the forwarded address for trusted proxies only (run.py). Behind any other local proxy
        # `client` would be loopback, so requests with any header of proxies are refused. So are those of a page whose
        # name was made to lead here: they have its name as their host.
        is_direct = _OF_PROXIES.isdisjoint(headers) and _is_no_name(headers.get(b"host", b"localhost"))
        return is_direct and _is_loopback(scope.get("client"))


def _is_no_name(host: bytes) -> bool:
    """Return whether a Host header holds an address, or the one name that leads nowhere else."""
    name = host.decode("latin-1").strip().lower()
    name = name[1 : name.find("]")] if name.startswith("[") else name.partition(":")[0]
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(name)
        return True
    return name == "localhost"


@cache
def _process() -> CollectorRegistry:
    """Return the collectors of memory, CPU, open files and garbage collection from Prometheus' library."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return registry


def _told(status: int, code: str, detail: str, **more: float) -> Answer:
    return status, "application/json", json.dumps({"code": code, "detail": detail, **more}).encode()


def _is_loopback(client: tuple[str, int] | None) -> bool:
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
