"""★ The hot path: identify, decode, check and store every request that brings readings, for all doors.

Each step is a named function, timed under that name. This module does not know HTTP and reads no stored readings.
The last step, publishing to live viewers, is done by the writer: after COMMIT and in commit order (`events.stream`).
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sensorfusion.clock import Clock
from sensorfusion.ingest.distribution import Distribution
from sensorfusion.ingest.senders.keys import Keys
from sensorfusion.ingest.senders.quotas import SiteQuotas
from sensorfusion.ingest.senders.rate_limit import UnknownCredentialLimiter
from sensorfusion.ingest.senders.source_fields import SourceFields
from sensorfusion.ingest.senders.tokens import Tokens, is_token
from sensorfusion.ingest.steps.batch import Checked, Gateway, Note, Sent, Source
from sensorfusion.ingest.steps.checking import MOST_MONTHS, check, check_months, hints
from sensorfusion.ingest.steps.ignored import Ignored
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refusal_log import RefusalLog
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.timing import CHECK, DECODE, IDENTIFY, STORE, Laps
from sensorfusion.ingest.steps.work import UNCOUNTED_BYTES, Away, Threads, check_count, is_light
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.ingest.storing.writer import Writer

Decoder = Callable[[bytes], Sequence[Sent]]
Found = TypeVar("Found", bound=Source | Gateway)


def _unknown(_: str) -> None:
    """Find no sender in a cache."""


class Pipeline:
    """Stores the readings of one request and returns the receipt after COMMIT.

    The credential is a sensor's key, or an operator's API token; then the readings themselves name their sensors.
    """

    def __init__(
        self,
        keys: Keys,
        tokens: Tokens,
        distribution: Distribution,
        writer: Writer,
        refusals: RefusalLog,
        source_fields: SourceFields,
        quotas: SiteQuotas,
        *,
        now: Clock,
    ) -> None:
        self._keys = keys
        self._tokens = tokens
        self._distribution = distribution
        self._writer = writer
        self._refusals = refusals
        self._source_fields = source_fields
        self._quotas = quotas
        self._now = now
        self._unknown_credentials = UnknownCredentialLimiter(is_issued=keys.is_issued)
        self.threads = Threads()  # for the work of large requests

    def note_site(self, site: str, notes: Sequence[Note]) -> None:
        """Tell the owners of a site what arrived from a device that no sensor has; `site` is its public id."""
        self._refusals.of_site(site, notes)

    def receive_by_key(self, *, key: str, body: bytes, decode: Decoder, address: str = "") -> Awaitable[Receipt]:
        """Store the usable readings of one request; `address` is the client's network address.

        :raises RequestRefused: the request was refused as a whole; nothing of it is stored.
        """

        def decoded(_: Source | Gateway) -> Sequence[Sent]:
            return decode(body)

        light = len(body) <= UNCOUNTED_BYTES or is_light(body)
        if is_token(key):
            return self.receive(
                credential=key,
                known=self._tokens.known,
                identify=self._tokens.identify,
                decode=decoded,
                address=address,
                is_light=light,
            )
        return self.receive(
            credential=key,
            known=self._keys.known,
            identify=self._keys.identify,
            decode=decoded,
            address=address,
            is_light=light,
        )

    async def admit(self, key: str, address: str) -> Source | Gateway:
        """Return the sender of a key or token before the body of its request is read.

        :raises RequestRefused: the request is to be refused, whatever its body.
        """
        identify: Callable[[str], Awaitable[Source | Gateway]]
        identify = self._tokens.identify if is_token(key) else self._keys.identify
        source: Source | Gateway | None = None
        try:
            found: Source | Gateway = await self._unknown_credentials.identified(identify, key, address)
            source = found
            self._quotas.check(found.site)
        except RequestRefused as refused:
            self._refusals.of_request(refused, source, address=address)
            raise
        return found

    async def receive(
        self,
        *,
        credential: str,
        identify: Callable[[str], Awaitable[Found]],
        decode: Callable[[Found], Sequence[Sent]],
        known: Callable[[str], Found | None] = _unknown,
        address: str = "",
        is_light: bool = True,
    ) -> Receipt:
        """Store the usable readings of one request, for doors that identify senders by something other than keys, or
        whose decoding depends on the sensor's settings. What is not light is decoded and checked in a thread. `known`
        finds a sender that was identified within the last minute, which nothing limits.

        :raises RequestRefused: the request was refused as a whole; nothing of it is stored.
        """
        done = Laps()
        received_at = self._now()
        source: Found | None = None
        notes: Sequence[Note] = ()
        try:
            source = known(credential)
            if source is None:
                source = await self._unknown_credentials.identified(identify, credential, address)
            self._quotas.check(source.site)
            done(IDENTIFY)
            if is_light:
                sent = _decoded(decode, source)
            else:
                sent = await self.threads.run(credential, _decoded, decode, source)
            done(DECODE)
            if isinstance(source, Gateway):
                away = None if is_light else Away(self.threads, credential)
                return await self._distribution.deliver(source, sent, received_at=received_at, away=away)
            if is_light:
                checked = check(sent, received_at=received_at, source=source)
            else:
                checked = await self.threads.run(credential, check, sent, received_at=received_at, source=source)
            if checked.undecided:
                decided = await self._source_fields.decided(source, checked.undecided)
                checked = await self.threads.run(credential, check, sent, received_at=received_at, source=decided)
            notes = checked.notes
            _check_usable(checked)
            done(CHECK)
            receipt = await self._stored(source, checked, received_at)
            done(STORE)
        except RequestRefused as refused:
            self._refusals.of_request(refused, source, notes, address)
            raise
        self._refusals.of_readings(receipt.rejected, source, notes)
        return receipt

    async def _stored(self, source: Source, checked: Checked, received_at: datetime) -> Receipt:
        if not checked.drafts:
            return Receipt(0, 0, [], None)
        outcome = await self._writer.submit(WriteRequest(source, received_at, checked.drafts))
        self._quotas.stored(source.site, outcome.accepted)
        rejected = [*checked.rejected, *outcome.rejected]
        if outcome.rejected and not outcome.accepted and not outcome.duplicates:
            raise RequestRefused("nothing_usable", receipt=Receipt(0, 0, rejected, None))
        receipt = Receipt(outcome.accepted, outcome.duplicates, rejected, outcome.seq)
        if checked.notes:
            receipt.hints = hints(checked.notes)
        return receipt


def _decoded(decode: Callable[[Found], Sequence[Sent]], source: Found) -> Sequence[Sent]:
    """Decode a request; one without readings of which the owner is told takes the same way as readings.

    :raises RequestRefused: unreadable or too_large.
    :raises Ignored: the request carries nothing by design.
    """
    try:
        sent = decode(source)
    except Ignored as ignored:
        if not ignored.notes:
            raise
        return [ignored.as_sent()]
    if len(sent) > 1:
        check_count(len(sent))
    return sent


def _check_usable(checked: Checked) -> None:
    """Refuse the request if no reading is usable, or if it would hold up all other writes.

    One that holds only what its owner is told of is accepted: its sender has done what it can.
    """
    if not checked.drafts and (checked.rejected or not checked.notes):
        raise RequestRefused("nothing_usable", receipt=Receipt(0, 0, checked.rejected, None))
    if len(checked.drafts) > MOST_MONTHS:
        check_months(checked.drafts)
