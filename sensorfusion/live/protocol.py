"""The protocol of `/ws/live/`: client requests, server messages, close codes, and limits.

`docs/live.md` describes it for authors of clients. Frames are built here by joining bytes of readings that are already
encoded.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Annotated, Any, Final, Literal, NotRequired, TypedDict

import msgspec

from sensorfusion.domain.errors import ERRORS
from sensorfusion.events.messages import Noticed, ReadingsRefused, StoredReading
from sensorfusion.live.alert_messages import AlertGapMessage, AlertMessage, AlertsMessage
from sensorfusion.readings.storage.wire import instant
from sensorfusion.sensors.notices.words import advice, headline, title

# Room for about 1,600 sensors in one `subscribe`; a client with more sends several.
MAX_MESSAGE_BYTES: Final = 64 * 1024
# Sensors that one socket follows: its entry in each of them costs about 100 bytes.
MAX_SENSORS: Final = 10_000
# Daphne refuses messages above 1 MiB: 1,000 sensors of 40 quantities stay below it.
SNAPSHOT_SENSORS: Final = 1_000
# Larger batches are split into several frames, so that a client shows the first while the next is being sent.
FRAME_READINGS: Final = 500
FRAME_BYTES: Final = 256 * 1024
# How many missed readings a reconnecting client is sent; older ones are faster by HTTP, as a `gap` says.
CATCH_UP_READINGS: Final = 10_000
CATCH_UP_READINGS_AT_ONCE: Final = 100_000
SIGN_IN_WITHIN_S: Final = 10.0


class CloseCode(IntEnum):
    """Why the server ends a connection. A bad Origin is not listed: its handshake is refused with HTTP 403."""

    RESTART = 1012  # the server is shutting down, or its database was restored to an older state: reconnect and resume
    TRY_AGAIN_LATER = 1013  # too many unknown tokens from the client's network: wait, then reconnect
    PROTOCOL_ERROR = 4400  # not text, not a JSON object, or too large: a mistake in the client, do not repeat it
    NOT_SIGNED_IN = 4401  # no sign-in within 10 s, an invalid token, or another message before it
    RIGHTS_GONE = 4410  # the account was closed, its session signed out, or its token ended: sign in again
    TOO_SLOW = 4429  # nothing could be sent for 30 s: reconnect and resume


Id = Annotated[str, msgspec.Meta(max_length=64)] | int | None
Seq = Annotated[int, msgspec.Meta(ge=0)]


class _Action(msgspec.Struct, tag_field="action", frozen=True, kw_only=True):
    id: Id = None


class RequestData(_Action, tag="request.data", frozen=True):
    """Follow every visible sensor, including those that become visible later; `after` as in `subscribe`."""

    after: dict[str, Seq] = {}


class Subscribe(_Action, tag="subscribe", frozen=True):
    """Follow these sensors; `after` is the last seq the client has of each; without it, start from now."""

    sensors: list[str]
    after: dict[str, Seq] = {}
    refusals: bool = False


class Unsubscribe(_Action, tag="unsubscribe", frozen=True):
    """Stop following these sensors, and those that become visible later."""

    sensors: list[str]


class Alerts(_Action, tag="alerts", frozen=True):
    """Follow what happens to alerts of all visible sites; `after` is the last seq the client has of each site."""

    after: dict[str, Seq] = {}


class Ping(_Action, tag="ping", frozen=True):
    """Check the connection and ask for the server's time."""


class Authenticate(_Action, tag="authenticate", frozen=True):
    """Sign in with an API token."""

    token: Annotated[str, msgspec.Meta(max_length=1024)]


Action = RequestData | Subscribe | Unsubscribe | Alerts | Ping | Authenticate


class SensorNow(TypedDict):
    """One sensor of a snapshot; its stream continues after `seq`. Written by `readings.wire.snapshot`."""

    sensor: str
    name: str
    state: str
    seq: int
    observed_at: str | None
    received_at: str | None
    values: dict[str, Any]
    flags: NotRequired[dict[str, int]]
    older: NotRequired[dict[str, float]]


