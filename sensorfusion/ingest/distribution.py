"""Splits a gateway's request by sensor: one write request per sensor, one receipt for the whole request.

The write requests are queued together and nearly always commit in one transaction. If one of them cannot be accepted
at the moment, the client must send the whole request again; readings stored by then count as duplicates.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sensorfusion.domain.errors import ERRORS
from sensorfusion.ingest.senders.gateways import Gateways, Resolved, is_storable
from sensorfusion.ingest.senders.quotas import SiteQuotas
from sensorfusion.ingest.senders.source_fields import SourceFields
from sensorfusion.ingest.senders.unknown_names import UnknownNames
from sensorfusion.ingest.steps.batch import Checked, Gateway, Outcome, Sent, Source
from sensorfusion.ingest.steps.checking import check, check_months
from sensorfusion.ingest.steps.receipts import Receipt, Rejected
from sensorfusion.ingest.steps.refusal_log import RefusalLog
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import Away
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.ingest.storing.writer import Writer

_AGAIN = "Some readings of this request may be stored, others are not. Wait, then send all of it again; this is safe."


@dataclass(slots=True)
class _Part:
    """The readings of a request for one sensor, and the position of each in the request."""

    source: Source
    sent: list[Sent] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    checked: Checked = field(default_factory=Checked)

    async def check(self, received_at: datetime, source_fields: SourceFields, away: Away | None) -> None:
        await self._check(received_at, away)
        if self.checked.undecided:
            self.source = await source_fields.decided(self.source, self.checked.undecided)
            await self._check(received_at, away)
        rejected, self.checked.rejected = self.checked.rejected, []
        self.note(rejected)

    async def _check(self, received_at: datetime, away: Away | None) -> None:
        work = partial(check, self.sent, received_at=received_at, source=self.source, places=self.places)
        self.checked = await away.run(work) if away else work()

    def note(self, rejected: Iterable[Rejected]) -> None:
        """Add rejected readings of this sensor, with their index in the part replaced by that in the request."""
        for each in rejected:
            placed = Rejected(self.places[each.index], each.quantity, each.code, each.detail)
            self.checked.rejected.append(placed)

    def refuse(self, refused: RequestRefused) -> None:
        self.checked.rejected = [Rejected(place, None, refused.code, refused.detail) for place in self.places]


class Distribution:
    """Stores the requests of gateways."""

    def __init__(
        self,
        gateways: Gateways,
        unknown_names: UnknownNames,
        source_fields: SourceFields,
        writer: Writer,
        refusals: RefusalLog,
        quotas: SiteQuotas,
    ) -> None:
        self._gateways = gateways
        self._unknown_names = unknown_names
        self._source_fields = source_fields
        self._writer = writer
        self._refusals = refusals
        self._quotas = quotas

    async def deliver(
        self, gateway: Gateway, sent: Sequence[Sent], *, received_at: datetime, away: Away | None = None
    ) -> Receipt:
        """Store the usable readings of one request and return after all of them are committed. Those of a large request
        are checked `away` from the event loop.

        :raises RequestRefused: nothing_usable or too_large; quota if those of all its sites are used up; or another
            retryable code, in which case the client must send the whole request again.
        """
        names = {name for one in sent if not one.problem for name in (one.sensor, one.also or one.sensor)}
        resolved = await self._gateways.sensors(gateway, names)
        parts, unassigned = _apart(sent, resolved)
        within = self._within_quotas(parts)
        for part in within:
            await part.check(received_at, self._source_fields, away)
        check_months(draft for part in parts for draft in part.checked.drafts)
        outcomes = await self._store([part for part in parts if part.checked.drafts], received_at)
        self._unknown_names.note(gateway, (sent[each.index].sensor for each in unassigned if _is_unknown(each, sent)))
        self._refusals.of_readings(unassigned, None)
        for part in parts:
            self._refusals.of_readings(part.checked.rejected, part.source, part.checked.notes)
        rejected = sorted([*unassigned, *(each for part in parts for each in part.checked.rejected)], key=_place)
        is_only_noted = not rejected and any(part.checked.notes for part in parts)
        if not is_only_noted and not any(each.accepted or each.duplicates for each in outcomes.values()):
            raise RequestRefused("nothing_usable", receipt=Receipt(0, 0, rejected, None))
        return _receipt(outcomes, rejected)

    def _within_quotas(self, parts: Sequence[_Part]) -> list[_Part]:
        """Reject the readings for sites whose quota is used up, and return the other parts.

        :raises RequestRefused: quota; no part is left.
        """
        within: list[_Part] = []
        used_up: RequestRefused | None = None
        for part in parts:
            try:
                self._quotas.check(part.source.site)
            except RequestRefused as refused:
                used_up = refused
                part.refuse(refused)
            else:
                within.append(part)
        if used_up and not within:
            for part in parts:
                self._refusals.of_readings(part.checked.rejected, part.source)
            raise used_up
        return within

    async def _store(self, parts: Sequence[_Part], received_at: datetime) -> dict[str, Outcome]:
        """Commit every part. If a sensor was deleted meanwhile, only its part is rejected."""
        waiting: list[asyncio.Future[Outcome]] = []
        try:
            for part in parts:
                waiting.append(self._writer.submit(WriteRequest(part.source, received_at, part.checked.drafts)))
        except RequestRefused as refused:
            await asyncio.gather(*waiting, return_exceptions=True)
            raise RequestRefused(refused.code, _AGAIN) from None
        outcomes: dict[str, Outcome] = {}
        for part, each in zip(parts, await asyncio.gather(*waiting, return_exceptions=True), strict=True):
            if isinstance(each, Outcome):
                outcomes[part.source.uuid] = each
                self._quotas.stored(part.source.site, each.accepted)
                part.note(each.rejected)
            elif isinstance(each, RequestRefused) and not ERRORS[each.code].retryable:
                part.refuse(each)
            else:
                raise RequestRefused(each.code, _AGAIN) if isinstance(each, RequestRefused) else each
        return outcomes


def _apart(sent: Iterable[Sent], resolved: Mapping[str, Resolved]) -> tuple[list[_Part], list[Rejected]]:
    """Group the readings by sensor. Readings that match no sensor are returned separately, each with its reason."""
    parts: dict[int, _Part] = {}
    unassigned: list[Rejected] = []
    for place, one in enumerate(sent):
        if one.problem:
            unassigned.append(Rejected(place, None, *one.problem))
            continue
        found = _meant(one, resolved)
        if isinstance(found, Source):
            part = parts.setdefault(found.sensor, _Part(found))
            part.sent.append(one)
            part.places.append(place)
        else:
            unassigned.append(Rejected(place, None, found.code, found.detail))
    return list(parts.values()), unassigned


def _meant(one: Sent, resolved: Mapping[str, Resolved]) -> Resolved:
    found = resolved[one.sensor]
    if isinstance(found, Source) or not one.also:
        return found
    second = resolved[one.also]
    return second if isinstance(second, Source) else found


def _is_unknown(rejected: Rejected, sent: Sequence[Sent]) -> bool:
    """Return whether the name was rejected as unknown and is one that an operator could register."""
    name = sent[rejected.index].sensor
    return rejected.code == "unknown_sensor" and is_storable(name)


def _place(rejected: Rejected) -> int:
    return rejected.index


def _receipt(outcomes: Mapping[str, Outcome], rejected: list[Rejected]) -> Receipt:
    return Receipt(
        sum(each.accepted for each in outcomes.values()),
        sum(each.duplicates for each in outcomes.values()),
        rejected,
        None,
        {uuid: each.seq for uuid, each in outcomes.items()},
    )
