"""ThingSpeak's channel updates: `/update?api_key=<key>&field1=21.4`, and many at once by `bulk_update.json`.

The sensor's settings map the fields to quantities; without a mapping they are stored as `field1` to `field8`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sensorfusion.domain.encodings import AROUND, decode_text
from sensorfusion.domain.normalise import MAX_NUMERAL
from sensorfusion.domain.repeated import Repeated
from sensorfusion.ingest.doors.answers import headers_of, reasons, say
from sensorfusion.ingest.doors.credentials import one_of, values_of
from sensorfusion.ingest.doors.description import ANYTHING, FORM, RECEIPT, About
from sensorfusion.ingest.doors.door import Answer, Request
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import check_count
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.web.description import TEXT, members

_NOT_VALUES = frozenset(
    (
        "api_key",
        "write_api_key",
        "key",
        "created_at",
        "timezone",
        "delta_t",
        "headers",
        "twitter",
        "tweet",
        "talkback_key",
    )
)
_KEY_HEADERS = ("x-thingspeakapikey", "thingspeakapikey")
_NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_BLANK_BEFORE_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d$|UTC$|Z$)")

_ENTRY = members("entry_id", "created_at", entry_id={"type": "integer"}, created_at={"type": "null"})
_DONE = members("success", success={"type": "boolean"}, rejected={"type": "array"})
_FAILED = members("success", "status", "error", success={"type": "boolean"}, status={"type": "integer"}, error=TEXT)


class Update:
    """The door of single updates, by GET or POST, in a query, a form or JSON; answers with the number of the entry."""

    methods = ("GET", "POST")
    key_may_be_in_body = True
    about = About(
        summary="Send one update of a channel as to ThingSpeak",
        detail="Fields are in the query, a form or JSON. Without .json the answer is the number of the entry, and 0 "
        "with a reason in `X-Reason` if nothing was stored.",
        keys=("query api_key", *(f"header {name}" for name in _KEY_HEADERS)),
        query={"field1": "A value; field2 to field8 likewise, and other names.", "created_at": "Its time."},
        body={"application/x-www-form-urlencoded": FORM, "application/json": ANYTHING},
        said={"oneOf": [_ENTRY, RECEIPT]},
        refused=members("status", "error", status={"type": "integer"}, error=ANYTHING),
    )

    def credential(self, request: Request) -> str:
        return _key(request) or _text(_fields(request), "api_key") or _text(_fields(request), "key")

    def decode(self, request: Request) -> Sequence[Sent]:
        return [_update(_fields(request))]

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        if request.path.endswith(".json"):
            return say(200, {"entry_id": receipt.seq, "created_at": None} if receipt.seq else receipt)
        return Answer(200, str(receipt.seq or receipt.accepted + receipt.duplicates).encode())

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        status = 400 if refused.status == 422 else refused.status
        detail = reasons(refused.receipt) if refused.receipt else refused.detail
        if request.path.endswith(".json"):
            said = say(status, {"status": status, "error": {"error_code": refused.code, "message": detail}})
            return Answer(status, said.body, said.content_type, headers_of(refused))
        return Answer(status, b"0", headers=[*headers_of(refused), ("x-reason", _printable(detail))])


class BulkUpdate:
    """The door of bulk updates: `{"write_api_key": …, "updates": [{"created_at": …, "field1": …}]}`."""

    methods = ("POST",)
    key_may_be_in_body = True
    about = About(
        summary="Send many updates of a channel as to ThingSpeak",
        keys=tuple(f"header {name}" for name in _KEY_HEADERS),
        body={
            "application/json": members("updates", write_api_key=TEXT, updates={"type": "array", "items": ANYTHING}),
        },
        said=_DONE,
        refused=_FAILED,
    )

    def credential(self, request: Request) -> str:
        return _key(request) or _text(_fields(request), "write_api_key")

    def decode(self, request: Request) -> Sequence[Sent]:
        updates = _fields(request).get("updates")
        if not isinstance(updates, list):
            raise RequestRefused("unreadable", 'The body must be {"write_api_key": …, "updates": […]}.')
        check_count(len(updates))
        return [
            _update(each, sensor=request.named.get("channel", ""))
            if isinstance(each, dict)
            else Sent(None, problem=("not_an_object", "an update is an object of fields"))
            for each in updates
        ]

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        return say(202, {"success": True, "rejected": receipt.rejected} if receipt.rejected else {"success": True})

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        status = 400 if refused.status == 422 else refused.status
        detail = reasons(refused.receipt) if refused.receipt else refused.detail
        said = say(status, {"success": False, "status": status, "error": detail})
        return Answer(status, said.body, said.content_type, headers_of(refused))


def _key(request: Request) -> str:
    return next((request.headers[name] for name in _KEY_HEADERS if request.headers.get(name)), "")


def _fields(request: Request) -> Mapping[str, object]:
    """Return the fields of query and body; those of the body take precedence."""
    fields = values_of(request.query)
    if not request.body:
        return fields
    body = decode_text(request.body).strip(AROUND)
    if "json" in request.headers.get("content-type", "") or body.startswith("{"):
        try:
            decoded = decode_json(request.body)
        except NotJson as error:
            raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None
        return {**fields, **decoded} if isinstance(decoded, dict) else fields
    return {**fields, **values_of(body)}


def _text(fields: Mapping[str, object], name: str) -> str:
    return one_of({key: value for key, value in fields.items() if isinstance(value, str)}, name)


def _update(fields: Mapping[str, object], *, sensor: str = "") -> Sent:
    values = {
        name: _value(value) for name, value in fields.items() if name.lower() not in _NOT_VALUES and name != "sensor"
    }
    try:
        at = _instant(fields)
    except ValueError:
        return Sent(None, problem=("bad_time", "created_at is not a time such as 2026-11-22 06:00:00 +0000"))
    return Sent(values, at, sensor=_text(fields, "sensor") or sensor)


def _value(value: object) -> object:
    """Convert a numeral to a number: in a query everything is text, and text cannot be charted."""
    if isinstance(value, Repeated):
        return Repeated(_value(value.first), _value(value.other))
    is_numeral = isinstance(value, str) and len(value) <= MAX_NUMERAL and _NUMERAL.fullmatch(value.strip())
    return float(value) if is_numeral else value  # type: ignore[arg-type]  # text by then


def _instant(fields: Mapping[str, object]) -> object:
    """Parse `created_at`, in the zone named beside it or UTC; or `delta_t`, seconds before the arrival."""
    created, ago = fields.get("created_at"), fields.get("delta_t")
    if created:
        instant = datetime.fromisoformat(_BLANK_BEFORE_ZONE.sub("", str(created).strip()).replace("UTC", "Z"))
        zone = str(fields.get("timezone") or "")
        return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone) if zone in time_zones() else UTC)
    if ago is None:
        return None
    seconds = float(ago) if isinstance(ago, int | float | str) and len(str(ago)) < 16 else 0.0
    return timedelta(seconds=-seconds)


def _printable(text: str) -> str:
    return text.encode("ascii", errors="replace").decode().replace("\n", " ").replace("\r", " ")[:500]
