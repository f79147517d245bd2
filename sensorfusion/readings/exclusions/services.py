"""Excludes, restores and deletes readings, and records who did it.

Each change marks the affected hours dirty in its own transaction, so all charts, records and rollups are updated, and
updates the sensor's newest values. It advances the state's `seq`, so that a writer with a cached state notices.
Deletion runs in batches, each of which marks hours and deletes readings in its own transaction.
"""

from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.liveness import KEPT_DELTAS
from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.models import Exclusion, SensorState
from sensorfusion.readings.rollups.dirty_hours import mark
from sensorfusion.readings.stored import reads, writes
from sensorfusion.readings.stored.excluded import EXCLUDED
from sensorfusion.readings.stored.selection import select
from sensorfusion.sensors.announcements import announce_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.membership import require_editor

DELETED_AT_ONCE: Final = 5_000  # readings per batch: the sensor's state row is locked meanwhile
# Readings searched for the newest value of all quantities at once; the rest of the history is searched for those that
# lost their newest value and are in none of these.
LOOKED_BACK: Final = 500

_STANDS = "SELECT observed_at FROM sensor_state WHERE sensor_id = %s"
_COVERING = """
SELECT min(starts_at) FROM exclusion
WHERE sensor_id = %s AND quantity = '' AND restored_at IS NULL AND starts_at <= %s AND ends_at > %s
"""
_NEWEST_OF_KEY = select(
    'r."values" -> sought.key, r.flags -> sought.key, r.observed_at',
    until="%(newest)s",
    is_timely=True,
    where=f"""r."values" ? sought.key AND NOT EXISTS (SELECT {EXCLUDED} AND exclusion.quantity IN ('', sought.key))""",
    then="ORDER BY r.observed_at DESC LIMIT 1",
)
_FOLLOW = f"""
WITH recent AS (
    {select("*", until="%(newest)s", is_timely=True, then="ORDER BY r.observed_at DESC LIMIT %(many)s")}
), newest AS (
    SELECT DISTINCT ON (each.key) each.key, each.value, recent.flags -> each.key AS flag, recent.observed_at AS at
    FROM recent CROSS JOIN LATERAL jsonb_each(recent."values") AS each
    WHERE NOT EXISTS (
        SELECT FROM exclusion WHERE sensor_id = %(sensor)s AND restored_at IS NULL AND quantity IN ('', each.key)
        AND recent.observed_at >= starts_at AND recent.observed_at < ends_at
    ) ORDER BY each.key, recent.observed_at DESC
), old AS MATERIALIZED (
    SELECT each.key, each.value, state.flags -> each.key AS flag, instant.at,
        instant.at >= %(start)s AND instant.at < %(end)s AS is_lost
    FROM sensor_state AS state CROSS JOIN LATERAL jsonb_each(state."values") AS each
    CROSS JOIN LATERAL (
        SELECT coalesce(to_timestamp((state.older ->> each.key)::float8), state.observed_at) AS at
    ) AS instant
    WHERE state.sensor_id = %(sensor)s
), sought AS MATERIALIZED (
    SELECT key FROM (
        SELECT key FROM old WHERE is_lost UNION
        {select('jsonb_object_keys(r."values")', since="%(start)s", before="%(end)s", where="%(restores)s")}
    ) AS lost WHERE key NOT IN (SELECT key FROM newest)
), further AS (
    SELECT sought.key, found.* FROM sought CROSS JOIN LATERAL (
        {_NEWEST_OF_KEY}
    ) AS found
), present AS (
    SELECT DISTINCT ON (key) * FROM (
        SELECT * FROM newest UNION ALL SELECT * FROM further UNION ALL
        SELECT key, value, flag, at FROM old WHERE NOT is_lost
    ) AS all_of_them ORDER BY key, at DESC
), whole AS (
    SELECT max(at) AS at, coalesce(jsonb_object_agg(key, value), '{{}}') AS "values",
        jsonb_object_agg(key, flag) FILTER (WHERE flag IS NOT NULL) AS flags,
        coalesce(
            jsonb_object_agg(key, extract(epoch FROM at)::float8) FILTER (WHERE at < (SELECT max(at) FROM present)),
            '{{}}'
        ) AS older
    FROM present
)
UPDATE sensor_state SET seq = seq + 1, observed_at = whole.at, "values" = whole."values", flags = whole.flags,
    older = whole.older
FROM whole WHERE sensor_id = %(sensor)s RETURNING seq, sensor_state.observed_at
"""
# The steps by which the newest instant moved on, in order of arrival, as the writer learns them (`domain.liveness`).
_RELEARN = f"""
WITH latest AS (
    {select("r.observed_at, r.received_at", is_timely=True, then="ORDER BY r.observed_at DESC LIMIT %(many)s")}
), arrived AS (
    SELECT *, max(observed_at) OVER (
        ORDER BY received_at, observed_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before FROM latest
), steps AS (
    SELECT *, round(extract(epoch FROM observed_at - before), 3)::float8 AS step
    FROM arrived WHERE observed_at > before ORDER BY received_at DESC, observed_at DESC LIMIT %(kept)s
)
UPDATE sensor_state
SET deltas = coalesce((SELECT jsonb_agg(step ORDER BY received_at, observed_at) FROM steps), '[]')
WHERE sensor_id = %(sensor)s
"""


