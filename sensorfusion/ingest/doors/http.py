"""The HTTP helpers of the doors: read a bounded body, decompress it, find a bearer credential, write a response."""

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

# Concatenated gzip streams, as written by a logger that compresses every write. Each stream costs a copy of the rest
# of the body.
MOST_STREAMS = 64
# Text of ours repeats what was sent, and a browser must not take it for a page or a script.
NO_SNIFF = (b"x-content-type-options", b"nosniff")
JSON = b"application/json"
_RECEIPT_LINES = b"content-type: %b\r\ncontent-length: %%d\r\n%b: %b\r\n" % (JSON, *NO_SNIFF)
LONGEST_LENGTH = 18  # digits of a Content-Length; a longer one is refused unparsed


class Gone(Exception):
    """The client disconnected before its request was complete."""


class Response(NamedTuple):
    """A door's response, independent of the server that writes it."""

    status: int
    body: bytes
    headers: Sequence[tuple[bytes, bytes]] = ()
    content_type: bytes = JSON

    def head(self) -> list[tuple[bytes, bytes]]:
        """Return all headers, including those that describe the body, if there is one."""
        kind = [(b"content-type", self.content_type)] if self.content_type else []
        length = [] if self.status == 204 else [(b"content-length", str(len(self.body)).encode())]
        return [*kind, *length, NO_SNIFF, *self.headers]

    def lines(self) -> bytes:
        """Return the lines of `head`; those of a receipt, which nearly all responses are, differ in the length only."""
        if self.status == 200 and not self.headers and self.content_type == JSON:
            return _RECEIPT_LINES % len(self.body)
        return b"".join([b"%b: %b\r\n" % header for header in self.head()])


def headers_of(scope: Scope) -> Headers:
    """Return the headers by name; ASGI servers send names in lower case."""
    return dict(scope["headers"])


def bearer(headers: Headers) -> str:
    """Return the credential of an Authorization header, `Bearer <key>` (or `Token <key>`)."""
    scheme, _, credential = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return credential.strip() if scheme.lower() in ("bearer", "token") else ""


def address_of(scope: Scope) -> str:
    """Return the client's network address, or ""; the server has applied the headers of trusted proxies."""
    client = scope.get("client")
    return str(client[0]) if client else ""


async def read_body(scope: Scope, receive: Receive, *, limit: int) -> bytes:
    """Return a small body, decompressed if it is gzip or deflate.

    :raises RequestRefused: too_large, as soon as that is known, or unreadable.
    :raises Gone: the client disconnected.
    """
    headers = headers_of(scope)
    return unpacked(await read_as_sent(headers, receive, limit=limit), headers, limit=limit)


async def read_as_sent(headers: Headers, receive: Receive, *, limit: int) -> bytes:
    """Return the body as it was sent, for `unpacked`.

    :raises RequestRefused: too_large, as soon as Content-Length or the bytes read so far exceed the limit.
    :raises Gone: the client disconnected.
    """
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and (len(announced) > LONGEST_LENGTH or int(announced) > limit):
        raise too_large(limit)
    return await _read(receive, limit)


def is_packed(headers: Headers) -> bool:
    """Return whether a body may have to be decompressed, which may take long."""
    return b"content-encoding" in headers


def unpacked(body: bytes, headers: Headers, *, limit: int) -> bytes:
    """Decompress a gzip or deflate body; it may not be larger afterwards than others.

    :raises RequestRefused: too_large, before or after decompression, or unreadable.
    """
    if len(body) > limit:
        raise too_large(limit)
    encoding = headers.get(b"content-encoding")
    if encoding is None or not body:  # some clients label an empty body as compressed
        return body
    match encoding.decode("latin-1").lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _unpack(body, 16 + zlib.MAX_WBITS, limit)
        case "deflate":
            return _unpack(body, zlib.MAX_WBITS, limit)
        case other:
            raise RequestRefused(
                "unreadable", f"The content encoding {other[:32]} is not supported: send gzip, deflate or none."
            )


async def _read(receive: Receive, limit: int) -> bytes:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    if not message.get("more_body"):  # almost always the whole body is in one message
        body: bytes = message.get("body", b"")
        if len(body) > limit:
            raise too_large(limit)
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
    """Decompress the first stream; return its content and the bytes after it."""
    unpacker = zlib.decompressobj(window)
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise RequestRefused("unreadable", f"The compressed body cannot be decompressed: {error}.") from None
    if len(unpacked) > limit:
        raise RequestRefused("too_large", "The request is too large after decompression. Send smaller batches.")
    if not unpacker.eof:
        raise RequestRefused("unreadable", "The compressed body ends too early.")
    return unpacked, unpacker.unused_data.lstrip(b"\0")  # some writers pad with zeros, as for tapes


def too_large(limit: int) -> RequestRefused:
    return RequestRefused("too_large", f"The request is larger than {limit:,} bytes. Send smaller batches.")


async def answer(send: Send, said: Response) -> None:
    """Send a complete response."""
    await send({"type": "http.response.start", "status": said.status, "headers": said.head()})
    await send({"type": "http.response.body", "body": said.body})


def refusal_body(refused: RequestRefused) -> bytes:
    """Encode a refusal in the platform's own format, with the receipt if there is one."""
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
