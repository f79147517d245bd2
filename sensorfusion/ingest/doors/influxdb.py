"""InfluxDB's write API, v1 (`/write`) and v2 (`/api/v2/write`), for Telegraf, Home Assistant and client libraries.

Which quantities the fields feed is decided in `influxdb_fields`. With an operator's API token, a tag names the sensor.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from sensorfusion.domain.device_clock import Stamp
from sensorfusion.domain.encodings import decode_text
from sensorfusion.domain.line_protocol import PRECISIONS, BadLine, Point, line_numbers, parse
from sensorfusion.ingest.doors.answers import MOST_REASONS, headers_of, reasons, say
from sensorfusion.ingest.doors.credentials import fields_of, from_header, one_of
from sensorfusion.ingest.doors.description import ANYTHING, FORM, About
from sensorfusion.ingest.doors.door import Answer, Ignored, Request
from sensorfusion.ingest.doors.influxdb_fields import fields_of_point
from sensorfusion.ingest.senders.tokens import is_token
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.receipts import Receipt, Rejected
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import check_count, check_elements, check_lines
from sensorfusion.web.description import JSON, PLAIN, TEXT, Answered, ByMethod, Description, members

# The tags that may name the sensor, the most specific first.
SENSOR_TAGS = ("sensor", "sensor_id", "station", "station_id", "device", "device_id", "dev_eui", "host")
# Each field is named by its series, so few bytes could make many; a host with 1,000 fields has some 300 KB of names.
MOST_NAME_CHARACTERS = 64_000_000
LONGEST_QUERY = 256  # characters of a query that is remembered: a client sends the same one always
_CODES = {400: "invalid", 401: "unauthorized", 403: "forbidden", 413: "request too large", 429: "too many requests"}
_EARLIER = re.compile(r"(?<=in )reading (\d+)(?=, at the same instant)")  # see steps.conflicts

_ERROR = members("code", "message", "error", code=TEXT, message=TEXT, error=TEXT)


class LineProtocol:
    """The door of both versions, which differ in the place of the key and the names of precisions."""

    methods = ("POST",)
    key_may_be_in_body = False
    about = About(
        summary="Send readings in InfluxDB's line protocol",
        detail="Both versions of the write API. With an operator's API token a tag names the sensor.",
        keys=("bearer", "basic", "query p", "query u"),
        query={"precision": "Of timestamps: ns (the default), us, ms or s, or another name of these."},
        body={"text/plain": TEXT},
        refused=_ERROR,
    )

    def credential(self, request: Request) -> str:
        return from_header(request) or one_of(fields_of(request.query), "p", "u")

    def decode(self, request: Request) -> Sequence[Sent]:
        precision = _precision(request)
        check_elements(request.body)
        check_lines(request.body)
        text = _text(request)
        sent = list(_decoded(text, precision, by_tag=is_token(self.credential(request))))
        if not sent:
            raise Ignored
        check_count(len(sent))
        return sent

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        if not receipt.rejected:
            return Answer(204)
        # The valid points are stored. It makes no difference whether the client then drops the request or repeats it.
        stored = receipt.accepted + receipt.duplicates
        return _no(400, f"partial write: {reasons(_by_line(request, receipt))} ({stored} stored)")

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        if refused.status == 401:
            return _no(401, f"unauthorized access: {refused.detail}", headers_of(refused))
        if refused.receipt and refused.receipt.rejected:
            return _no(400, f"{reasons(_by_line(request, refused.receipt))} (none stored)")
        return _no(refused.status, refused.detail, headers_of(refused))


def query(request: Request) -> Answer:
    """Answer the queries that v1 clients make before writing, as if the database they want exists."""
    asked = one_of({**fields_of(request.query), **fields_of(decode_text(request.body))}, "q")
    if asked.strip().upper().startswith(("CREATE DATABASE", "SHOW ")):
        return say(200, {"results": [{"statement_id": 0}]})
    return _no(400, "only CREATE DATABASE and SHOW are answered here; read by /api/v1/sensors/")


def ping(request: Request) -> Answer:
    """Answer a v1 ping."""
    return Answer(204, headers=[("x-influxdb-version", "2.7.0"), ("x-influxdb-build", "SensorFusion")])


def health(request: Request) -> Answer:
    """Answer a v2 health check."""
    return say(200, {"name": "influxdb", "message": "ready for writes", "status": "pass", "checks": []})


def of_query() -> ByMethod:
    return {method: replace(_QUERY, body=_FORM if method == "POST" else {}) for method in ("GET", "POST")}


def of_ping() -> ByMethod:
    headers = ("x-influxdb-version", "x-influxdb-build")
    answers = {204: Answered(why="The server answers.", headers=headers), **_TOO_LARGE}
    return dict.fromkeys(("GET", "HEAD"), Description(summary="Answer a ping of InfluxDB's v1 API", answers=answers))


def of_health() -> ByMethod:
    answers = {200: Answered(why="The server answers.", content={JSON: ANYTHING}), **_TOO_LARGE}
    return dict.fromkeys(("GET", "HEAD"), Description(summary="Answer a check of InfluxDB's v2 API", answers=answers))


_FORM = {"application/x-www-form-urlencoded": FORM}
_TOO_LARGE = {413: Answered(why="A body that is larger than 10,000 bytes.", content={PLAIN: TEXT})}
_QUERY = Description(
    summary="Answer the queries before writes of InfluxDB's v1 API",
    query={"q": "CREATE DATABASE … or SHOW …; nothing else is answered."},
    answers={
        200: Answered(why="As if the database exists.", content={JSON: ANYTHING}),
        400: Answered(why="Another query, or an unreadable one.", content={JSON: _ERROR, PLAIN: TEXT}),
        **_TOO_LARGE,
    },
)


def _text(request: Request) -> str:
    return decode_text(request.body).rstrip("\0\x1a")  # what ends the buffers of small devices


def _precision(request: Request) -> str:
    query = request.query
    precision = _precision_of(query) if len(query) <= LONGEST_QUERY else one_of(fields_of(query), "precision")
    if precision not in PRECISIONS:
        raise RequestRefused("unreadable", f"The precision {precision[:16]!r} is not supported: send ns, us, ms or s.")
    return precision


@lru_cache(maxsize=256)
def _precision_of(query: str) -> str:
    return one_of(fields_of(query), "precision")


def _decoded(text: str, precision: str, *, by_tag: bool) -> Iterator[Sent]:
    """Yield the reading of each line."""
    characters = 0
    for point in parse(text):
        characters += 0 if isinstance(point, BadLine) else point.name_characters
        if characters > MOST_NAME_CHARACTERS:
            raise RequestRefused("too_large", "The tags and fields are too many. Send smaller batches.")
        if isinstance(point, BadLine):
            yield Sent(None, problem=("unreadable", point.detail))
        else:
            yield _sent(point, precision, _naming_tag(point) if by_tag else "")


def _naming_tag(point: Point) -> str:
    """Return the tag that names the sensor of a gateway's point."""
    return next((tag for tag in SENSOR_TAGS if point.tags.get(tag)), "")


