"""The platform's own door, `POST /api/v1/readings`: a reading, a list, `{"readings": […]}`, or one reading per line."""

from collections.abc import Sequence

from sensorfusion.domain.encodings import in_utf8
from sensorfusion.ingest.doors.description import READING, RECEIPT, About, in_our_format
from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.http import (
    Gone,
    Headers,
    Receive,
    Response,
    Scope,
    Send,
    address_of,
    answer,
    bearer,
    headers_of,
    is_packed,
    read_as_sent,
    refusal_body,
    refusal_headers,
    too_large,
    unpacked,
)
from sensorfusion.ingest.doors.senml import decode_senml
from sensorfusion.ingest.pipeline import Decoder, Pipeline
from sensorfusion.ingest.steps import receipts
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json, is_json_line
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import check_count, check_elements, check_lines
from sensorfusion.web.description import BEARER, JSON, TEXT, Answered, ByMethod, Description, members

_NOT_POST = Response(
    405,
    receipts.encode({"code": "method_not_allowed", "detail": "Readings are sent with POST."}),
    [(b"allow", b"POST")],
)
_NOT_A_READING = ("not_an_object", 'a reading is an object: {"observed_at": …, "values": {…}}, or the values alone')
_MANY = {"type": "array", "items": READING}
_ABOUT = About(
    summary="Send readings",
    detail="One reading, a list, `readings` with a list, or one reading per line. The receipt is sent after COMMIT.",
    keys=(BEARER,),
    body={
        JSON: {"anyOf": [READING, _MANY, members("readings", readings=_MANY), {"type": "object"}]},
        "application/senml+json": {"type": "array", "items": {"type": "object"}},
        "application/x-ndjson": TEXT,
    },
)


class ReadingsDoor:
    """An ASGI application beside Django: no middleware, no thread pool, one answer after COMMIT."""

    def __init__(self, pipeline: Pipeline, *, max_body_bytes: int) -> None:
        self._pipeline = pipeline
        self._max_body_bytes = max_body_bytes

    def described(self, path: str) -> ByMethod:
        """Describe this door."""
        done = Answered(why="What is usable is committed.", content={JSON: RECEIPT})
        answers = in_our_format({200: done}, _ABOUT)
        of_post = Description(
            summary=_ABOUT.summary, detail=_ABOUT.detail, keys=_ABOUT.keys, body=_ABOUT.body, answers=answers
        )
        return {"POST": of_post}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await answer(send, _NOT_POST)
            return
        headers = headers_of(scope)
        try:
            await self._pipeline.admit(bearer(headers), address_of(scope))
            body = await read_as_sent(headers, receive, limit=self._max_body_bytes)
        except RequestRefused as refused:
            await answer(send, _refusal(refused))
        except Gone:
            return
        else:
            await answer(send, await self.respond(headers, body, address_of(scope)))

    async def respond(self, headers: Headers, body: bytes, address: str) -> Response:
        """Answer a POST with a complete body; `address` is the client's network address."""
        try:
            if is_packed(headers):
                body = await self._unpacked(headers, body, address)
            elif len(body) > self._max_body_bytes:
                raise too_large(self._max_body_bytes)
            receipt = await self._pipeline.receive_by_key(
                key=bearer(headers),
                body=body,
                decode=_decoder(headers.get(b"content-type", b"")),
                address=address,
            )
        except Ignored:
            receipt = Receipt(0, 0, [], None)
        except RequestRefused as refused:
            return _refusal(refused)
        return Response(200, receipts.encode(receipt))

    async def refusal(self, headers: Headers, address: str) -> Response | None:
        """Answer a POST whose body has not come yet; return None if the body is to be read."""
        try:
            await self._pipeline.admit(bearer(headers), address)
        except RequestRefused as refused:
            return _refusal(refused)
        return None

    async def _unpacked(self, headers: Headers, body: bytes, address: str) -> bytes:
        key = bearer(headers)
        await self._pipeline.admit(key, address)
        return await self._pipeline.threads.run(key, unpacked, body, headers, limit=self._max_body_bytes)


