"""ThingsBoard's attributes: client attributes, which a device reports, and shared ones, which people set for it.

`POST /api/v1/<access token>/attributes` merges client attributes, `GET …?clientKeys=a,b&sharedKeys=c` returns both.
"""

from collections.abc import Mapping
from math import isinf

import msgspec
import psycopg
from psycopg_pool import AsyncConnectionPool

from sensorfusion.domain.repeated import Repeated
from sensorfusion.ingest.doors.answers import refusal, say
from sensorfusion.ingest.doors.credentials import fields_of
from sensorfusion.ingest.doors.description import ANYTHING, About, in_our_format
from sensorfusion.ingest.doors.door import Answer, Request, reply, request_of
from sensorfusion.ingest.doors.http import Gone, Receive, Scope, Send, read_body
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S
from sensorfusion.ingest.steps.batch import Gateway, Source
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.postgres.faults import is_of_request
from sensorfusion.web.description import JSON, Answered, ByMethod, Description, members

MOST_BYTES = 16_384  # limit on one request, and on the stored client attributes of a sensor

_WRITE = """
INSERT INTO sensors_attributes (sensor_id, client, shared) VALUES (%(sensor)s, %(new)s::jsonb, '{}')
ON CONFLICT (sensor_id) DO UPDATE SET client = sensors_attributes.client || excluded.client
WHERE octet_length((sensors_attributes.client || excluded.client)::text) <= %(most)s
"""
_READ = "SELECT client, shared FROM sensors_attributes WHERE sensor_id = %s"
_ATTRIBUTES = members(client=ANYTHING, shared=ANYTHING)
_ABOUT = About(summary="", never=frozenset(("unclaimed_console", "unknown_sensor", "nothing_usable", "not_stored")))


class AttributesDoor:
    """An ASGI application. Attributes are rare, so they bypass most of the pipeline."""

    def __init__(self, pool: AsyncConnectionPool, pipeline: Pipeline) -> None:
        self._pool = pool
        self._pipeline = pipeline

    def described(self, path: str) -> ByMethod:
        """Describe both methods."""
        shown = Answered(why="The attributes, or those that are asked for.", content={JSON: _ATTRIBUTES})
        reads = Description(
            summary="Read a device's attributes as from ThingsBoard",
            query=dict.fromkeys(("clientKeys", "sharedKeys"), "Names with commas between them."),
            answers=in_our_format({200: shown}, _ABOUT),
        )
        writes = Description(
            summary="Report a device's attributes as to ThingsBoard",
            body={JSON: ANYTHING},
            answers=in_our_format({200: Answered(why="They are stored.")}, _ABOUT),
        )
        return {"GET": reads, "POST": writes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "POST"):
            await reply(send, Answer(405, b"Attributes are read by GET and written by POST.\n"))
            return
        try:
            source = await self._identified(request_of(scope))
            said = await self._answer(source, request_of(scope, await read_body(scope, receive, limit=MOST_BYTES)))
        except RequestRefused as refused:
            said = refusal(refused)
        except psycopg.Error as error:
            said = refusal(RequestRefused("unreadable" if is_of_request(error) else "database_away"))
        except Gone:
            return
        await reply(send, said)

    async def _identified(self, request: Request) -> Source:
        source = await self._pipeline.admit(request.named.get("token", ""), request.address)
        if isinstance(source, Gateway):
            raise RequestRefused("unreadable", "Attributes belong to one sensor: use its own key here.")
        return source

    async def _answer(self, source: Source, request: Request) -> Answer:
        if request.method == "POST":
            return await self._write(source, decode_attributes(request.body))
        return await self._read(source, fields_of(request.query))

    async def _write(self, source: Source, new: Mapping[str, object]) -> Answer:
        parameters = {"sensor": source.sensor, "new": msgspec.json.encode(new).decode(), "most": MOST_BYTES}
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            written = await connection.execute(_WRITE, parameters)
        if not written.rowcount:
            raise RequestRefused("too_large", f"A sensor keeps at most {MOST_BYTES:,} bytes of attributes.")
        return Answer(200)

    async def _read(self, source: Source, asked: Mapping[str, str]) -> Answer:
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            row = await (await connection.execute(_READ, [source.sensor])).fetchone()
        client, shared = row or ({}, {})
        return say(200, chosen(client, shared, asked))


def decode_attributes(body: bytes) -> Mapping[str, object]:
    """Decode client attributes. JSON has no infinity, so it is kept as text.

    :raises RequestRefused: unreadable.
    """
    try:
        decoded = decode_json(body)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None
    if not isinstance(decoded, dict):
        raise RequestRefused("unreadable", 'Attributes are one JSON object: {"firmware": "1.2"}.')
    try:
        decoded = {name: _storable(name, value) for name, value in decoded.items()}
        written = msgspec.json.encode(decoded).decode()
    except RecursionError:
        raise RequestRefused("unreadable", "The attributes are nested too deeply.") from None
    if "\\u0000" in written:
        raise RequestRefused("unreadable", "Attributes may not hold NUL.")
    return decoded


def _storable(name: str, value: object) -> object:
    if isinstance(value, Repeated):
        raise RequestRefused("unreadable", f"The attribute {name[:64]!r} is given twice, with different values.")
    if isinstance(value, dict):
        return {inner: _storable(inner, each) for inner, each in value.items()}
    if isinstance(value, list):
        return [_storable(name, each) for each in value]
    return str(value) if isinstance(value, float) and isinf(value) else value


def chosen(client: Mapping[str, object], shared: Mapping[str, object], asked: Mapping[str, str]) -> dict[str, object]:
    """Return the requested attributes, or all of them if none are named."""
    if not asked.get("clientKeys") and not asked.get("sharedKeys"):
        return {"client": client, "shared": shared}
    wanted = {
        "client": {name: client[name] for name in asked.get("clientKeys", "").split(",") if name in client},
        "shared": {name: shared[name] for name in asked.get("sharedKeys", "").split(",") if name in shared},
    }
    return {part: values for part, values in wanted.items() if values}
