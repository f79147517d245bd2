"""ThingsBoard's device API over HTTP: `POST /api/v1/<access token>/telemetry`, the token being a sensor's key.

With an operator's API token instead, the body is that of a ThingsBoard gateway: `{"device": [{"ts": …, "values":
{…}}]}`. Attributes are in `thingsboard_attributes`, provisioning in `sensors.provisioning`.
"""

from collections.abc import Iterator, Mapping, Sequence

from sensorfusion.ingest.doors.answers import refusal, say
from sensorfusion.ingest.doors.credentials import fields_of
from sensorfusion.ingest.doors.description import ANYTHING, About
from sensorfusion.ingest.doors.door import Answer, Ignored, Request
from sensorfusion.ingest.doors.payloads import NAMES, device_fields
from sensorfusion.ingest.senders.tokens import is_token
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import check_count

_SHAPES = 'telemetry is {"temperature": 21.4}, {"ts": …, "values": {…}}, or a list of them'


class Telemetry:
    """The door of telemetry."""

    methods = ("POST",)
    key_may_be_in_body = False
    about = About(
        summary="Send telemetry as to ThingsBoard",
        detail="The token is a sensor's key. With an operator's API token instead, the body is that of a gateway: "
        "readings by the name of the device. The receipt is sent if `Accept` names JSON or the query has `detail=1`; "
        "else the answer is empty.",
        query={"detail": "1 asks for a receipt."},
        body={"application/json": {"oneOf": [ANYTHING, {"type": "array", "items": ANYTHING}]}},
    )

    def credential(self, request: Request) -> str:
        return request.named.get("token", "")

    def decode(self, request: Request) -> Sequence[Sent]:
        return decode_gateway(request.body) if is_token(self.credential(request)) else decode_telemetry(request.body)

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        return say(200, receipt) if _wants_receipt(request) else Answer(200)

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        return refusal(refused)


def decode_telemetry(body: bytes) -> Sequence[Sent]:
    """Decode the telemetry of one device, in any of its shapes.

    :raises RequestRefused: unreadable or too_large.
    :raises Ignored: an empty object, which clients send to test the connection.
    """
    return _counted(list(_readings(_json(body), sensor="")))


def decode_gateway(body: bytes) -> Sequence[Sent]:
    """Decode the telemetry of a gateway: the readings of each device under its name.

    :raises RequestRefused: unreadable or too_large.
    :raises Ignored: an empty object.
    """
    decoded = _json(body)
    if not isinstance(decoded, dict):
        raise RequestRefused("unreadable", 'A gateway sends {"device": [{"ts": …, "values": {…}}]}.')
    return _counted([sent for device, readings in decoded.items() for sent in _readings(readings, sensor=device)])


def _json(body: bytes) -> object:
    try:
        return decode_json(body)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None


def _counted(sent: Sequence[Sent]) -> Sequence[Sent]:
    if not sent:
        raise Ignored
    check_count(len(sent))
    return sent


def _readings(decoded: object, *, sensor: str) -> Iterator[Sent]:
    if not isinstance(decoded, dict | list):
        raise RequestRefused("unreadable", f"{_SHAPES[0].upper()}{_SHAPES[1:]}.")
    for one in decoded if isinstance(decoded, list) else [decoded]:
        if not isinstance(one, dict):
            yield Sent(None, problem=("not_an_object", _SHAPES), sensor=sensor)
        elif one:
            yield _reading(one, sensor)


def _reading(one: Mapping[str, object], sensor: str) -> Sent:
    values = one.get("values")
    if "ts" in one and isinstance(values, dict):
        return Sent({}, _instant(one["ts"]), sensor=sensor, fields=device_fields(values, NAMES))
    return Sent({}, sensor=sensor, fields=device_fields(one, NAMES))


def _instant(ts: object) -> object:
    """Convert a number in quotes to a number."""
    return float(ts) if isinstance(ts, str) and ts.isdecimal() and len(ts) < 20 else ts


def _wants_receipt(request: Request) -> bool:
    """Return whether the client wants a receipt instead of the usual empty answer."""
    return "application/json" in request.headers.get("accept", "") or fields_of(request.query).get("detail") == "1"
