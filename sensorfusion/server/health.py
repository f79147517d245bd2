"""Liveness, readiness and metrics, for container engines, load balancers and Prometheus.

They bypass Django, so probes are answered while all of Django's threads are busy, and for any Host header: a load
balancer uses the machine's IP address.
"""

import contextlib
import hmac
import ipaddress
import json
from typing import Any

from sensorfusion.accounts.tries.unknown_credentials import RETRY_AFTER_S, TOO_MANY, Excess, UnknownCredentials
from sensorfusion.server.metrics import Metrics
from sensorfusion.server.readiness import Readiness
from sensorfusion.web.description import JSON, TEXT, Answered, ByMethod, Description, members

Answer = tuple[int, str, bytes]

_OF_PROXIES = frozenset(
    (b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip")
)
_PLAIN = "text/plain; version=0.0.4; charset=utf-8"
METHODS = ("GET", "HEAD")
_TOLD = {JSON: members("code", "detail", code=TEXT, detail=TEXT)}
_READINESS = {
    JSON: members("code", "detail", "oldest_waiting_s", code=TEXT, detail=TEXT, oldest_waiting_s={"type": "number"})
}
PROBES = {
    "/healthz": Description(
        tag="probes",
        summary="Ask whether the process answers",
        answers={200: Answered(why="It does.", content=_TOLD)},
    ),
    "/readyz": Description(
        tag="probes",
        summary="Ask whether readings can be stored",
        detail="The writer's locks, a write and a notification are tried, once a second at most.",
        answers={
            200: Answered(why="They can.", content=_READINESS),
            503: Answered(why="They cannot; `code` and `detail` say why.", content=_READINESS),
        },
    ),
    "/metrics": Description(
        tag="probes",
        summary="Read metrics, for Prometheus",
        detail="For requests from this machine, or with METRICS_TOKEN. Of several workers each has its label `worker`.",
        keys=("metrics", "none"),
        answers={
            200: Answered(why="The metrics, as text.", content={_PLAIN: TEXT}),
            403: Answered(why="The request is from elsewhere, and without the token.", content=_TOLD),
            429: Answered(why="Too many wrong tokens from its network.", content=_TOLD, headers=("retry-after",)),
        },
    ),
}


class Health:
    """The ASGI application of /healthz, /readyz and /metrics."""

    def __init__(self, *, readiness: Readiness, metrics: Metrics, metrics_token: str) -> None:
        self._readiness = readiness
        self._metrics = metrics
        self._token = metrics_token.encode()
        self._tries = UnknownCredentials()

    def described(self, path: str) -> ByMethod:
        """Describe one of the probes."""
        return dict.fromkeys(METHODS, PROBES[path])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        status, kind, body = await self._answer(scope)
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if status == 405:
            headers.append((b"allow", ", ".join(METHODS).encode()))
        if status == 429:
            headers.append((b"retry-after", str(RETRY_AFTER_S).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Any) -> Answer:
        if scope["method"] not in METHODS:
            return _told(405, "method_not_allowed", "Probes are asked with GET.")
        match scope["path"].rstrip("/"):
            case "/healthz":
                return _told(200, "alive", "The process answers.")
            case "/readyz":
                return await self._ready()
        is_right = self._shows_token(scope)
        if is_right is None:
            return _told(429, "too_fast", TOO_MANY)
        if not is_right and not _is_of_this_machine(scope):
            return _told(
                403, "forbidden", "Metrics require a request from this machine, or METRICS_TOKEN as a bearer token."
            )
        return 200, _PLAIN, await self._metrics.text()

    async def _ready(self) -> Answer:
        verdict = await self._readiness.verdict()
        status = 200 if verdict.code == "ready" else 503
        return _told(status, verdict.code, verdict.detail, oldest_waiting_s=round(self._readiness.oldest_s, 3))

    def _shows_token(self, scope: Any) -> bool | None:
        """Return whether the request shows METRICS_TOKEN; None if its network showed too many wrong ones."""
        shown, address = _authorization(scope), str((scope.get("client") or ("",))[0])
        if not self._token or not shown:
            return False
        if self._tries.excess(shown, address) is not Excess.NONE:
            return None
        if hmac.compare_digest(shown.encode("latin-1"), b"Bearer " + self._token):
            self._tries.note_known(shown)
            return True
        self._tries.note_unknown(shown, address)
        return False


def _authorization(scope: Any) -> str:
    given: bytes = dict(scope["headers"]).get(b"authorization", b"")
    return given.decode("latin-1")


def _is_of_this_machine(scope: Any) -> bool:
    # uvicorn sets `client` to the forwarded address for trusted proxies only (run.py). Behind any other local proxy
    # `client` would be loopback, so requests with any header of proxies are refused. So are those of a page whose
    # name was made to lead here: they have its name as their host.
    headers = dict(scope["headers"])
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


def _told(status: int, code: str, detail: str, **more: float) -> Answer:
    return status, "application/json", json.dumps({"code": code, "detail": detail, **more}).encode()


def _is_loopback(client: tuple[str, int] | None) -> bool:
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
