"""Whether raw rows are tried for a chart: not if its range has too many readings, or has lost some by retention.

A page with several charts asks for all of them at once (`crowds_ahead`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final

from msgspec.json import encode

from sensorfusion.events.prepared import fetch, fetch_one
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.rollups.known import known_of
from sensorfusion.readings.stored.selection import select

# Maximum number of readings per requested point at which raw rows are tried: finding a rare quantity would mean
# searching all readings.
RAW_CROWD: Final = 5


def _crowded(first: str, end: str, most: str, points: str, has_one: str) -> str:
    return f"""
(SELECT 1 FROM sensor_state WHERE sensor_id = %(sensor)s AND raw_kept_from > {first}) UNION ALL
({select("1", since=first, until=end, then=f"OFFSET {most} LIMIT 1")}) UNION ALL
({select("1", since=first, until=end, where=has_one, then=f"OFFSET {points} LIMIT 1")}) LIMIT 1
"""


_CROWDED: Final = _crowded("%(first)s", "%(end)s", "%(most)s", "%(points)s", 'r."values" ?| %(names)s')
_WHICH: Final = f"""
SELECT place - 1 FROM unnest(
    %(firsts)s::timestamptz[], %(ends)s::timestamptz[], %(mosts)s::int[], %(points)s::int[], %(names)s::text[]
) WITH ORDINALITY AS asked (first, last, most, points, names, place) WHERE EXISTS (
    {
    _crowded(
        "asked.first",
        "asked.last",
        "asked.most",
        "asked.points",
        'r."values" ?| ARRAY(SELECT jsonb_array_elements_text(asked.names::jsonb))',
    )
}
)
"""
_ahead: ContextVar[Sequence[tuple[ChartQuestion, bool]]] = ContextVar("crowds_ahead", default=())


def is_crowded(question: ChartQuestion, first: datetime) -> bool:
    """Return whether readings are too many, too many to search for a rare quantity, or partly removed by retention.

    :param first: the first instant observed in the range.
    """
    for asked, found in _ahead.get():
        if asked == question:
            return found
    given = {
        "sensor": question.sensor,
        "first": first,
        "end": question.end,
        "most": RAW_CROWD * question.points,
        "names": list(question.stored.quantities),
        "points": question.points,
    }
    return fetch_one(_CROWDED, given) is not None


@contextmanager
def crowds_ahead(questions: Sequence[ChartQuestion]) -> Iterator[None]:
    """Ask for all charts of one sensor by one statement; it holds for the block, within `known_ahead` of them."""
    asked = [(each, known.first) for each in questions if (known := known_of(each.stored)).first]
    given = {
        "sensor": questions[0].sensor if questions else 0,
        "firsts": [first for _, first in asked],
        "ends": [each.end for each, _ in asked],
        "mosts": [RAW_CROWD * each.points for each, _ in asked],
        "points": [each.points for each, _ in asked],
        "names": [encode(each.stored.quantities).decode() for each, _ in asked],
    }
    crowded = {place for (place,) in fetch(_WHICH, given)} if asked else set()
    token = _ahead.set([(each, place in crowded) for place, (each, _) in enumerate(asked)])
    try:
        yield
    finally:
        _ahead.reset(token)
