"""When a rule would have fired on a sensor's history, by the code that judges live.

Most of a history decides nothing: while the rule is ok, no reading of an hour exceeds the limit; while it fires, none
clears it. Rollups say so. What they leave undecided is judged by readings, so the result is the same as judging every
reading, and a test holds that. `trial` has a file for each kind of condition.

A value holds as long as the sensor's interval *at that time* has it: an hourly archive of a sensor that sends each
second today is not one gap after another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sensorfusion.alerts.evaluation.rules import LoadedRule
from sensorfusion.alerts.trial.changes import Sent, is_often, judge_changes
from sensorfusion.alerts.trial.columns import judge_columns
from sensorfusion.alerts.trial.derived import deriver_of, judge_derived
from sensorfusion.alerts.trial.intervals import Intervals
from sensorfusion.alerts.trial.judge import Judge
from sensorfusion.alerts.trial.limits import Hours, is_undecided, judge_limits
from sensorfusion.alerts.trial.readings import History
from sensorfusion.alerts.trial.silence import judge_silence
from sensorfusion.domain.alert_rules.conditions import CHANGING, WITH_LIMITS, Condition
from sensorfusion.domain.alert_rules.machine import Decision, Outcome
from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.readings.stored.columns import is_kept


@dataclass(frozen=True, slots=True)
class Fired:
    """One time that the rule would have fired; `ended_at` is None if it still does. Instants are epoch seconds."""

    began_at: float
    fired_at: float
    ended_at: float | None
    outcome: Outcome | None


def preview(rule: LoadedRule, *, sensor: int, start: datetime, end: datetime, interval_s: float | None) -> list[Fired]:
    """Return the times in [start, end) at which a rule would have fired on a sensor.

    :param interval_s: the sensor's usual interval today, if known; its history may have had a longer one.
    """
    history = History(sensor, rule.judged, start.timestamp(), end.timestamp())
    judge = Judge(rule, since=history.start, interval_s=interval_s, usual_s=Intervals(sensor).usual_s)
    with snapshot():
        derive = deriver_of(sensor, rule.judged)
        if derive:
            judge_derived(judge, history, derive)
        else:
            _judge(judge, history)
        return _spans(judge.finished(end=history.end))


def _judge(judge: Judge, history: History) -> None:
    condition = judge.rule.rule.condition
    if condition is Condition.SILENT:
        judge_silence(judge, history)
    elif is_kept(history.sensor, history.name) or not _judge_by_rollups(judge, history):
        judge_columns(judge, history)


def _judge_by_rollups(judge: Judge, history: History) -> bool:
    """Judge a rule by extremes if these are known and decide most; return whether they do."""
    rule = judge.rule.rule
    if quantity(history.name).combine == "vector":
        return False
    if rule.condition in WITH_LIMITS and not is_undecided(hours := Hours(history), rule):
        judge_limits(judge, history, hours)
        return True
    if rule.condition in CHANGING and not is_often(sent := Sent(history), rule):
        judge_changes(judge, sent)
        return True
    return False


def _spans(decisions: Iterable[Decision]) -> list[Fired]:
    found: list[Fired] = []
    for each in decisions:
        if each.outcome is Outcome.FIRED:
            found.append(Fired(each.since, each.at, None, None))
        else:
            found[-1] = replace(found[-1], ended_at=each.at, outcome=each.outcome)
    return found
