"""One attempt at a destination: what it sends is planned and noted, then carried, then its answer is recorded.

The time of the next attempt is written before a request is made, so that a process which is killed meanwhile, or by it,
does not try without end; what it sent may be sent once more, with the same instants.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_noop

from sensorfusion.domain.redaction import told
from sensorfusion.events.metrics import Counter
from sensorfusion.outgoing.attempts import Answer
from sensorfusion.send_on import planning
from sensorfusion.send_on.accounts import account_of
from sensorfusion.send_on.models import TEXT_LONGEST, Destination, Progress
from sensorfusion.send_on.outcomes import REFUSED
from sensorfusion.send_on.planning import Planned
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.send_on.targets.target import Account, Target

LONGEST_WAIT_S: Final = 3600.0
SHORTEST_WAIT_S: Final = 60.0
SKIPPED_AFTER: Final = 5  # failures in a row of readings that the network calls wrong
SOON: Final = timedelta(seconds=5)  # between requests while it catches up

SENT: Final = Counter("sensorfusion_sent_on", "Attempts to send readings on, by outcome.", ["outcome"])


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is being sent to a destination."""

    destination: Destination
    target: Target
    account: Account | None
    planned: Planned
    at: datetime
    failures: int


@transaction.atomic
def begun(*, pk: int, now: datetime, jitter: float, by_hand: bool = False) -> Attempt | str:
    """Plan an attempt and note it; the reason if nothing is sent. `by_hand`: also if it is not due."""
    rows = Destination.objects.select_for_update(of=("self",), skip_locked=not by_hand).filter(pk=pk)
    found = rows.select_related("sensor__site").first()
    if found is None:
        return gettext_noop("it is not there any more")
    target, progress = _target(found), planning.begin(destination=found, now=now)
    if not by_hand and (not found.is_on or progress.next_at > now):
        return gettext_noop("its time has not come")
    plan = planning.planned(
        sensor=found.sensor, target=target, interval_s=found.interval_s, progress=progress, now=now, again=by_hand
    )
    if not plan.samples:
        left_out = plan.left_out or plan.nothing
        next_at = now if plan.has_more else progress.next_at
        _of(found).update(seq=Greatest(F("seq"), plan.seq), left_out=left_out[:TEXT_LONGEST], next_at=next_at)
        return plan.nothing
    _of(found).update(next_at=now + wait_after(progress.failures, found.interval_s, jitter=jitter))
    return Attempt(found, target, account_of(found), plan, now, progress.failures)


def _target(destination: Destination) -> Target:
    target = TARGETS[destination.network]
    return target.suited(target, destination.account)


def wait_after(failures: int, interval_s: int, *, jitter: float) -> timedelta:
    """Return the time until the attempt after so many failures and another one; `jitter` is from 0 to 1."""
    first = max(float(interval_s), SHORTEST_WAIT_S)
    wait_s = max(first, min(first * 2 ** min(failures, 10), LONGEST_WAIT_S))
    return timedelta(seconds=wait_s * (1 + 0.1 * jitter))


@transaction.atomic
def ended(answer: Answer[Attempt], *, now: datetime) -> None:
    """Record what became of an attempt."""
    attempt = answer.of
    SENT.add(1, "sent" if answer.is_accepted else "failed")
    rows = _of(attempt.destination)
    if answer.is_accepted:
        wait = min(SOON, _interval(attempt)) if attempt.planned.has_more else _interval(attempt)
        left_out = "; ".join(filter(None, [attempt.planned.left_out, told(answer.said, TEXT_LONGEST)]))
        rows.update(
            seq=Greatest(F("seq"), attempt.planned.seq),
            observed_at=max(each.observed_at for each in attempt.planned.samples),
            sent_at=now, next_at=attempt.at + wait, failing_since=None, failures=0, trouble="",
            left_out=left_out[:TEXT_LONGEST],
        )  # fmt: skip
        return
    trouble = told(answer.said, TEXT_LONGEST)
    rows.update(failing_since=Coalesce(F("failing_since"), attempt.at), failures=F("failures") + 1, trouble=trouble)
    if answer.retry_after_s:
        rows.update(next_at=Greatest(F("next_at"), now + timedelta(seconds=answer.retry_after_s)))
    if answer.is_unusable and attempt.target.batch and attempt.failures + 1 >= SKIPPED_AFTER:
        left_out = REFUSED.format(count=len(attempt.planned.samples), why=trouble)
        rows.update(seq=Greatest(F("seq"), attempt.planned.seq), left_out=left_out[:TEXT_LONGEST])


def _interval(attempt: Attempt) -> timedelta:
    return timedelta(seconds=attempt.destination.interval_s)


def _of(destination: Destination):  # type: ignore[no-untyped-def]
    return Progress.objects.filter(destination_id=destination.pk)
