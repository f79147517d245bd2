"""The step that checks single readings, their time and their values, before they are stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import UNSET, UnsetType

from sensorfusion.domain.device_clock import is_ahead
from sensorfusion.domain.normalise import RefusedValue, check_values
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.quantities.typos import meant
from sensorfusion.ingest.steps import clock_notes
from sensorfusion.ingest.steps.batch import Checked, Draft, Note, Sent, Source, Undecided
from sensorfusion.ingest.steps.conflicts import Instants
from sensorfusion.ingest.steps.instants import BadInstant, Dated, dates
from sensorfusion.ingest.steps.naming import NO_SOURCE, is_plain, named
from sensorfusion.ingest.steps.receipts import Hint, Rejected
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.readings.stored.partitions import months_of

# The writer creates the partition of a new month in about 20 ms, and all other writes wait meanwhile.
MOST_MONTHS = 120
_KNOWN = frozenset(CATALOGUE)
MOST_ASKED = 16  # names of one request that are looked at for slips
MISSPELT = "name_like_a_quantity"
CLOCK = "observed_at"  # the name under which the flag of a wrong clock is stored


def check(
    sent: Sequence[Sent],
    *,
    received_at: datetime,
    source: Source | None = None,
    places: Sequence[int] | None = None,
    is_import: bool = False,
) -> Checked:
    """Normalise and check every reading. A reading that cannot be used does not affect the others.

    The names and fields of `source` decide which quantities are meant; without it, the names of each reading alone do.
    `places` are the positions of a gateway's readings in its request. Readings of an import were not observed at their
    arrival, so none of them is dated by it.
    """
    checked = Checked()
    instants = Instants(checked.drafts, places)
    dated_all = dates(sent, received_at=received_at, source=source, is_import=is_import)
    for index, (one, dated) in enumerate(zip(sent, dated_all, strict=True)):
        checked.notes += one.notes
        if one.notes and not one.values and not one.fields:
            continue  # its owner is told, and there is nothing to store or to reject
        if one.problem or not isinstance(one.values, dict):
            code, detail = one.problem or ("not_an_object", "a reading is an object of quantities and their values")
            checked.rejected.append(Rejected(index, None, code, detail))
        elif isinstance(dated, BadInstant):
            checked.rejected.append(Rejected(index, None, dated.code, dated.detail))
        elif draft := _draft(index, one, dated, received_at, checked, source):
            checked.rejected += instants.add(draft)
    for draft in checked.drafts:
        if not _KNOWN.issuperset(draft.values):  # which is rare, so nothing else is done for most requests
            checked.notes += _misspelt(checked.drafts)
            break
    return checked


def check_months(drafts: Iterable[Draft]) -> None:
    """Refuse a request that needs so many new partitions that it would hold up all other writes.

    :raises RequestRefused: too_large.
    """
    if len(months_of([each.observed_at for each in drafts])) > MOST_MONTHS:
        raise RequestRefused(
            "too_large", f"One request holds readings of {MOST_MONTHS} months at most. Send smaller batches."
        )


def _draft(
    index: int, one: Sent, dated: Dated, received_at: datetime, checked: Checked, source: Source | None
) -> Draft | None:
    """Return what of a reading may be stored, or None; add to `checked` what may not."""
    given: Mapping[str, object] = one.values  # type: ignore[assignment]  # checked by the caller
    twice: Sequence[str] = ()
    if not is_plain(one, source or NO_SOURCE):
        given, twice, undecided = named(one, source)
        if undecided:
            checked.undecided.append(Undecided(undecided, given.keys()))
            return None
    values, flags, refusals = check_values(given)
    if refusals or twice or one.refused or one.unknown:
        checked.rejected += _left_out(index, one, twice, refusals or ())
    if not values:
        if not refusals and not one.refused:
            checked.rejected.append(Rejected(index, None, "empty", "the reading has no values"))
        return None
    ahead = dated.at > received_at and is_ahead(dated.at, received_at=received_at)
    if ahead or one.is_time_doubtful or not dated.is_set:
        flags = {**(flags or {}), CLOCK: int(Flag.SUSPECT)}
        told = clock_notes.ahead(dated.at - received_at) if ahead else clock_notes.not_set(one.observed_at)
        checked.notes.append(told)
    return Draft(dated.at, values, flags, ahead, index=index)


def hints(notes: Iterable[Note]) -> list[Hint] | UnsetType:
    """Return what a sender is told of names that were stored and are probably misspelt."""
    return [Hint(each.subject, each.code, each.detail) for each in notes if each.code == MISSPELT] or UNSET


def _misspelt(drafts: Sequence[Draft]) -> Iterator[Note]:
    """Yield a note for each name that is nearly that of a known quantity; its values are kept under it."""
    odd = sorted(set().union(*(draft.values for draft in drafts)) - _KNOWN)
    for name in odd[:MOST_ASKED]:
        quantity = meant(name)
        if quantity:
            yield Note(
                MISSPELT,
                name,
                f"Did you mean {quantity}? Values of {name} are kept under this name, in no known unit. "
                "Correct the name in the device, or say on the page of the device's names what it stands for.",
            )


def _left_out(index: int, one: Sent, twice: Iterable[str], refusals: Iterable[RefusedValue]) -> Iterator[Rejected]:
    """Yield the values and fields of a reading that are not stored, each with its reason."""
    for name in twice:
        yield Rejected(index, name, "bad_name", f"{name} stands for a quantity that this reading already has")
    for refusal in (*one.refused, *refusals):
        yield Rejected(index, refusal.quantity or None, refusal.code, refusal.detail)
    for name in one.unknown:
        yield Rejected(index, name, "unknown_field", f"put {name} inside values, or leave it out")
