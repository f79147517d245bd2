"""The ASGI application that all HTTP doors share: read the request, pass it to the pipeline, write the answer.

A door is this application with one `Protocol`: pure functions that find the credential, decode, and write answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from typing import Protocol as Shape
from urllib.parse import quote

from sensorfusion.domain.encodings import decode_text
from sensorfusion.ingest.doors.description import About, by_method
from sensorfusion.ingest.doors.http import (
    Gone,
    Headers,
    Receive,
    Response,
    Scope,
    Send,
    address_of,
    answer,
    headers_of,
    is_packed,
    read_as_sent,
    too_large,
    unpacked,
)
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.ignored import Ignored as Ignored  # doors raise it
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import is_light
from sensorfusion.web.description import ByMethod

Result = TypeVar("Result")

# Of a request whose key is in its body; ThingSpeak's largest bulk update, 14,400 entries, has about as much.
MOST_BYTES_WITHOUT_KEY = 1_048_576


class Request(NamedTuple):
    """One request: the path unquoted, header names in lower case, `named` groups of the URL pattern.

    `raw_path` is the path before unquoting; `address` is the client's network address.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    named: Mapping[str, str]
    body: bytes = b""
    raw_path: str = ""
    address: str = ""


class Place(NamedTuple):
    """The address of a request, without its query: what is the same for all requests of a client."""

    method: str
    path: str
    named: Mapping[str, str]

    def request(self, query: bytes, headers: Headers, body: bytes, address: str) -> Request:
        """Return a request to this address."""
        return Request(
            self.method, self.path, decode_text(query), _Texts(headers), self.named, body, self.path, address
        )


class _Texts(Mapping[str, str]):
    """Headers as text: a door looks at few of them."""

    __slots__ = ("_octets",)

    def __init__(self, octets: Headers) -> None:
        self._octets = octets

    def __getitem__(self, name: str) -> str:
        return self._octets[name.encode()].decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in self._octets)

    def __len__(self) -> int:
        return len(self._octets)


@dataclass(frozen=True, slots=True)
class Answer:
    """The HTTP response to the client."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Sequence[tuple[str, str]] = field(default=())


class Protocol(Shape):
    """One client protocol. All functions are pure; `decode` raises `RequestRefused` for unreadable input."""

    @property
    def methods(self) -> Sequence[str]:
        """The HTTP methods that clients of this protocol use."""

    @property
    def key_may_be_in_body(self) -> bool:
        """Whether a request without a key in its head may have one in its body."""

    @property
    def about(self) -> About:
        """What the protocol says of itself in the API's description."""

    def credential(self, request: Request) -> str:
        """Return the key from wherever this protocol has it, or ""; it is asked for before the body is read, too."""

    def decode(self, request: Request) -> Sequence[Sent]:
        """Return the readings, with their units.

        :raises RequestRefused: unreadable or too_large.
        :raises Ignored: the request carries no readings; `accepted` gets an empty receipt.
        """

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        """Confirm that everything usable is committed."""

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        """Answer a refusal so that this client reacts correctly: by retrying later, or by telling its owner."""