def _refusal(refused: RequestRefused) -> Response:
    return Response(refused.status, refusal_body(refused), refusal_headers(refused))


def _decoder(content_type: bytes) -> Decoder:
    """Choose the decoder by media type, ignoring its parameters; an unknown type is decoded as JSON."""
    if content_type == b"application/json":
        return decode_body
    return _DECODERS.get(content_type.decode("latin-1").partition(";")[0].strip(), decode_body)


def decode_body(body: bytes) -> Sequence[Sent]:
    """Decode JSON; a body of several lines that is not one JSON value is decoded line by line.

    :raises RequestRefused: unreadable or too_large.
    """
    if b"\n" in body and _holds_lines(body):
        return decode_lines(body)
    try:
        decoded = decode_json(body)
    except NotJson as error:
        if b"\n" in body.strip():
            return decode_lines(body)
        raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None
    return readings_in(decoded)


def decode_lines(body: bytes) -> Sequence[Sent]:
    """Decode one reading per line; an unreadable line is rejected by itself.

    :raises RequestRefused: unreadable if no line can be read, or too_large.
    """
    check_elements(body)
    check_lines(body)
    lines = [line for line in in_utf8(body).split(b"\n") if line.strip(b" \t\r\0")]
    check_count(len(lines))
    sent = [_from_line(line) for line in lines]
    if all(one.problem and one.problem[0] == "unreadable" for one in sent):
        raise RequestRefused(
            "unreadable",
            f"The body is neither JSON nor a JSON object per line: {sent[0].problem[1]}."
            if sent and sent[0].problem
            else "The body is empty.",
        )
    return sent


def _holds_lines(body: bytes) -> bool:
    """Return whether the first line is a reading by itself, and others follow; then the body is not one JSON value."""
    end = body.index(b"\n")
    return is_json_line(body[:end]) and not body[end:].isspace()


def readings_in(decoded: object) -> Sequence[Sent]:
    """Return the readings of a decoded body in any of the accepted shapes.

    A gateway names the sensor beside `values`, or beside `readings` for all of them.
    """
    if isinstance(decoded, dict) and "readings" in decoded:
        if not isinstance(decoded["readings"], list):
            raise RequestRefused("unreadable", '"readings" must be a list of readings.')
        sent = readings_in(decoded["readings"])
        if isinstance(sensor := decoded.get("sensor"), str):
            for one in sent:
                one.sensor = one.sensor or sensor
        return sent
    if isinstance(decoded, dict):
        return [_reading(decoded)]
    if not isinstance(decoded, list):
        raise RequestRefused("unreadable", "The body must be a reading or a list of readings.")
    check_count(len(decoded))
    return [_reading(one) if isinstance(one, dict) else Sent(None, problem=_NOT_A_READING) for one in decoded]


def _reading(given: dict[str, object]) -> Sent:
    values = given.get("values")
    if isinstance(values, dict):
        if len(given) == 1 + ("observed_at" in given):
            return Sent(values, given.get("observed_at"))
        sensor = given.get("sensor")
        known = ("values", "observed_at", "sensor") if isinstance(sensor, str) else ("values", "observed_at")
        unknown = tuple(name for name in given if name not in known)
        return Sent(values, given.get("observed_at"), unknown, sensor=sensor if isinstance(sensor, str) else "")
    if "observed_at" in given:  # values without an object of their own, with a time beside them
        return Sent({name: value for name, value in given.items() if name != "observed_at"}, given["observed_at"])
    return Sent(given)


def _from_line(line: bytes) -> Sent:
    try:
        decoded = decode_json(line)
    except NotJson as error:
        return Sent(None, problem=("unreadable", f"the line is not JSON: {error}"))
    return _reading(decoded) if isinstance(decoded, dict) else Sent(None, problem=_NOT_A_READING)


_DECODERS: dict[str, Decoder] = {
    **dict.fromkeys(
        ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"), decode_lines
    ),
    "application/senml+json": decode_senml,
}
