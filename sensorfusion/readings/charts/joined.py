"""Joins the derived past of a quantity with what its sensor sends itself, from the first value that it sent on.

A console that is updated, or replaced, may begin to send its dew point. What was derived before is not lost then: rows
before the first stored value are derived, and the answer says where the stored ones begin. What is derived from one of
several quantities, such as the rate of rain, follows the preferred one from its first value on, and others before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sensorfusion.domain.weather.derivation import RECIPES
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.rollups.buckets import Column, Number, Table
from sensorfusion.readings.stored.selection import select

# Rollups know which quantities they hold; only what is not rolled up yet is sought in readings. No day has over 25 h.
_NOT_ROLLED_UP: Final = select(
    "",
    since="coalesce((SELECT rolled_up_until FROM sensor_state WHERE sensor_id = %(sensor)s), '-infinity')",
    before="%(start)s",
    where='r."values" ? asked.name',
)
_BEGAN: Final = f"""
SELECT asked.name FROM unnest(%(names)s::text[]) AS asked (name) LEFT JOIN quantity_name AS known USING (name)
WHERE EXISTS (
    SELECT FROM rollup_1d WHERE sensor_id = %(sensor)s AND start <= %(start)s - interval '25 h'
    AND known.id = ANY (quantities)
) OR EXISTS (
    SELECT FROM rollup_5m WHERE sensor_id = %(sensor)s AND start > %(start)s - interval '26 h' AND start < %(start)s
    AND last_at < %(start)s AND known.id = ANY (quantities)
) OR EXISTS (
    {_NOT_ROLLED_UP}
)
"""


def only_needed(question: ChartQuestion) -> ChartQuestion:
    """Leave out what tells nothing in the range: joins of quantities that were sent before, and inputs likewise."""
    inputs = {**question.derived, **question.joined}
    if not question.joined and not any(RECIPES[name].has_alternatives(of) for name, of in inputs.items()):
        return question
    asked = {*question.joined, *(each for of in inputs.values() for each in of)}
    given = {"names": sorted(asked), "sensor": question.sensor, "start": question.start}
    began = {name for (name,) in fetch(_BEGAN, given)}
    joined = {name: of for name, of in question.joined.items() if name not in began}
    return _telling(replace(question, joined=joined), lambda _, preferred: began.isdisjoint(preferred))


def only_telling(question: ChartQuestion, table: Table) -> ChartQuestion:
    """Leave out joins of quantities that were sent from the first row on, as there is no past to derive, and inputs
    that begin behind the ones that are preferred to them; in the same bucket, both may tell.
    """
    begins = {name: _begin(column.value) for name, column in table.columns.items()}
    joined = {
        name: of for name, of in question.joined.items() if begins[name] > min((begins[each] for each in of), default=0)
    }
    question = replace(question, joined=joined)
    return _telling(question, lambda name, preferred: begins[name] <= min(begins[each] for each in preferred))


def _telling(question: ChartQuestion, tells: Callable[[str, Sequence[str]], bool]) -> ChartQuestion:
    derived, joined = (
        {name: RECIPES[name].telling(of, tells) for name, of in each.items()}
        for each in (question.derived, question.joined)
    )
    return replace(question, derived=derived, joined=joined)


def _begin(values: Sequence[Number]) -> int:
    return next((place for place, value in enumerate(values) if value is not None), len(values))


def join(
    question: ChartQuestion, table: Table, derived: Mapping[str, Column]
) -> tuple[dict[str, Column], dict[str, float]]:
    """Return the columns that have derived rows, and the instants at which their stored rows begin, if they do."""
    columns, stored_from = {}, {}
    for name in question.joined:
        stored = table.columns[name]
        begin = _begin(stored.value)
        if all(value is None for value in derived[name].value[:begin]):
            continue
        columns[name] = _joined(derived[name], stored, begin)
        if begin < len(table.t):
            stored_from[name] = table.t[begin]
    return columns, stored_from


def _joined(before: Column, after: Column, begin: int) -> Column:
    return Column(
        before.value[:begin] + after.value[begin:],
        before.low[:begin] + after.low[begin:],
        before.high[:begin] + after.high[begin:],
    )