class Door:
    """An ASGI application for one protocol."""

    def __init__(self, pipeline: Pipeline, protocol: Protocol, *, max_body_bytes: int) -> None:
        self._pipeline = pipeline
        self._protocol = protocol
        self._max_body_bytes = max_body_bytes

    def described(self, path: str) -> ByMethod:
        """Describe this door at one of its addresses."""
        return by_method(self._protocol, path)

    @property
    def methods(self) -> Sequence[str]:
        """The HTTP methods that are answered."""
        return self._protocol.methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in self._protocol.methods:
            allow = ("allow", ", ".join(self._protocol.methods))
            await reply(send, Answer(405, b"This address does not accept this method.\n", headers=[allow]))
            return
        request, headers = request_of(scope), headers_of(scope)
        try:
            limit = await self._admitted(request)
            body = await read_as_sent(headers, receive, limit=limit)
        except RequestRefused as refused:
            said = await self._refused(request, refused)
        except Gone:
            return
        else:
            said = await self._answer(request._replace(body=body), headers, limit)
        await reply(send, said)

    async def respond(self, place: Place, query: bytes, headers: Headers, body: bytes, address: str) -> Response:
        """Answer a request whose body has come; `address` is the client's network address."""
        request = place.request(query, headers, body, address)
        limit = self._max_body_bytes
        if body and (len(body) > limit or self._protocol.key_may_be_in_body or is_packed(headers)):
            try:
                limit = await self._admitted(request._replace(body=b""))
                if len(body) > limit:
                    raise too_large(limit)
            except RequestRefused as refused:
                return response_of(await self._refused(request._replace(body=b""), refused))
        return response_of(await self._answer(request, headers, limit))

    async def refusal(self, place: Place, query: bytes, headers: Headers, address: str) -> Response | None:
        """Answer a request whose body has not come yet; return None if the body is to be read."""
        request = place.request(query, headers, b"", address)
        try:
            await self._admitted(request)
        except RequestRefused as refused:
            return response_of(await self._refused(request, refused))
        return None

    async def _admitted(self, request: Request) -> int:
        """Return the largest body that is read for the key in a request's head.

        :raises RequestRefused: it has none, or a wrong one, which is said before a body is read.
        """
        key = self._protocol.credential(request)
        if not key and self._protocol.key_may_be_in_body:
            return min(self._max_body_bytes, MOST_BYTES_WITHOUT_KEY)
        await self._pipeline.admit(key, request.address)
        return self._max_body_bytes

    async def _answer(self, request: Request, headers: Headers, limit: int) -> Answer:
        try:
            if is_packed(headers):
                threads, sent = self._pipeline.threads, request.body
                request = request._replace(body=b"")
                request = request._replace(
                    body=await threads.run(request.address, unpacked, sent, headers, limit=limit)
                )
            return await self._take(request)
        except RequestRefused as refused:
            return await self._refused(request, refused)

    async def _refused(self, request: Request, refused: RequestRefused) -> Answer:
        return await self._away(request, self._protocol.refused, request, refused)

    async def _take(self, request: Request) -> Answer:
        try:
            receipt = await self._pipeline.receive_by_key(
                key=await self._away(request, self._protocol.credential, request),
                body=request.body,
                decode=lambda body: self._protocol.decode(request),
                address=request.address,
            )
        except Ignored:
            receipt = Receipt(0, 0, [], None)
        return await self._away(request, self._protocol.accepted, request, receipt)

    async def _away(self, request: Request, work: Callable[..., Result], *given: object) -> Result:
        """Return the result of a protocol's function, which may look at the body again, however large that is."""
        if is_light(request.body):
            return work(*given)
        return await self._pipeline.threads.run(request.address, work, *given)


def request_of(scope: Scope, body: bytes = b"") -> Request:
    """Build a request from an ASGI scope and its body, which must be decompressed."""
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=decode_text(scope.get("query_string", b"")),
        headers={
            bytes(name).decode("latin-1").lower(): bytes(value).decode("latin-1") for name, value in scope["headers"]
        },
        named=scope.get("url_route", {}).get("kwargs", {}),
        body=body,
        raw_path=(scope.get("raw_path") or quote(scope["path"], errors="replace").encode()).decode("latin-1"),
        address=address_of(scope),
    )


def response_of(said: Answer) -> Response:
    """Return an answer as any server writes it."""
    more = [(name.encode(), value.encode("latin-1")) for name, value in said.headers]
    body = b"" if said.status == 204 else said.body
    return Response(said.status, body, more, said.content_type.encode() if said.body else b"")


async def reply(send: Send, said: Answer) -> None:
    """Send a complete response."""
    await answer(send, response_of(said))
