"""The sockets as channels of docs/asyncapi.yaml: who sends what, with which credential, and why they are closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from sensorfusion.ingest.doors import socket_protocol as ingest
from sensorfusion.live import protocol as live
from sensorfusion.server.uvicorn import websocket
from sensorfusion.sharing.latest import Shared
from sensorfusion.sharing.sites.cards import SentPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One address. `closes` says what each close code means, and what the client should do."""

    address: str
    title: str
    description: str
    received: tuple[Any, ...]
    sent: tuple[Any, ...]
    closes: Mapping[int, str]
    security: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)  # of the address, with what each is


# Of any socket: the server ends these before its application sees the message.
_OF_THE_SERVER: Final = {
    websocket.NOT_UTF8: "A text message is not UTF-8: correct the program.",
    websocket.POLICY_VIOLATION: "More pings than the server answers: send fewer.",
    websocket.TOO_LARGE: "The message is too large, or in too many fragments: send smaller ones.",
}
CHANNELS: Final[Mapping[str, Channel]] = {
    "live": Channel(
        address="/ws/live/",
        title="The live stream",
        description=(
            "Snapshots of sensors, then every stored change, for each sensor in the order of `seq`. Pages of the "
            "platform are known by their session cookie and their Origin; a program sends an API token in the "
            "handshake, or in its first message within 10 seconds. docs/live.md explains resuming and gaps."
        ),
        received=get_args(live.Action),
        sent=(live.SnapshotMessage, live.ReadingsMessage, *get_args(live.Message)),
        closes=_OF_THE_SERVER
        | {
            live.CloseCode.RESTART: "The server restarts, or its database was restored: reconnect and resume.",
            live.CloseCode.TRY_AGAIN_LATER: "Too many unknown tokens came from the network: wait, then reconnect.",
            live.CloseCode.PROTOCOL_ERROR: "Not text, not a JSON object, or above 64 KiB: correct the program.",
            live.CloseCode.NOT_SIGNED_IN: (
                "No authentication within 10 seconds, an invalid token, or another message before it: authenticate."
            ),
            live.CloseCode.RIGHTS_GONE: (
                "The account was closed, its operator signed out, or the token ended: authenticate again."
            ),
            live.CloseCode.TOO_SLOW: "Nothing could be sent for 30 seconds: reconnect, resume, follow fewer sensors.",
        },
        security=("token", "session"),
    ),
    "ingest": Channel(
        address="/ws/ingest/",
        title="Readings",
        description=(
            "Each message is a batch, in any form of the body of `POST /api/v1/readings`, and gets one receipt after "
            "COMMIT, in the order of the messages; up to 32 may be unanswered. The key of a sensor, or an operator's "
            "API token, is in the handshake or in the first message within 10 seconds. docs/readings.md has the rules."
        ),
        received=(ingest.ShowKey, ingest.SentReading, ingest.SentReadings, ingest.SentValues),
        sent=(ingest.KeyAccepted, ingest.ReceiptMessage, ingest.RefusalMessage),
        closes=_OF_THE_SERVER
        | {
            ingest.CloseCode.FAILED: "A message could not be processed, by an error of the server: send it again.",
            ingest.CloseCode.TRY_AGAIN_LATER: (
                "The key could not be looked up, or wrong ones came too often: reconnect after a pause."
            ),
            ingest.CloseCode.NOT_SIGNED_IN: "No key within 10 seconds, or an invalid one: correct it.",
            ingest.CloseCode.REVOKED: (
                "The key was revoked, its sensor is paused, or the token may not write: the answer before says which."
            ),
        },
        security=("key",),
    ),
    "share": Channel(
        address="/s/{token}/live/",
        title="A shared link",
        description=(
            "What a link shows, formatted in `?units=`, whenever it changes: at most four times a second. The server "
            "listens to nothing. A link with a password takes the cookie of its page. docs/sharing.md explains links."
        ),
        received=(),
        sent=(Shared,),
        closes=_OF_THE_SERVER
        | {
            live.CloseCode.RESTART: "The server restarts: reconnect.",
            live.CloseCode.RIGHTS_GONE: "The link was revoked, or has ended: it shows nothing any more.",
        },
        parameters={"token": "The secret in the address of the link: `sfs_` and 40 characters."},
    ),
    "site-share": Channel(
        address="/p/{token}/live/",
        title="The shared page of a site",
        description=(
            "The cards of a page, formatted in `?units=`, whenever one changes: at most four times a second. The "
            "server listens to nothing. A page with a password takes its cookie. docs/sharing.md explains pages of "
            "sites."
        ),
        received=(),
        sent=(SentPage,),
        closes=_OF_THE_SERVER
        | {
            live.CloseCode.RESTART: "The server restarts: reconnect.",
            live.CloseCode.RIGHTS_GONE: "The page was made private, or has ended: it shows nothing any more.",
        },
        parameters={
            "token": "The address of a public page, or the secret in that of a link: `sfs_` and 40 characters."
        },
    ),
}