class Reading(TypedDict):
    """One change of one sensor; `excluded` names the values that an exclusion covers. Written by `readings.wire`."""

    sensor: str
    seq: int
    observed_at: str
    received_at: str
    values: dict[str, Any]
    flags: NotRequired[dict[str, int]]
    excluded: NotRequired[list[str]]


class SnapshotMessage(TypedDict):
    """The answer to request.data and subscribe; `more` means that another part follows under the same id."""

    type: Literal["snapshot"]
    id: Id
    sensors: list[SensorNow]
    more: NotRequired[Literal[True]]


class ReadingsMessage(TypedDict):
    type: Literal["readings"]
    readings: list[Reading]


class GapMessage(TypedDict):
    """Changes with after < seq <= until were not sent: fetch them by HTTP."""

    type: Literal["gap"]
    sensor: str
    after: int
    until: int


class SensorMessage(TypedDict):
    """A sensor became silent or live, or was paused, renamed or deleted."""

    type: Literal["sensor"]
    sensor: str
    state: str
    name: NotRequired[str]


class RefusedMessage(TypedDict):
    """A request for a sensor was refused."""

    type: Literal["refused"]
    sensor: str
    at: str
    status: int
    code: str
    detail: str


class NoticeMessage(TypedDict):
    """Something that was not understood arrived for a sensor; `headline` is for one without readings."""

    type: Literal["notice"]
    sensor: str
    at: str
    code: str
    subject: str
    title: str
    detail: str
    advice: str
    headline: str
    count: int


class AuthenticatedMessage(TypedDict):
    type: Literal["authenticated"]
    id: NotRequired[Id]
    operator: str


class PongMessage(TypedDict):
    type: Literal["pong"]
    id: NotRequired[Id]
    at: str


class ErrorMessage(TypedDict):
    """A request was refused; `sensor` is set when the error concerns one of several."""

    type: Literal["error"]
    id: NotRequired[Id]
    code: str
    detail: str
    sensor: NotRequired[str]


Message = (
    GapMessage
    | SensorMessage
    | RefusedMessage
    | NoticeMessage
    | AlertsMessage
    | AlertMessage
    | AlertGapMessage
    | AuthenticatedMessage
    | PongMessage
    | ErrorMessage
)

_decoder: msgspec.json.Decoder[Action] = msgspec.json.Decoder(Action)
_encode = msgspec.json.Encoder().encode


class BadMessage(Exception):
    """A client's message cannot be processed; `fatal` if it is malformed."""

    def __init__(self, code: str, detail: str, *, about: Id = None, fatal: bool = False) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.about = about
        self.fatal = fatal


def parse(text: str | None) -> Action:
    """Parse one message of a client; `None` stands for a binary one.

    :raises BadMessage: with the code and the reason to answer with.
    """
    if text is None:
        raise BadMessage("bad_message", "Send text, not binary data.", fatal=True)
    # A character is at least one byte; counting the bytes would cost as much as decoding.
    if len(text) > MAX_MESSAGE_BYTES:
        raise BadMessage("bad_message", f"Messages hold at most {MAX_MESSAGE_BYTES} bytes.", fatal=True)
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise _explained(text, error) from error


def _explained(text: str, error: Exception) -> BadMessage:
    try:
        said = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return BadMessage("bad_message", ERRORS["bad_message"].message, fatal=True)
    about = said.get("id")
    about = about if isinstance(about, int | str) and not isinstance(about, bool) and len(str(about)) <= 64 else None
    if isinstance(said.get("action"), str) and "`$.action`" in str(error):
        return BadMessage("unknown_action", ERRORS["unknown_action"].message, about=about)
    return BadMessage("bad_message", str(error), about=about)


