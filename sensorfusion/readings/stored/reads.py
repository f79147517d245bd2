"""Questions about the stored readings of one sensor: a window, changes after a seq, an instant, the first and last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import connection

from sensorfusion.events.prepared import fetch
from sensorfusion.readings.stored.excluded import EXCLUDED_VALUES, EXCLUDES
from sensorfusion.readings.stored.selection import select

# The guard of exclusions is computed once in a statement.
_COLUMNS: Final = (
    'r.seq, r.observed_at, r.received_at, r."values"::text, r.flags::text,'
    f" CASE WHEN {EXCLUDES.format('%(sensor)s')} THEN {EXCLUDED_VALUES} END"
)
_FIRST: Final = select("r.observed_at", sensor="%s", then="ORDER BY r.observed_at LIMIT 1")
_NEAREST: Final = select(
    _COLUMNS,
    since="%(since)s",
    until="%(until)s",
    then="ORDER BY abs(extract(epoch FROM r.observed_at - %(instant)s)) LIMIT 1",
)
_FIRST_SINCE: Final = select("min(r.observed_at)", sensor="%s", since="coalesce(%s, '-infinity'::timestamptz)")
_LAST_BEFORE: Final = select("max(r.observed_at)", sensor="%s", before="%s", is_timely=True)
_FOLLOWING: Final = select(
    "r.observed_at", sensor="%s", since="%s", before="%s", then="ORDER BY r.observed_at OFFSET %s LIMIT 1"
)


class Stored(msgspec.Struct, frozen=True):
    """One stored reading; `excluded` names those of its values that an exclusion covers."""

    seq: int
    observed_at: datetime
    received_at: datetime
    values: dict[str, Any]
    flags: dict[str, int] | None
    excluded: list[str] | msgspec.UnsetType = msgspec.UNSET


def changes(*, sensor: int, after_seq: int, limit: int) -> list[Stored]:
    """Return the readings stored after a seq, ordered by seq."""
    return window(sensor=sensor, after_seq=after_seq, limit=limit)


def window(
    *, sensor: int, start: datetime | None = None, end: datetime | None = None, after_seq: int = 0, limit: int
) -> list[Stored]:
    """Return the readings observed in [start, end) and stored after a seq, ordered by seq."""
    statement = select(
        _COLUMNS,
        since="" if start is None else "%(start)s",
        before="" if end is None else "%(end)s",
        after_seq="%(after)s",
        then="ORDER BY r.seq LIMIT %(limit)s",
    )
    values = {"sensor": sensor, "start": start, "end": end, "after": after_seq, "limit": limit}
    return [_stored(*row) for row in fetch(statement, values, binary=True)]


def at(*, sensor: int, instant: datetime, within_s: float) -> Stored | None:
    """Return the reading observed nearest to an instant, or None if there is none within `within_s` seconds."""
    reach = timedelta(seconds=within_s)
    with connection.cursor() as cursor:
        span = {"since": instant - reach, "until": instant + reach}
        cursor.execute(_NEAREST, {"sensor": sensor, "instant": instant, **span})
        row = cursor.fetchone()
    return _stored(*row) if row else None


def first_at(sensor: int) -> datetime | None:
    """Return when the earliest reading was observed."""
    with connection.cursor() as cursor:
        return _instant(cursor, _FIRST, [sensor])


def first_since(cursor: Any, *, sensor: int, start: datetime | None) -> datetime | None:
    """Return when the first reading from `start` on was observed, or the first one of all."""
    return _instant(cursor, _FIRST_SINCE, [sensor, start])


def last_timely_before(cursor: Any, *, sensor: int, instant: datetime) -> datetime | None:
    """Return when the last reading before an instant was observed whose clock was not ahead."""
    return _instant(cursor, _LAST_BEFORE, [sensor, instant])


def after_so_many(cursor: Any, *, sensor: int, start: datetime, end: datetime, many: int) -> datetime | None:
    """Return when the reading was observed that follows the first `many` of [start, end)."""
    return _instant(cursor, _FOLLOWING, [sensor, start, end, many])


def _instant(cursor: Any, statement: str, values: Sequence[Any]) -> datetime | None:
    cursor.execute(statement, values)
    row = cursor.fetchone()
    return row[0] if row else None


def _stored(
    seq: int, observed_at: datetime, received_at: datetime, values: str, flags: str | None, excluded: list[str] | None
) -> Stored:
    return Stored(seq, observed_at, received_at, _json(values), _json(flags), excluded or msgspec.UNSET)


def _json(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)  # Django leaves jsonb as text
