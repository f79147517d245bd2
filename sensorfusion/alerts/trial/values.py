"""Rules about texts, flags and directions, which no rollup has: judged by runs of readings that say the same."""

from typing import Any

import msgspec

from sensorfusion.alerts.trial.judge import Judge
from sensorfusion.alerts.trial.readings import OF_FLAGS, OF_NUMBERS, OF_STATES, History
from sensorfusion.domain.alert_rules.conditions import Condition, Rule
from sensorfusion.readings.rollups.runs import sides


def judge_values(judge: Judge, history: History) -> None:
    """Judge a rule by the readings at which what they say changes."""
    for first, last_at in history.runs(*_classes(judge.rule.rule)):
        judge.judge_run_of(first, last_at)


def _classes(rule: Rule) -> tuple[str, dict[str, Any]]:
    if rule.condition is Condition.SUSPECT:
        return OF_FLAGS, {}
    if rule.condition is Condition.EQUALS:
        return OF_STATES, {"expected": msgspec.json.encode(rule.expected).decode()}
    limits = (rule.high, rule.low, rule.clear_high, rule.clear_low)
    return OF_NUMBERS, {"edges": sides(each for each in limits if each is not None)}
