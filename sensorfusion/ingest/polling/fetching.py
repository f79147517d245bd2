"""Sends one HTTP request to an address that an editor entered: bounded in time and size, and safe against SSRF.

The name is resolved here and the connection made to the address that was checked, so that a name which resolves to
another address a moment later gains nothing (DNS rebinding). Redirects are not followed, for the same reason.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import certifi
import httpx2

from sensorfusion.outgoing.allowed_networks import Network, may_be_asked

ANSWER_WITHIN_S = 10.0
MOST_BYTES = 1024 * 1024  # a station's answer has a few kilobytes
# The placeholder for the key from the environment, and the only host that the key is sent to.
KEY_PLACE, KEY_HOST = "{OPENWEATHERMAP_KEY}", "api.openweathermap.org"
# Editors cannot set these headers, because they control the connection.
OUR_HEADERS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "upgrade", "te"}
)

logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log whole URLs, which may contain keys


class NoAnswer(Exception):
    """There is no usable answer; the message says why, without any secret that the address may contain."""

    def __init__(self, why: str, *, status: int = 0, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.status = status  # of the answer
        self.retry_after_s = retry_after_s


class BadAddress(ValueError):
    """The address can never be polled; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed address."""

    scheme: str
    host: str
    port: int
    rest: str  # path and query

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"


Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> Sequence[str]:
    """Resolve a name as the operating system would for a connection."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def target_of(url: str) -> Target:
    """Parse an address.

    :raises BadAddress: it is not an HTTP address, or contains a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else parts.hostname
    except ValueError:  # UnicodeError is one too
        raise BadAddress("This is not an address such as http://192.168.1.20/status.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadAddress("The address must begin with http:// or https:// and a host.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("Put the password into a header, as Authorization: Basic …, not into the address.")
    rest = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~{}")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=-._~?{}[]")
    return Target(parts.scheme, host, port, f"{rest}?{query}" if parts.query else rest)


class Fetcher:
    """Sends requests and returns the bodies of the answers."""

    def __init__(
        self,
        *,
        allowed: Sequence[Network],
        openweathermap_key: str = "",
        resolve: Resolve = resolve,
        within_s: float = ANSWER_WITHIN_S,
        trust: Callable[[], ssl.SSLContext] = lambda: _trust(),
    ) -> None:
        self._allowed = allowed
        self._openweathermap_key = openweathermap_key
        self._resolve = resolve
        self._within_s = within_s
        self._trust = trust
        self._trusted: ssl.SSLContext | None = None

    @property
    def allowed(self) -> Sequence[Network]:
        """Private networks that this server may connect to."""
        return self._allowed

    async def get(self, url: str, headers: Mapping[str, str]) -> bytes:
        """Return the body of the answer.

        :raises NoAnswer: with the reason to show.
        """
        return await self._asked("GET", url, headers, b"")

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """Send a body and return that of the answer.

        :raises NoAnswer: with the reason to show.
        """
        return await self._asked("POST", url, headers, body)

    async def _asked(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> bytes:
        try:
            async with asyncio.timeout(self._within_s):
                return await self._ask(method, target_of(url), headers, body)
        except TimeoutError:
            raise NoAnswer(f"no answer within {self._within_s:g} s") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NoAnswer(_reason(error)) from None
        except BadAddress as error:
            raise NoAnswer(str(error)) from None

    async def _ask(self, method: str, target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
        address = await self.address_of(target.host, target.port)
        host = f"[{address}]" if ":" in address else address
        url = f"{target.scheme}://{host}:{target.port}{self._with_key(target)}"
        own = {name: value for name, value in headers.items() if name.lower() not in OUR_HEADERS}
        ours = {"Host": target.authority, "Accept-Encoding": "identity", "User-Agent": "SensorFusion"}
        if self._trusted is None:  # loading a hundred certificates is slow: do it once, and only if needed
            self._trusted = self._trust()
        # One client per request: no connection is reused for another host, and no cookie for another sensor.
        async with (
            httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=self._within_s, verify=self._trusted
            ) as client,
            client.stream(
                method, url, headers={**ours, **own}, content=body or None, extensions={"sni_hostname": target.host}
            ) as response,
        ):
            _check_status(response)
            return await _read(response)

    async def address_of(self, host: str, port: int) -> str:
        """Return an address of a host that this server may connect to.

        :raises NoAnswer: with the reason to show.
        """
        try:
            found = await self._resolve(host, port)
        except OSError:
            raise NoAnswer(f"there is no host {host}") from None
        for address in found:
            if may_be_asked(address, self._allowed):
                return address
        raise NoAnswer(f"{host} is in a private network; this server asks those only if POLL_ALLOW_NETWORKS allows it")

    def _with_key(self, target: Target) -> str:
        if KEY_PLACE not in target.rest:
            return target.rest
        if (target.scheme, target.host, target.port) != ("https", KEY_HOST, 443):
            raise NoAnswer(f"the server's OpenWeatherMap key is only sent to https://{KEY_HOST}")
        if not self._openweathermap_key:
            raise NoAnswer("this server has no OpenWeatherMap key: its administrator sets OPENWEATHERMAP_KEY")
        return target.rest.replace(KEY_PLACE, quote(self._openweathermap_key, safe=""))


def _trust() -> ssl.SSLContext:
    """Trust the public certificate authorities of certifi, and those installed in the operating system."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


def _check_status(response: httpx2.Response) -> None:
    status = response.status_code
    if response.is_success:
        return
    if response.is_redirect:
        raise NoAnswer(f"it answers {status} and redirects to another address: enter that one")
    if status in (401, 403):
        raise NoAnswer(f"it answers {status}: it requires a key or password, or another one")
    after = response.headers.get("retry-after", "")
    retry_after_s = min(float(after), 86_400.0) if after.isdecimal() else 0.0
    raise NoAnswer(f"it answers {status}", status=status, retry_after_s=retry_after_s)


async def _read(response: httpx2.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise NoAnswer("the answer is compressed although that was not requested")
    parts, size = [], 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > MOST_BYTES:
            raise NoAnswer(f"the answer is larger than {MOST_BYTES:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _reason(error: httpx2.HTTPError | httpx2.InvalidURL) -> str:
    match error:
        case httpx2.ConnectTimeout() | httpx2.ConnectError() if "CERTIFICATE" in str(error):
            return "its certificate cannot be trusted"
        case httpx2.ConnectError():
            return "connection refused" if _was_refused(error) else "it cannot be reached"
        case httpx2.TimeoutException():
            return "it takes too long"
        case httpx2.RemoteProtocolError():
            return "the host does not speak HTTP, or closed the connection"
    return "the connection was lost"


def _was_refused(error: BaseException | None) -> bool:
    """Return whether a ConnectionRefusedError is among the causes of an exception."""
    while error is not None:
        if isinstance(error, ConnectionRefusedError):
            return True
        if isinstance(error, BaseExceptionGroup):
            return any(_was_refused(each) for each in error.exceptions)
        error = error.__cause__ or error.__context__
    return False
