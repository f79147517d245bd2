"""As much HTTP as a door needs: read a bounded body, find a credential, answer."""

import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

import msgspec

from sensorfusion.ingest.steps import receipts
from sensorfusion.ingest.steps.refused import RequestRefused

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Mapping[bytes, bytes]

# A gzip stream may be this many times its size once unpacked; readings compress about ten times.
UNPACKED_TIMES = 4
# Compressed streams one behind the other, as a logger makes that compresses each time it writes. Each costs a copy of
# what follows it.
MOST_STREAMS = 64
LONGEST_LENGTH = 18  # digits of a Content-Length that is worth reading


class Gone(Exception):
    """The client went away before its request was complete."""


class Response(NamedTuple):
    """What a door says, whoever writes it."""

    status: int
    body: bytes
    headers: Sequence[tuple[bytes, bytes]] = ()
    content_type: bytes = b"application/json"

    def head(self) -> list[tuple[bytes, bytes]]:
        """All headers, with those that describe the body."""
        length = str(len(self.body)).encode()
        return [(b"content-type", self.content_type), (b"content-length", length), *self.headers]


def headers_of(scope: Scope) -> Headers:
    """Return the headers by their names, which are in lower case."""
    return dict(scope["headers"])


def bearer(headers: Headers) -> str:
    """Return the credential of an Authorization header, `Bearer <key>` (or `Token <key>`)."""
    scheme, _, credential = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return credential.strip() if scheme.lower() in ("bearer", "token") else ""


def address_of(scope: Scope) -> str:
    """Return the network address a request came from, or nothing; the server believes proxies it was told to."""
    client = scope.get("client")
    return str(client[0]) if client else ""


async def read_body(scope: Scope, receive: Receive, *, limit: int) -> bytes:
    """Return the body, unpacked where it came as gzip or deflate.

    :raises RequestRefused: too_large as soon as that is known, or unreadable.
    :raises Gone: the client disconnected.
    """
    headers = headers_of(scope)
    return unpacked(await read_as_sent(headers, receive, limit=limit), headers, limit=limit)


async def read_as_sent(headers: Headers, receive: Receive, *, limit: int) -> bytes:
    """Return the body as it came, for `unpacked`.

    :raises RequestRefused: too_large, as soon as the announcement or what came so far says so.
    :raises Gone: the client disconnected.
    """
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and (len(announced) > LONGEST_LENGTH or int(announced) > limit):
        raise too_large(limit)
    return await _read(receive, limit)


def unpacked(body: bytes, headers: Headers, *, limit: int) -> bytes:
    """Unpack a body that came as gzip or deflate.

    :raises RequestRefused: too_large, as it came or once unpacked, or unreadable.
    """
    if len(body) > limit:
        raise too_large(limit)
    encoding = headers.get(b"content-encoding")
    if encoding is None or not body:  # some clients call an empty one compressed, too
        return body
    match encoding.decode("latin-1").lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _unpack(body, 16 + zlib.MAX_WBITS, limit * UNPACKED_TIMES)
        case "deflate":
            return _unpack(body, zlib.MAX_WBITS, limit * UNPACKED_TIMES)
        case other:
            raise RequestRefused(
                "unreadable", f"The content encoding {other[:32]} is not known here: send gzip, deflate or none."
            )


async def _read(receive: Receive, limit: int) -> bytes:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    if not message.get("more_body"):  # almost always the whole body comes at once; `unpacked` measures it
        body: bytes = message.get("body", b"")
        return body
    parts = [message.get("body", b"")]
    size = len(parts[0])
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise too_large(limit)
    return b"".join(parts)


def _unpack(body: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    while body or not parts:
        if len(parts) == MOST_STREAMS:
            raise RequestRefused(
                "too_large", f"The body is more than {MOST_STREAMS} compressed streams. Send smaller batches."
            )
        part, body = _unpack_one(body, window, limit)
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def _unpack_one(body: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    """Return what the first stream holds, and what follows it."""
    unpacker = zlib.decompressobj(window)
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise RequestRefused("unreadable", f"The compressed body cannot be unpacked: {error}.") from None
    if len(unpacked) > limit:
        raise RequestRefused("too_large", "The request is too large once unpacked. Send smaller batches.")
    if not unpacker.eof:
        raise RequestRefused("unreadable", "The compressed body ends too early.")
    return unpacked, unpacker.unused_data.lstrip(b"\0")  # some pad with zeros, as tapes wanted it


def too_large(limit: int) -> RequestRefused:
    return RequestRefused("too_large", f"The request is larger than {limit:,} bytes. Send smaller batches.")


async def answer(send: Send, said: Response) -> None:
    """Send a whole response."""
    await send({"type": "http.response.start", "status": said.status, "headers": said.head()})
    await send({"type": "http.response.body", "body": said.body})


def refusal_body(refused: RequestRefused) -> bytes:
    """Say no in the platform's one shape; a receipt goes along where there is one."""
    said: dict[str, object] = {"code": refused.code, "detail": refused.detail}
    if refused.receipt:
        said |= msgspec.to_builtins(refused.receipt)
    return receipts.encode(said)


def refusal_headers(refused: RequestRefused) -> list[tuple[bytes, bytes]]:
    headers = []
    if refused.retry_after_s is not None:
        headers.append((b"retry-after", str(refused.retry_after_s).encode()))
    if refused.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="sensorfusion"'))
    return headers
