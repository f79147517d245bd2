"""Decides what a destination gets next: the newest reading, or those that were stored since, and what of them.

Nothing on the way of a reading knows of it: the seq of the sensor's stored changes is compared with the one that a
destination was served up to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.events.prepared import fetch, fetch_one
from sensorfusion.readings.queries import Newest, newest
from sensorfusion.readings.stored import reads
from sensorfusion.readings.stored.reads import Stored
from sensorfusion.send_on.models import Destination, Progress
from sensorfusion.send_on.samples import Chosen, newest_chosen, sample_of, stored_chosen
from sensorfusion.send_on.targets.target import Sample, Target
from sensorfusion.sensors.models import Sensor

LOOKED_AT: Final = 1_000  # stored changes, where one reading of each interval is enough
DUE_AT_ONCE: Final = 100

# A destination sends as long as the operator who made it, or changed it last, may change the sensor.
_DUE: Final = f"""
SELECT destination.id FROM send_on_destination AS destination
JOIN sensors_sensor AS sensor ON sensor.id = destination.sensor_id
JOIN site_right AS granted ON granted.site_id = sensor.site_id AND granted.operator_id = destination.made_by_id
    AND granted.may_edit
LEFT JOIN send_on_progress AS progress ON progress.destination_id = destination.id
LEFT JOIN sensor_state AS state ON state.sensor_id = sensor.id
WHERE destination.is_on
    AND (progress.destination_id IS NULL OR (progress.next_at <= %(now)s AND state.seq > progress.seq))
ORDER BY progress.next_at NULLS FIRST, destination.id LIMIT {DUE_AT_ONCE}
"""
_ANY: Final = f"SELECT EXISTS ({_DUE})"
_IS_THERE: Final = "SELECT EXISTS (SELECT FROM send_on_destination)"


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be sent, the seq up to which the sensor is served with it, and what is left out.

    `nothing` says why there are no samples. `has_more`: whether further readings wait.
    """

    samples: Sequence[Sample]
    seq: int
    left_out: str = ""
    nothing: str = ""
    has_more: bool = False


def is_any_there() -> bool:
    """Return whether there is a destination at all."""
    return fetch_one(_IS_THERE, {}) == (True,)


def is_any_due(*, now: datetime) -> bool:
    """Return whether a destination has something new and its time has come."""
    return fetch_one(_ANY, {"now": now}) == (True,)


def due(*, now: datetime) -> list[int]:
    """Return the destinations that may have something to send, the longest overdue first."""
    return [destination for (destination,) in fetch(_DUE, {"now": now})]


def begin(*, destination: Destination, now: datetime) -> Progress:
    """Return the progress of a destination; one that has none begins with the sensor's newest reading."""
    found = Progress.objects.filter(destination=destination).first()
    if found is not None:
        return found
    seq = newest([destination.sensor_id])[destination.sensor_id].seq
    return Progress.objects.create(destination=destination, seq=max(0, seq - 1), next_at=now)


def planned(
    *, sensor: Sensor, target: Target, interval_s: int, progress: Progress | None, now: datetime, again: bool = False
) -> Planned:
    """Plan what is sent to a target. `again`: the newest reading even if it was sent."""
    state = newest([sensor.pk])[sensor.pk]
    if state.observed_at is None:
        return Planned([], state.seq, nothing=gettext_noop("the sensor has not sent a reading yet"))
    if target.batch and progress is not None:
        return _missed(sensor, state, target, interval_s, progress, now)
    sent_at = progress.observed_at if progress and not again else None
    return _newest(sensor, state, target, sent_at, now)


def _newest(sensor: Sensor, state: Newest, target: Target, sent_at: datetime | None, now: datetime) -> Planned:
    assert state.observed_at is not None
    if sent_at is not None and state.observed_at <= sent_at:
        return Planned([], state.seq, nothing=gettext_noop("nothing is new since the last time"))
    if now - state.observed_at > target.stale:
        return Planned([], state.seq, nothing=_too_old(now - state.observed_at, target))
    found = newest_chosen(state, target)
    sample = sample_of(sensor, state, state.observed_at, found.values, target)
    if not _tells(sample, target):
        return Planned([], state.seq, found.said, nothing=f"{target.name} takes none of its values")
    return Planned([sample], state.seq, found.said)


def _missed(
    sensor: Sensor, state: Newest, target: Target, interval_s: int, progress: Progress, now: datetime
) -> Planned:
    limit = LOOKED_AT if target.thins else target.batch
    rows = reads.changes(sensor=sensor.pk, after_seq=progress.seq, limit=limit)
    timely = [row for row in rows if now - row.observed_at <= target.stale]
    taken = _thinned(timely, interval_s, progress.observed_at) if target.thins else timely
    seq, has_more = (rows[-1].seq if rows else state.seq), len(rows) == limit
    if len(taken) > target.batch:
        taken, has_more = taken[: target.batch], True
        seq = max(progress.seq, min(row.seq for row in timely if row.observed_at > taken[-1].observed_at) - 1)
    found = [(row, _chosen(row, state, target)) for row in taken]
    samples = [sample_of(sensor, state, row.observed_at, each.values, target) for row, each in found if each.values]
    told = [each for each in samples if _tells(each, target)]
    left_out = next((each.said for _, each in reversed(found) if each.said), "")
    return Planned(told, seq, left_out, "" if told else _why_nothing(rows, timely, taken, target, now), has_more)


def _chosen(row: Stored, state: Newest, target: Target) -> Chosen:
    """Choose among a reading's values; where one of each interval goes, the newest has all parts of the station."""
    is_newest = target.thins and row.observed_at == state.observed_at
    return newest_chosen(state, target) if is_newest else stored_chosen(row, target)


def _why_nothing(
    rows: Sequence[Stored], timely: Sequence[Stored], taken: Sequence[Stored], target: Target, now: datetime
) -> str:
    if not rows:
        return gettext_noop("nothing is new since the last time")
    if not timely:
        return _too_old(now - max(row.observed_at for row in rows), target)
    return f"{target.name} takes none of its values" if taken else gettext_noop("the interval is not over")


def _thinned(rows: Iterable[Stored], interval_s: int, sent_at: datetime | None) -> list[Stored]:
    """Keep the last reading of each interval, in order of time; none of an interval that was served."""
    last = {
        int(row.observed_at.timestamp() // interval_s): row for row in sorted(rows, key=lambda row: row.observed_at)
    }
    served = -1 if sent_at is None else int(sent_at.timestamp() // interval_s)
    return [row for slot, row in sorted(last.items()) if slot > served]


def _tells(sample: Sample, target: Target) -> bool:
    """Return whether a sample has a value for the target, besides sums of rain."""
    if not target.columns:
        return bool(sample.values)
    return any(sample.number(each.quantity) is not None for each in target.columns if each.quantity not in target.rain)


def _too_old(age: timedelta, target: Target) -> str:
    return f"the newest reading is {_minutes(age)} old; {target.name} takes none older than {_minutes(target.stale)}"


def _minutes(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return (
        f"{minutes} min"
        if minutes < 120
        else f"{minutes / 60:.0f} h"
        if minutes < 2880
        else f"{minutes / 1440:.0f} days"
    )