def _sent(point: Point, precision: str, tag: str) -> Sent:
    at = None if point.timestamp is None else Stamp(point.timestamp, PRECISIONS[precision], bool(precision))
    return Sent({}, at, sensor=point.tags.get(tag, ""), fields=list(fields_of_point(point, named_by=tag)))


def _by_line(request: Request, receipt: Receipt) -> Receipt:
    """Add line numbers to the rejected readings that are shown; if any are, the body is split again."""
    lines = list(line_numbers(_text(request)))
    shown, others = receipt.rejected[:MOST_REASONS], receipt.rejected[MOST_REASONS:]
    rejected = [*(_of_line(each, lines) for each in shown), *others]
    return Receipt(receipt.accepted, receipt.duplicates, rejected, receipt.seq)


def _of_line(rejected: Rejected, lines: Sequence[int]) -> Rejected:
    line = f"line {lines[rejected.index]}: "
    detail = _EARLIER.sub(lambda earlier: f"line {lines[int(earlier[1])]}", rejected.detail)
    if rejected.quantity:
        return Rejected(rejected.index, line + rejected.quantity, rejected.code, detail)
    return Rejected(rejected.index, None, rejected.code, line + detail)


def _no(status: int, message: str, headers: Sequence[tuple[str, str]] = ()) -> Answer:
    """Answer an error in the format of both versions."""
    said = say(status, {"code": _CODES.get(status, "unavailable"), "message": message, "error": message})
    return Answer(said.status, said.body, said.content_type, headers)