class Frame:
    """One message for any number of sockets, encoded once: as WebSocket octets, and as the ASGI event made of them.

    `readings` is needed to conflate the frame for a slow socket; empty for messages that must not be dropped.
    """

    __slots__ = ("_event", "_start", "octets", "readings")

    def __init__(self, payload: bytes, readings: Sequence[StoredReading] = ()) -> None:
        header = _header(len(payload))
        self.octets = header + payload
        self.readings = readings
        self._start = len(header)
        self._event: dict[str, str] | None = None

    @property
    def event(self) -> dict[str, str]:
        """The message for a server's `send`; built when the first socket needs it, then shared."""
        if self._event is None:
            self._event = {"type": "websocket.send", "text": self.payload.decode()}
        return self._event

    @property
    def payload(self) -> bytes:
        return self.octets[self._start :]


def _header(length: int) -> bytes:
    # RFC 6455, section 5.2: final text frame, unmasked as every server's, with the shortest length that fits.
    if length < 126:
        return bytes((0x81, length))
    return struct.pack("!BBH", 0x81, 126, length) if length < 65536 else struct.pack("!BBQ", 0x81, 127, length)


def readings(batch: Sequence[StoredReading]) -> Frame:
    """Build one frame of these readings."""
    return Frame(b'{"type":"readings","readings":[%b]}' % b",".join([reading.wire for reading in batch]), batch)


def in_frames(batch: Sequence[StoredReading]) -> Iterator[Frame]:
    """Build as few frames as the size limits allow, in order."""
    start = size = 0
    for place, reading in enumerate(batch):
        if place - start == FRAME_READINGS or (size + len(reading.wire) > FRAME_BYTES and place > start):
            yield readings(batch[start:place])
            start, size = place, 0
        size += len(reading.wire) + 1
    if start < len(batch):
        yield readings(batch[start:] if start else batch)


def snapshot(about: Id, sensors: Iterable[bytes], *, more: bool = False) -> Frame:
    """Build one answer of encoded sensors (see `readings.wire.snapshot`)."""
    tail = b'],"more":true}' if more else b"]}"
    return Frame(b'{"type":"snapshot","id":%b,"sensors":[%b%b' % (_encode(about), b",".join(sensors), tail))


def gap(sensor: str, *, after: int, until: int) -> Frame:
    return _frame({"type": "gap", "sensor": sensor, "after": after, "until": until})


def sensor_state(sensor: str, state: str, *, name: str | None = None) -> Frame:
    message: SensorMessage = {"type": "sensor", "sensor": sensor, "state": state}
    return _frame(message if name is None else {**message, "name": name})


def refused(sensor: str, event: ReadingsRefused) -> Frame:
    return _frame(
        {
            "type": "refused",
            "sensor": sensor,
            "at": event.at,
            "status": event.status,
            "code": event.code,
            "detail": event.detail,
        }
    )


def noticed(sensor: str, event: Noticed) -> Frame:
    return _frame(
        {
            "type": "notice",
            "sensor": sensor,
            "at": event.at,
            "code": event.code,
            "subject": event.subject,
            "title": title(event.code, event.subject),
            "detail": event.detail,
            "advice": advice(event.code),
            "headline": headline(event.code, event.detail),
            "count": event.count,
        }
    )


def alerts(about: Id, places: Iterable[tuple[str, int]]) -> Frame:
    return _frame({"type": "alerts", "id": about, "sites": [{"site": site, "seq": seq} for site, seq in places]})


def alert_gap(site: str, *, after: int, until: int) -> Frame:
    return _frame({"type": "alert_gap", "site": site, "after": after, "until": until})


def authenticated(about: Id, operator: str) -> Frame:
    message: AuthenticatedMessage = {"type": "authenticated", "operator": operator}
    return _frame(message if about is None else {**message, "id": about})


def pong(about: Id, at: datetime) -> Frame:
    message: PongMessage = {"type": "pong", "at": instant(at)}
    return _frame(message if about is None else {**message, "id": about})


def error(code: str, *, about: Id = None, detail: str | None = None, sensor: str | None = None) -> Frame:
    """Build an error message; the default detail comes from the table of errors."""
    message: ErrorMessage = {"type": "error", "code": code, "detail": detail or ERRORS[code].message}
    if about is not None:
        message["id"] = about
    if sensor is not None:
        message["sensor"] = sensor
    return _frame(message)


def _frame(message: Message) -> Frame:
    return Frame(_encode(message))
