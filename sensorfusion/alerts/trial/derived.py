"""Rules about what no reading holds: derived quantities, and what one quantity has more than another.

Judged by every reading that has an input, a week at a time.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from sensorfusion.alerts.evaluation.derived import Deriver, deriver
from sensorfusion.alerts.evaluation.rows import counting
from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.trial.judge import Judge
from sensorfusion.alerts.trial.readings import History
from sensorfusion.domain.alert_rules.pairs import Pair
from sensorfusion.domain.weather.derivation import AT_ONCE, RECIPES
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.queries import BELONGS_TOGETHER_S, newest, place_of
from sensorfusion.readings.stored.excluded import EXCLUDED
from sensorfusion.readings.stored.selection import select
from sensorfusion.sensors.models import Sensor

AT_ONCE_S: Final = timedelta(days=7).total_seconds()
_READ: Final = select(
    f"""extract(epoch FROM r.observed_at)::float8, r."values"::text, r.flags::text,
        (SELECT array_agg(exclusion.quantity::text) {EXCLUDED})""",
    since="to_timestamp(%(start)s)",
    before="to_timestamp(%(end)s)",
    is_timely=True,
    where='r."values" ?| %(inputs)s',
    then="ORDER BY r.observed_at",
)


def deriver_of(sensor: int, name: str) -> Deriver | None:
    """Return what derives a value of a sensor, or None if that sends it, or it cannot be derived."""
    if name not in AT_ONCE and not Pair.of(name):
        return None
    found = Sensor.objects.select_related("site").get(pk=sensor)
    return deriver([name], newest([sensor])[sensor].values, place_of(found))


def inputs_of(name: str) -> list[str]:
    """Return all quantities on which a value may depend."""
    found = set(Pair.of(name) or (name,))
    for each in AT_ONCE & found:
        found |= {*(one for names in RECIPES[each].needs for one in names), *RECIPES[each].takes}
    return sorted(found)


def judge_derived(judge: Judge, history: History, derive: Deriver) -> None:
    """Judge a rule by what each reading derives."""
    for rows in _weeks(history, inputs_of(history.name)):
        completed = derive.completed(rows)
        judge.judge(row for row in completed if row.at >= history.start)


def _weeks(history: History, inputs: Sequence[str]) -> Iterator[list[StoredRow]]:
    start = history.start - BELONGS_TOGETHER_S
    while start < history.end:
        end = min(start + AT_ONCE_S, history.end)
        values = {"sensor": history.sensor, "start": start, "end": end, "inputs": inputs}
        yield [_row(history.sensor, *row) for row in fetch(_READ, values)]
        start = end


def _row(sensor: int, at: float, values: str, flags: str | None, excluded: list[str] | None) -> StoredRow:
    return StoredRow(sensor, 0, at, at, counting(values, excluded), msgspec.json.decode(flags) if flags else {})
