"""The rules of a sensor that are judged together, against the machine that judges each of them by itself."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sensorfusion.alerts.evaluation.following import NEVER, follow
from sensorfusion.alerts.evaluation.rules import LoadedRule, StoredRow
from sensorfusion.alerts.evaluation.sensor_rules import Decided, SensorRules
from sensorfusion.alerts.evaluation.writes import Entry
from sensorfusion.domain.alert_rules.conditions import Condition, Rule
from sensorfusion.domain.alert_rules.hours import Hours
from sensorfusion.domain.alert_rules.machine import Decision, Phase, State, Step, advance, next_at, observe, watched

START: Final = datetime(2026, 10, 24, 22, 30, tzinfo=UTC).timestamp()  # Warsaw's clocks go back 2.5 h later
HOLD_S: Final = 600.0
SILENT_S: Final = 400.0
NIGHT: Final = Hours(ZoneInfo("Europe/Warsaw"), starts_min=60, ends_min=180)
SENSOR: Final = 7


def loaded(number: int, quantity: str, rule: Rule) -> LoadedRule:
    silent_s = SILENT_S if rule.condition is Condition.SILENT else None
    changed_at = datetime.fromtimestamp(START, UTC)
    return LoadedRule(number, 1, SENSOR, quantity, "warning", "", changed_at, rule, {}, silent_s)


def limited(condition: Condition, low: float, high: float, apart: float, **more: Any) -> tuple[str, Rule]:
    given: dict[str, Any] = {} if condition is Condition.ABOVE else {"low": low, "clear_low": low + apart}
    given |= {} if condition is Condition.BELOW else {"high": high, "clear_high": high - apart}
    return "temperature", Rule(condition=condition, **given, **more)


durations = st.sampled_from((0.0, 0.0, 120.0, 900.0))
more = {"for_s": durations, "clear_for_s": durations, "hours": st.sampled_from((None, None, NIGHT))}
with_limits = st.builds(
    limited,
    st.sampled_from((Condition.ABOVE, Condition.BELOW, Condition.OUTSIDE)),
    low=st.integers(-3, -1),
    high=st.integers(1, 3),
    apart=st.sampled_from((0, 0.5)),
    **more,
)
without_limits = st.one_of(
    st.builds(
        lambda condition, **more: ("temperature", Rule(condition=condition, high=2, within_s=300.0, **more)),
        st.sampled_from((Condition.RISES, Condition.FALLS, Condition.CHANGES)),
        **more,
    ),
    st.builds(
        lambda on, **more: ("contact", Rule(condition=Condition.EQUALS, expected=on, **more)), st.booleans(), **more
    ),
    st.builds(lambda **more: ("temperature", Rule(condition=Condition.SUSPECT, **more)), **more),
    st.builds(lambda name: (name, Rule(condition=Condition.SILENT)), st.sampled_from(("", "temperature"))),
)
numbers = st.sampled_from((0, 0.0, 0.5, 1, -1, 1.5, 2.5, -2.5, 5, True, "off"))
values = st.fixed_dictionaries({}, optional={"temperature": numbers, "contact": st.booleans()})
flags = st.sampled_from(({}, {}, {}, {"temperature": 3}, {"temperature": 4}))
# Seconds since the one before, how late it is, its values, and whether it is judged at once.
readings = st.tuples(
    st.sampled_from((60, 60, 60, 0, 300, 700, -120, -3700)),
    st.sampled_from((1, 1, 1, 300, 900)),
    values,
    flags,
    st.booleans(),
)
waits = st.sampled_from((30.0, 500.0, 4000.0))


@dataclass
class Alone:
    """A rule judged by the machine at each reading, and at each look at the clock."""

    rule: LoadedRule
    hold_s: float
    state: State
    value: object = None
    decisions: list[Decision] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.window = self.rule.window()

    def judge(self, rows: list[StoredRow]) -> None:
        is_again, before = False, len(self.decisions)
        for row in rows:
            is_silence, last_at = self.rule.rule.condition is Condition.SILENT, self.state.last_at
            is_ok = self.state.phase is Phase.OK
            if last_at is not None and not is_silence and (row.at < last_at or (row.at == last_at and not is_ok)):
                is_again = is_again or not is_ok
            elif seen := self.rule.observation(row, self.window):
                self.value = row.values.get(self.rule.quantity)
                self._step(observe(self.rule.rule, self.state, seen, hold_s=self.hold_s))
        if is_again and len(self.decisions) == before and self.state.phase is not Phase.OK:
            self._step(forgotten(self.state))

    def advance(self, before: float) -> None:
        self._step(advance(self.rule.rule, self.state, before=before, hold_s=self.hold_s))

    @property
    def due_at(self) -> float:
        due = next_at(self.rule.rule, self.state, hold_s=self.hold_s)
        return NEVER if due is None else due

    def _step(self, step: Step) -> None:
        self.state, new = step
        self.decisions += new


def forgotten(state: State) -> Step:
    """Stand for a second judgement of an alert, which finds nothing of it left."""
    return State(state.decided_until, last_at=state.last_at, signal=state.signal), ()


class Both:
    def __init__(self, rules: list[tuple[str, Rule]]) -> None:
        made = [loaded(number, *each) for number, each in enumerate(rules)]
        begun = [watched(each.rule, since=START) for each in made]
        self.entries = [
            Entry(each, SENSOR, 0, state, window=each.window(), hold_s=each.silent_s or HOLD_S)
            for each, state in zip(made, begun, strict=True)
        ]
        self.alone = [Alone(each, each.silent_s or HOLD_S, state) for each, state in zip(made, begun, strict=True)]
        self.rules = SensorRules(self.entries)
        self.decided: list[list[Decision]] = [[] for _ in made]
        self.seq = 0

    def judge(self, rows: list[StoredRow]) -> None:
        self.seq = max((row.seq for row in rows), default=self.seq)
        ordered = sorted(rows, key=lambda row: row.at)
        self._note(self.rules.judge(ordered, seen=self.seq, repeated=lambda entry: forgotten(entry.state)))
        for each in self.alone:
            each.judge(ordered)
        self._compare_due()

    def advance(self, before: float) -> None:
        if self.rules.due_at < before:
            self._note(self.rules.advance(before))
        for each in self.alone:
            each.advance(before)
        self._compare_due()

    def compare(self) -> None:
        self.rules.write_back()
        assert [(each.state, each.value) for each in self.entries] == [(each.state, each.value) for each in self.alone]
        assert {each.seq for each in self.entries} == {self.seq}
        assert self.decided == [each.decisions for each in self.alone]

    def _note(self, found: Decided) -> None:
        for entry, decisions in found:
            self.decided[entry.loaded.id] += decisions

    def _compare_due(self) -> None:
        assert self.rules.due_at <= min(each.due_at for each in self.alone)


@settings(max_examples=200)
@example(
    rules=[limited(Condition.ABOVE, 0, 2, 0)],
    steps=[(60, 1, {"temperature": 0.5}, {}, True), 4000.0, (-3700, 1, {"temperature": 0.5}, {}, True)],
    is_compared=True,
)
@given(
    rules=st.lists(st.one_of(with_limits, with_limits, without_limits), min_size=1, max_size=12),
    steps=st.lists(st.one_of(readings, readings, readings, waits), min_size=1, max_size=40),
    is_compared=st.booleans(),
)
def test_rules_judged_together_decide_what_each_decides_by_itself(
    rules: list[tuple[str, Rule]], steps: list[Any], is_compared: bool
) -> None:
    both = Both(rules)
    at, seq = START, 0
    waiting: list[StoredRow] = []
    for step in steps:
        if isinstance(step, float):
            both.judge(waiting)
            waiting = []
            at += step
            both.advance(at)
            continue
        after, late, found, flagged, is_judged = step
        at, seq = at + after, seq + 1
        waiting.append(StoredRow(SENSOR, seq, at, at + late, found, flagged))
        if is_judged:
            both.judge(waiting)
            waiting = []
        if is_compared and not waiting:
            both.compare()
    both.judge(waiting)
    both.compare()


def test_value_between_the_limits_is_compared_for_all_rules_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules themselves are asked when a value exceeds a limit: one of ten."""
    both = Both([limited(Condition.ABOVE, 0, 10 + number, 0) for number in range(10)])
    both.judge([StoredRow(SENSOR, 1, START + 1, START + 2, {"temperature": 5.0}, {})])
    followed: list[int] = []

    def followed_by(entry: Entry, *given: Any) -> Any:
        followed.append(entry.loaded.id)
        return follow(entry, *given)

    monkeypatch.setattr("sensorfusion.alerts.evaluation.sensor_rules.follow", followed_by)

    both.judge([StoredRow(SENSOR, 2, START + 60, START + 61, {"temperature": 9.0}, {})])
    assert followed == []
    both.judge([StoredRow(SENSOR, 3, START + 120, START + 121, {"temperature": 10.5}, {})])
    assert followed == [0]
    both.judge([StoredRow(SENSOR, 4, START + 180, START + 181, {"temperature": 9.0}, {})])
    both.judge([StoredRow(SENSOR, 5, START + 240, START + 241, {"temperature": 9.0}, {})])

    assert followed == [0, 0]
    both.compare()
    assert [len(each) for each in both.decided] == [2, *[0] * 9]
