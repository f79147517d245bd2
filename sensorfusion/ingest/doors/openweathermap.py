"""OpenWeatherMap's Stations API 3.0, `POST /data/3.0/measurements`: a list of measurements, each with its station.

`appid` is a sensor's key, or an operator's API token; then `station_id` names the sensor. The endpoints that manage
stations are in `openweathermap_stations`.
"""

from collections.abc import Mapping, Sequence

from sensorfusion.ingest.doors.answers import headers_of, reasons, say
from sensorfusion.ingest.doors.credentials import fields_of, from_header, one_of
from sensorfusion.ingest.doors.description import ANYTHING, About
from sensorfusion.ingest.doors.door import Answer, Ignored, Request
from sensorfusion.ingest.doors.payloads import device_fields
from sensorfusion.ingest.steps.batch import Meaning, Sent, Vocabulary
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import check_count
from sensorfusion.web.description import TEXT, Schema, members

NAMES: Vocabulary = {
    "visibilitydistance": Meaning("visibility", "km"),
    "winddeg": Meaning("wind_direction", "deg"),
    "rain24h": Meaning("rain_24h", "mm"),
}

NUMBER: Schema = {"type": "integer"}
ERROR = members("code", "cod", "message", code=NUMBER, cod=NUMBER, message=TEXT)


class Measurements:
    """The door of measurements."""

    methods = ("POST",)
    key_may_be_in_body = False
    about = About(
        summary="Send measurements as to OpenWeatherMap",
        detail="The Stations API 3.0. `appid` is a sensor's key, or an operator's API token; then `station_id` names "
        "the sensor.",
        keys=("query appid", "header x-api-key", "bearer"),
        body={"application/json": {"type": "array", "items": ANYTHING}},
        refused=ERROR,
    )

    def credential(self, request: Request) -> str:
        return one_of(fields_of(request.query), "appid") or request.headers.get("x-api-key", "") or from_header(request)

    def decode(self, request: Request) -> Sequence[Sent]:
        return decode_measurements(request.body)

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        if not receipt.rejected:
            return Answer(204)
        return _no(400, f"{reasons(receipt)} ({receipt.accepted + receipt.duplicates} stored)")

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        if refused.receipt and refused.receipt.rejected:
            return _no(400, f"{reasons(refused.receipt)} (none stored)")
        said = _no(refused.status, refused.detail)
        return Answer(said.status, said.body, said.content_type, headers_of(refused))


def decode_measurements(body: bytes) -> Sequence[Sent]:
    """Decode a list of measurements, or a single one.

    :raises RequestRefused: unreadable or too_large.
    :raises Ignored: an empty list.
    """
    try:
        decoded = decode_json(body)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None
    if isinstance(decoded, dict):
        decoded = [decoded]
    if not isinstance(decoded, list):
        raise RequestRefused("unreadable", "The body must be a list of measurements.")
    if not decoded:
        raise Ignored
    check_count(len(decoded))
    return [_measurement(one) for one in decoded]


def _measurement(one: object) -> Sent:
    if not isinstance(one, dict):
        return Sent(None, problem=("not_an_object", "a measurement is an object with station_id, dt and values"))
    station: Mapping[str, object] = one
    values = {name: value for name, value in station.items() if name not in ("station_id", "dt")}
    sensor = str(one.get("station_id") or "")
    return Sent({}, one.get("dt"), sensor=sensor, fields=device_fields(values, NAMES))


def _no(status: int, message: str) -> Answer:
    return say(status, {"code": status * 1000 + 1, "cod": status, "message": message})
