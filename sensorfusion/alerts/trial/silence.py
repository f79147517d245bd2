"""Rules about silence: only the readings around a gap can decide anything.

Rollups say where a gap may be: the readings in them are some of all, so each gap is inside one of theirs.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.trial.judge import Judge
from sensorfusion.alerts.trial.readings import History
from sensorfusion.domain.alert_rules.conditions import Signal
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups.buckets import instant
from sensorfusion.readings.rollups.known import known_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.rollups.runs import BUCKET_S, silences
from sensorfusion.readings.stored.excluded import COUNTS
from sensorfusion.readings.stored.selection import select

# A reading whose values are excluded was sent all the same.
_INSIDE: Final = select(
    "extract(epoch FROM r.observed_at)::float8",
    since="to_timestamp(s)",
    before="to_timestamp(e)",
    is_timely=True,
    where=f"(%(name)s = '' OR {COUNTS})",
)
_OBSERVED: Final = f"""
SELECT found.* FROM unnest(%(starts)s::float8[], %(ends)s::float8[]) AS stretch (s, e) CROSS JOIN LATERAL (
    {_INSIDE} OFFSET 0
) AS found (at) ORDER BY at
"""


def judge_silence(judge: Judge, history: History) -> None:
    """Pass over readings that follow each other soon: with each, a rule about silence is ok."""
    is_first = True
    for observed in _around_gaps(history, judge.hold_s):
        if is_first and observed:
            judge.judge([_heard(history, observed[0])])
            is_first = False
        for at, following in pairwise(observed):
            if following - at >= judge.hold_s:
                judge.pass_over(at, Signal.CLEAR)
                judge.judge([_heard(history, following)])
        if observed:
            judge.pass_over(observed[-1], Signal.CLEAR)


def _heard(history: History, at: float) -> StoredRow:
    return StoredRow(history.sensor, 0, at, at, {history.name: 0.0}, {})


def _around_gaps(history: History, longest_s: float) -> Iterator[Sequence[float]]:
    """Yield the readings of each stretch in which there may be a gap, from the one before to the one after it."""
    ends = (history.start, history.end)
    stretches = _silences(history, longest_s) if longest_s >= BUCKET_S else [(None, None)]
    bounds = [(ends[0] if low is None else low, ends[1] if high is None else high) for low, high in stretches]
    starts, stops = ([each[edge] for each in bounds] for edge in (0, 1))
    values = {"sensor": history.sensor, "name": history.name, "starts": starts, "ends": stops}
    read = [at for (at,) in fetch(_OBSERVED, values)]
    for known, (low, high) in zip(stretches, bounds, strict=True):
        inside = read[bisect_left(read, low) : bisect_left(read, high)]
        yield sorted({*inside, *(each for each in known if each is not None)})


def _silences(history: History, longest_s: float) -> Sequence[tuple[float | None, float | None]]:
    names = (history.name,) if history.name else ()
    start, end = instant(history.start), instant(history.end)
    question = Question(sensor=history.sensor, quantities=names, start=start, end=end)
    return silences(question, longest_s=longest_s, known=known_of(question))
