"""Spans of one state of a quantity, read from its readings: texts, booleans, and numbers below, in or above a band.

Limits: the newest `MOST_READINGS` readings of a quantity are read, the rest of the range is then unknown; `Spans.start`
says from where on. Readings of the day before and of the day after the range tell the states at its ends.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from psycopg import sql

from sensorfusion.domain.liveness import LATE_AT_LEAST_S, LATE_FACTOR, UNKNOWN_LATE_S
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities.spans import FEWEST_STEPS, LONGEST_S, LONGEST_STEPS, USUAL_SHARE, Span, Spans
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.stored.selection import select

MOST_READINGS: Final = 50_000
BELOW, WITHIN, ABOVE = "below", "within", "above"
_STATE: Final = (
    "CASE WHEN jsonb_typeof(value) IN ('string', 'boolean') AND flag IS DISTINCT FROM {bad} THEN value #>> '{{}}' END"
)
_ZONE: Final = (
    f"CASE WHEN number < %(low)s::float8 THEN '{BELOW}' WHEN number > %(high)s::float8 THEN '{ABOVE}'"
    f" WHEN number IS NOT NULL THEN '{WITHIN}' END"
)
_STORED: Final = select(
    'extract(epoch FROM r.observed_at)::float8 AS at, r."values" -> %(name)s::text AS value,'
    " r.flags ->> %(name)s::text AS flag, {good} AS number",
    since="%(before)s",
    before="%(after)s",
    joined="LEFT JOIN LATERAL ({excluded}) AS excluded ON true",
    where="""r."values" ? %(name)s::text AND (excluded.names && ARRAY['', %(name)s::text]) IS NOT TRUE""",
    is_timely=True,
    then="ORDER BY r.observed_at DESC LIMIT %(most)s",
)
# A run ends where the state changes and where there is a gap; it reaches to the next reading unless that is one.
_RUNS: Final = f"""
WITH told AS MATERIALIZED (
    SELECT at, state, number FROM (
        SELECT at, number, {{state}} AS state FROM (
            {_STORED}
        ) AS stored
    ) AS judged WHERE state IS NOT NULL
), steps AS (
    SELECT at, state, number, lead(at) OVER w AS next, lag(at) OVER w AS before, lag(state) OVER w AS earlier
    FROM told WINDOW w AS (ORDER BY at)
), usual AS (
    SELECT least(%(longest)s::float8, greatest(%(late)s::float8, CASE WHEN count(next) >= %(fewest)s
        THEN %(factor)s::float8 * percentile_disc(%(share)s::float8) WITHIN GROUP (ORDER BY next - at) ELSE 0 END
    )) AS longest_s FROM steps
), runs AS (
    SELECT at, state, number, next, longest_s, count(*) FILTER (
        WHERE earlier IS DISTINCT FROM state OR at - before > longest_s
    ) OVER (ORDER BY at) AS run
    FROM steps CROSS JOIN usual
)
SELECT state, min(at), max(CASE WHEN next - at <= longest_s THEN next ELSE at END), min(number), max(number),
       min(longest_s), sum(count(*)) OVER ()
FROM runs GROUP BY run, state ORDER BY min(at)
"""


def states(
    *, sensor: int, name: str, start: datetime, end: datetime, interval_s: float | None, most: int = MOST_READINGS
) -> Spans:
    """Return the spans of a text's or a boolean's states in [start, end); booleans are "true" and "false".

    :param most: how many readings are read, the newest.
    """
    return _spans("state", sensor, name, start, end, interval_s, most)


def zones(
    *,
    sensor: int,
    name: str,
    low: float | None,
    high: float | None,
    start: datetime,
    end: datetime,
    interval_s: float | None,
) -> Spans:
    """Return the spans of a number below, within and above a band in [start, end); its ends are within."""
    return _spans("zone", sensor, name, start, end, interval_s, MOST_READINGS, low=low, high=high)


def _spans(
    how: Literal["state", "zone"],
    sensor: int,
    name: str,
    start: datetime,
    end: datetime,
    interval_s: float | None,
    most: int,
    **band: float | None,
) -> Spans:
    late_s = UNKNOWN_LATE_S if interval_s is None else max(LATE_FACTOR * interval_s, LATE_AT_LEAST_S)
    values = {
        "sensor": sensor,
        "name": name,
        "before": start - timedelta(seconds=LONGEST_S),
        "after": end + timedelta(seconds=LONGEST_S),
        "most": most,
        "longest": LONGEST_S,
        "late": late_s,
        "fewest": FEWEST_STEPS,
        "factor": LONGEST_STEPS,
        "share": USUAL_SHARE,
        **band,
    }
    rows = fetch(_statement(how), values)
    found = [Span(state, at, until, low, high) for state, at, until, low, high, _, _ in rows]
    longest_s = rows[0][5] if rows else min(LONGEST_S, late_s)
    readings = rows[0][6] if rows else 0
    is_cut = readings >= most
    whole = Spans(found, found[0].start if is_cut else start.timestamp(), end.timestamp(), longest_s, int(readings))
    return whole.between(start.timestamp(), end.timestamp())


@lru_cache(maxsize=2)
def _statement(how: Literal["state", "zone"]) -> str:
    bad = sql.Literal(str(int(Flag.BAD)))
    return (
        sql.SQL(_RUNS)
        .format(
            state=sql.SQL(_STATE).format(bad=bad) if how == "state" else sql.SQL(_ZONE),
            good=rollup_sql.good(sql.SQL('("values" -> %(name)s::text)'), sql.SQL("(r.flags ->> %(name)s::text)")),
            excluded=rollup_sql.EXCLUDED_NAMES,
        )
        .as_string(None)
    )