def exclusions_of(*, sensor: Sensor) -> QuerySet[Exclusion]:
    """Select all exclusions of a sensor, the newest first, with the operators who made and restored them."""
    found = Exclusion.objects.filter(sensor=sensor).select_related("made_by", "restored_by")
    return found.order_by("-made_at", "-id")


@transaction.atomic
def exclude(
    *, by: Operator, sensor: Sensor, start: datetime, end: datetime, reason: str, now: datetime, quantity: str = ""
) -> Exclusion:
    """Exclude the readings of [start, end), or one quantity of them, until they are restored.

    :raises Refusal: `not_allowed`, `bad_span`, `no_reason` or `readings_gone`.
    """
    require_editor(by=by, site=sensor.site)
    _check_span(sensor, start, end)
    if not reason.strip():
        raise Refusal("no_reason", field="reason")
    made = Exclusion.objects.create(
        sensor=sensor,
        quantity=quantity,
        starts_at=start,
        ends_at=end,
        reason=reason.strip()[:200],
        made_by=by,
        made_at=now,
    )
    _changed(sensor, start, end, now)
    announce_sensor(sensor)
    return made


@transaction.atomic
def restore(*, by: Operator, exclusion: Exclusion, now: datetime) -> Exclusion:
    """Restore the readings of an exclusion.

    :raises Refusal: `not_allowed`, `already_restored` or `readings_gone`.
    """
    sensor = exclusion.sensor
    require_editor(by=by, site=sensor.site)
    _check_span(sensor, exclusion.starts_at, exclusion.ends_at)
    if not Exclusion.objects.filter(pk=exclusion.pk, restored_at=None).update(restored_at=now, restored_by=by):
        raise Refusal("already_restored")
    exclusion.restored_at, exclusion.restored_by = now, by
    _changed(sensor, exclusion.starts_at, exclusion.ends_at, now, restores=True)
    announce_sensor(sensor)
    return exclusion


def delete_readings(*, by: Operator, sensor: Sensor, start: datetime, end: datetime, now: datetime) -> int:
    """Delete the readings of [start, end) permanently; return their number.

    :raises Refusal: `not_allowed`, `bad_span` or `readings_gone`.
    """
    require_editor(by=by, site=sensor.site)
    _check_span(sensor, start, end)
    deleted = 0
    begin: datetime | None = start
    while begin is not None:
        with transaction.atomic(), connection.cursor() as cursor:
            if begin == start:
                record(Action.READINGS_DELETED, by=by, site=sensor.site, subject=_spanned(sensor, start, end))
            following = reads.after_so_many(cursor, sensor=sensor.pk, start=begin, end=end, many=DELETED_AT_ONCE)
            mark(cursor, sensor=sensor.pk, start=begin, end=following or end)
            deleted += writes.delete(cursor, sensor=sensor.pk, start=begin, end=following or end)
            _follow(cursor, sensor.pk, begin, following or end, now)
            cursor.execute(_RELEARN, {"sensor": sensor.pk, "many": LOOKED_BACK, "kept": KEPT_DELTAS})
            begin = following
    announce_sensor(sensor)
    return deleted


def _spanned(sensor: Sensor, start: datetime, end: datetime) -> str:
    return f"{sensor.name}: {start.isoformat()} – {end.isoformat()}"


def _check_span(sensor: Sensor, start: datetime, end: datetime) -> None:
    if start >= end:
        raise Refusal("bad_span", field="to")
    kept = SensorState.objects.filter(sensor=sensor).values_list("raw_kept_from", flat=True).first()
    if kept is not None and start < kept:
        gone = gettext("Readings before {time} UTC were dropped. Begin the span there.")
        raise Refusal("readings_gone", gone.format(time=f"{kept:%Y-%m-%d %H:%M}"), field="from")


def _changed(sensor: Sensor, start: datetime, end: datetime, now: datetime, *, restores: bool = False) -> None:
    with connection.cursor() as cursor:
        mark(cursor, sensor=sensor.pk, start=start, end=end)
        _follow(cursor, sensor.pk, start, end, now, restores=restores)


def _follow(cursor: Any, sensor: int, start: datetime, end: datetime, now: datetime, *, restores: bool = False) -> None:
    """Recompute the newest values from the remaining readings; the caller holds the state row."""
    newest = _newest_counting(cursor, sensor, now)
    values = {"sensor": sensor, "newest": newest, "start": start, "end": end, "many": LOOKED_BACK}
    cursor.execute(_FOLLOW, {**values, "restores": restores})
    if row := cursor.fetchone():
        # Clients that follow the sensor must receive the newest remaining reading as a change.
        writes.say_again(cursor, sensor=sensor, instant=row[1], seq=row[0])


def _newest_counting(cursor: Any, sensor: int, now: datetime) -> datetime | None:
    """Return the time of the newest reading that is not excluded as a whole, skipping one exclusion after another."""
    # The newest reading may be from a sensor whose clock is ahead of ours.
    until = max(now, _one(cursor, _STANDS, [sensor]) or now) + datetime.resolution
    while (newest := reads.last_timely_before(cursor, sensor=sensor, instant=until)) is not None:
        covering = _one(cursor, _COVERING, [sensor, newest, newest])
        if covering is None:
            break
        until = covering
    return newest


def _one(cursor: Any, query: str, parameters: list[Any]) -> Any:
    cursor.execute(query, parameters)
    row = cursor.fetchone()
    return row[0] if row else None
