"""The protocol of `/ws/ingest/`: the messages of both sides, and close codes; docs/asyncapi.yaml is written from them.

What the server sends is built in `socket`, from receipts and refusals.
"""

from enum import IntEnum
from typing import Any, Literal, NotRequired, TypedDict

from sensorfusion.ingest.steps.receipts import Hint, Rejected


class CloseCode(IntEnum):
    """Why the server ends a connection. A bad Origin is not listed: its handshake is refused with HTTP 403."""

    FAILED = 1011  # a message could not be processed, and that is an error of the server: reconnect and send it again
    TRY_AGAIN_LATER = 1013  # the key could not be looked up, or wrong ones came too often: reconnect after a pause
    NOT_SIGNED_IN = 4401  # no key within 10 s, or a wrong one: correct the key
    REVOKED = 4410  # the key was revoked, or its sensor is paused: do not reconnect with it


Id = str | int | float | bool | None


class ShowKey(TypedDict):
    """Show the sensor's key, or an operator's API token; only in the first message, without one in the handshake."""

    action: Literal["authenticate"]
    key: str


class SentReading(TypedDict):
    """One reading. A gateway names the sensor; `id` is repeated in the receipt."""

    values: dict[str, Any]
    observed_at: NotRequired[str | int | float | None]
    sensor: NotRequired[str]
    id: NotRequired[Id]


class SentReadings(TypedDict):
    """Several readings, which may also be sent as a list alone, without an id; `sensor` is that of all without one."""

    readings: list[dict[str, Any]]
    sensor: NotRequired[str]
    id: NotRequired[Id]


class SentValues(TypedDict):
    """The values of one reading alone, each under its quantity; `observed_at` may stand beside them."""

    observed_at: NotRequired[str | int | float | None]


class KeyAccepted(TypedDict):
    """The key of the first message may send."""

    type: Literal["authenticated"]


class ReceiptMessage(TypedDict):
    """Everything usable of a message is committed; `rejected` lists the rest. Only gateways get `sensors`."""

    type: Literal["receipt"]
    accepted: int
    duplicates: int
    rejected: list[Rejected]
    seq: int | None
    sensors: NotRequired[dict[str, int]]
    hints: NotRequired[list[Hint]]
    id: NotRequired[Id]


class RefusalMessage(TypedDict):
    """A message was refused; the receipt's members follow if it was judged. `retry_after` is in seconds."""

    type: Literal["error"]
    status: int
    code: str
    detail: str
    retry_after: NotRequired[int]
    accepted: NotRequired[int]
    duplicates: NotRequired[int]
    rejected: NotRequired[list[Rejected]]
    seq: NotRequired[int | None]
    sensors: NotRequired[dict[str, int]]
    id: NotRequired[Id]
