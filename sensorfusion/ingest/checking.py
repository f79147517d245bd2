"""The steps between bytes and storage that look at single readings: their time, their values."""

from collections.abc import Sequence
from datetime import datetime

from sensorfusion.domain.normalise import check_values
from sensorfusion.domain.quality import Flag
from sensorfusion.ingest.batch import Checked, Draft, Sent
from sensorfusion.ingest.instants import BadInstant, is_ahead, observed_at
from sensorfusion.ingest.receipts import Rejected

CLOCK = "observed_at"  # the flag's name for a reading whose clock is ahead


def check(sent: Sequence[Sent], *, received_at: datetime) -> Checked:
    """Normalise and check every reading; one that cannot be used never takes the others with it."""
    checked = Checked()
    for index, one in enumerate(sent):
        try:
            _check_one(index, one, received_at, checked)
        except BadInstant as bad:
            checked.rejected.append(Rejected(index, None, bad.code, bad.detail))
    return checked


def _check_one(index: int, one: Sent, received_at: datetime, checked: Checked) -> None:
    if one.problem or not isinstance(one.values, dict):
        code, detail = one.problem or ("not_an_object", "a reading is an object of quantities and their values")
        checked.rejected.append(Rejected(index, None, code, detail))
        return
    instant = observed_at(one.observed_at, received_at=received_at)
    values, flags, refusals = check_values(one.values)
    for refusal in refusals or ():
        checked.rejected.append(Rejected(index, refusal.quantity or None, refusal.code, refusal.detail))
    for name in one.unknown:
        checked.rejected.append(Rejected(index, name, "unknown_field", f"put {name} inside values, or leave it out"))
    if not values:
        if not refusals:
            checked.rejected.append(Rejected(index, None, "empty", "the reading has no values"))
        return
    ahead = is_ahead(instant, received_at=received_at)
    if ahead:
        flags = {**(flags or {}), CLOCK: int(Flag.SUSPECT)}
    checked.drafts.append(Draft(instant, values, flags, ahead))
