"""Runs of readings on one side of limits, found in the database.

Two neighbouring buckets of five minutes belong to one run if all of their values lie between the same edges. A bucket
whose values do not is a run by itself. So a day on one side of a limit is one row for each hour instead of 1,440.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups.buckets import WIDTHS, instant
from sensorfusion.readings.rollups.coverage import Coverage, Standing, plan_coverage
from sensorfusion.readings.rollups.known import Known
from sensorfusion.readings.rollups.queries import Asked, Cut, statement_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.stored.excluded import COUNTS
from sensorfusion.readings.stored.selection import select

BUCKET_S: Final = WIDTHS["5m"]
LONGEST_STEP_S: Final = 2 * BUCKET_S  # within a run
HOUR_S: Final = WIDTHS["1h"]
_HOUR: Final = timedelta(seconds=HOUR_S)


@dataclass(frozen=True, slots=True)
class Run:
    """`start` is that of its first bucket, `low` one of its values; a mixed one has values on both sides of an edge."""

    start: float
    first_at: float
    last_at: float
    low: float
    high: float
    first: float
    last: float
    is_mixed: bool


_NAMES: Final = "t, first_at, last_at, value, low, high, count, first, last, growth, began, ended"
# Only the first and the last bucket of a run are sent.
_RUNS: Final = f"""
SELECT t, first_at, last_at, low, high, first, last, is_mixed, begins FROM (
    SELECT *, begins OR lead(begins) OVER in_order IS NOT FALSE AS is_outermost FROM (
        SELECT *, below <> above AS is_mixed, coalesce(lag(below) OVER in_order <> below
            OR lag(above) OVER in_order <> above OR below <> above
            OR floor(lag(t) OVER in_order / {HOUR_S}) <> floor(t / {HOUR_S})
            OR first_at - lag(last_at) OVER in_order >= {LONGEST_STEP_S}, true) AS begins
        FROM (
            SELECT *, width_bucket(low, %(edges)s::float8[]) AS below, width_bucket(high, %(edges)s::float8[]) AS above
            FROM ({{buckets}}) AS found ({_NAMES})
        ) AS compared WINDOW in_order AS (ORDER BY t)
    ) AS told WINDOW in_order AS (ORDER BY t)
) AS runs WHERE is_outermost ORDER BY t
"""


_SENT: Final = select(
    "extract(epoch FROM r.observed_at)::float8",
    since="s",
    before="e",
    is_timely=True,
    where=f"(%(name)s = '' OR {COUNTS})",
)
_SEEN: Final = f"""
SELECT extract(epoch FROM found.first_at)::float8, extract(epoch FROM found.last_at)::float8
FROM unnest(%(starts_5m)s::timestamptz[], %(ends_5m)s::timestamptz[]) AS stretch (s, e) CROSS JOIN LATERAL (
    SELECT coalesce(instants[place][1], first_at) AS first_at, coalesce(instants[place][2], last_at) AS last_at
    FROM rollup_5m CROSS JOIN LATERAL (SELECT array_position(quantities, %(id)s) AS place OFFSET 0) AS known
    WHERE sensor_id = %(sensor)s AND start >= s AND start < e AND (%(id)s = 0 OR place IS NOT NULL) OFFSET 0
) AS found
UNION ALL SELECT found.at, found.at
FROM unnest(%(starts_raw)s::timestamptz[], %(ends_raw)s::timestamptz[]) AS stretch (s, e) CROSS JOIN LATERAL (
    {_SENT} OFFSET 0
) AS found (at)
"""
_SILENCES: Final = f"""
SELECT before, first_at, last_at FROM (
    SELECT first_at, last_at, lag(last_at) OVER in_order AS before, lead(first_at) OVER in_order AS following
    FROM ({_SEEN}) AS parts (first_at, last_at) WINDOW in_order AS (ORDER BY first_at)
) AS followed WHERE before IS NULL OR following IS NULL OR first_at - before >= %(longest)s ORDER BY first_at
"""
_EXTENTS: Final = f"SELECT t, low, high FROM ({{buckets}}) AS found ({_NAMES})"
Silence = tuple[float | None, float | None]


def runs(question: Question, hours: Sequence[float], *, edges: Sequence[float], known: Known) -> dict[float, list[Run]]:
    """Return the runs of some hours of a quantity, by the start of their hour; none reaches over an hour.

    Values that equal an edge are a side of their own.

    :param hours: the starts of hours, ascending.
    :param known: what `known_of` returned for this question in the same snapshot.
    """
    rows = _fetch(_RUNS, question, hours, known, edges=sides(edges))
    by_hour = groupby(_joined(rows), key=lambda run: run.start // HOUR_S * HOUR_S)
    return {hour: list(found) for hour, found in by_hour}


def sides(edges: Iterable[float]) -> list[float]:
    """Return the array by which `width_bucket` tells what is below, at and above each edge."""
    return sorted({side for edge in edges for side in (edge, math.nextafter(edge, math.inf))})


def narrow(question: Question, hours: Sequence[float], *, known: Known) -> list[tuple[float, float, float]]:
    """Return the start, the lowest and the highest value of each five minutes of some hours of a quantity."""
    return _fetch(_EXTENTS, question, hours, known)


def silences(question: Question, *, longest_s: float, known: Known) -> list[Silence]:
    """Return the readings around each stretch that is silent for so long, of a quantity or, without one, of any.

    The first follows nothing, and nothing follows the last. Values that no rollup has, such as texts, may have come in
    such a stretch; outside them none was so long in coming.
    """
    name = "".join(question.quantities)
    number = known.ids.get(name, 0)
    spans = _seen(question, known, is_raw=bool(name and not number))
    values = {f"{edge}_{source}": each for source, found in spans.items() for edge, each in found.items()}
    asked = {"sensor": question.sensor, "name": name, "id": number, "longest": longest_s}
    found: list[Silence] = []
    last: float | None = None
    for before, first_at, last_at in fetch(_SILENCES, {**values, **asked}):
        if before is None or first_at - before >= longest_s:
            found.append((before, first_at))
        last = last_at
    return [*found, (last, None)]


def _seen(question: Question, known: Known, *, is_raw: bool) -> dict[str, dict[str, list[datetime]]]:
    start, end = question.start, question.end
    plan = plan_coverage(start, end, widest="5m", standing=Standing(None, ()) if is_raw else known.standing).spans
    return {
        source: {"starts": [low for low, _ in spans], "ends": [high for _, high in spans]}
        for source, spans in plan.items()
        if source in ("5m", "raw")
    }


def _fetch(form: str, question: Question, hours: Sequence[float], known: Known, **more: Any) -> list[Any]:
    """Return the rows of a query of the five minutes of some hours."""
    coverage = _coverage(question, hours, known)
    if not any(coverage.spans.values()):
        return []
    (name,) = question.quantities
    asked, cut = [Asked(0, known.ids.get(name, -1), name)], Cut(False, question.calendar)
    text, values = statement_of(question.sensor, asked, "5m", cut, coverage, borders=[], extras=True)
    return fetch(form.format(buckets=text), {**values, **more})


def _coverage(question: Question, hours: Sequence[float], known: Known) -> Coverage:
    found, (start, end) = Coverage(), known.clipped(question)
    for hour in map(instant, hours):
        low, high = max(hour, start), min(hour + _HOUR, end)
        if low >= high:
            continue
        for source, spans in plan_coverage(low, high, widest="5m", standing=known.standing).spans.items():
            for span in spans:
                found.add(source, *span)
    return found


def _joined(rows: Sequence[tuple[float, float, float, float, float, float, float, bool, bool]]) -> Iterator[Run]:
    """Join the first and the last bucket of each run."""
    begun: Run | None = None
    for t, first_at, last_at, low, high, first, last, is_mixed, begins in rows:
        if begins:
            if begun:
                yield begun
            begun = Run(t, first_at, last_at, low, high, first, last, is_mixed)
        elif begun:
            begun = Run(begun.start, begun.first_at, last_at, begun.low, begun.high, begun.first, last, begun.is_mixed)
    if begun:
        yield begun
