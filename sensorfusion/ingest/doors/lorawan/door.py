"""The doors of the webhooks.

Events without measurements are acknowledged and ignored. So are unusable values in other events, because these servers
stop sending for all devices after repeated errors. An uplink that nothing decodes is acknowledged too, with a notice.
"""

from collections.abc import Sequence

from sensorfusion.ingest.doors.answers import refusal, say
from sensorfusion.ingest.doors.credentials import fields_of, from_header
from sensorfusion.ingest.doors.description import ANYTHING, About
from sensorfusion.ingest.doors.door import Answer, Request
from sensorfusion.ingest.doors.lorawan.chirpstack import decode_chirpstack
from sensorfusion.ingest.doors.lorawan.the_things import decode_the_things
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused

_KEYS = ("bearer", "basic")
_RECEIPT = "A receipt tells what was rejected, because networks stop sending after errors."


class _Webhook:
    """Common code of the webhooks."""

    methods = ("POST",)
    key_may_be_in_body = False

    def credential(self, request: Request) -> str:
        return from_header(request) or request.named.get("key") or ""

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        return say(200, receipt)

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        return say(200, refused.receipt) if refused.receipt else refusal(refused)


class TheThings(_Webhook):
    """The Things Stack v3, including The Things Network; all its messages use one address and differ in content."""

    about = About(
        summary="Receive a webhook of The Things Stack",
        detail=f"All messages of The Things Stack v3. {_RECEIPT}",
        keys=_KEYS,
        body={"application/json": ANYTHING},
    )

    def decode(self, request: Request) -> Sequence[Sent]:
        return decode_the_things(request.body)


class ChirpStack(_Webhook):
    """ChirpStack; the query `?event=up` marks an uplink."""

    about = About(
        summary="Receive an event of ChirpStack's HTTP integration",
        detail=f"ChirpStack v4. {_RECEIPT}",
        keys=_KEYS,
        query={"event": "The kind of the event; `up` is an uplink."},
        body={"application/json": ANYTHING},
    )

    def decode(self, request: Request) -> Sequence[Sent]:
        return decode_chirpstack(request.body, event=fields_of(request.query).get("event", "up"))
