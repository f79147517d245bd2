"""The state machine against a judge that looks at every second of the final history."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal
from sensorfusion.domain.alert_rules.hours import Hours
from sensorfusion.domain.alert_rules.machine import (
    Decision,
    Observation,
    Outcome,
    Phase,
    State,
    advance,
    next_at,
    observe,
    repeat,
    watched,
)

OVER, BETWEEN, CLEAR, UNKNOWN = Signal.OVER, Signal.BETWEEN, Signal.CLEAR, Signal.UNKNOWN
HOLD_S, END = 60, 400
TEN_S = Rule(condition=Condition.ABOVE, high=0, for_s=10)


def run(rule: Rule, seen: list[Observation], ticks: list[int] | None = None) -> list[Decision]:
    """Apply the observations in order, with a look at the clock at each tick."""
    found: list[Decision] = []
    state = watched(rule, since=0)
    events: list[tuple[float, int, Observation | None]] = [(each.at, 0, each) for each in seen]
    events += [(tick, 1, None) for tick in ticks or []]
    for at, _, each in sorted(events, key=lambda event: event[:2]):
        if each is None:
            state, new = advance(rule, state, before=at, hold_s=HOLD_S)
        else:
            state, new = observe(rule, state, each, hold_s=HOLD_S)
        found += new
    state, new = advance(rule, state, before=END, hold_s=HOLD_S)
    return [*found, *new]


@dataclass
class Judge:
    """Looks at every second of the history, and knows nothing of due instants."""

    rule: Rule
    seen: list[Observation]

    def signal(self, at: int) -> Signal:
        past = [each for each in self.seen if each.at <= at]
        if self.rule.condition is Condition.SILENT:
            last_at = past[-1].at if past else 0
            return OVER if at >= last_at + HOLD_S else CLEAR
        return past[-1].signal if past and at < past[-1].at + HOLD_S else UNKNOWN

    def decisions(self) -> list[Decision]:
        found: list[Decision] = []
        over_since = clear_since = fired_since = None
        for at in range(END):
            if self.rule.hours and not self.rule.hours.is_active(at):
                if fired_since is not None:
                    found.append(Decision(Outcome.OUT_OF_HOURS, at, fired_since))
                over_since = clear_since = fired_since = None
                continue
            signal = self.signal(at)
            over_since = (at if over_since is None else over_since) if signal is OVER else None
            clear_since = (at if clear_since is None else clear_since) if signal is CLEAR else None
            if fired_since is None and over_since is not None and at - over_since >= self.rule.for_s:
                fired_since = over_since
                found.append(Decision(Outcome.FIRED, at, fired_since))
            elif fired_since is not None and clear_since is not None and at - clear_since >= self.rule.clear_for_s:
                found.append(Decision(Outcome.CLEARED, at, fired_since))
                fired_since = None
        return found


SIGNALS = st.sampled_from([OVER, BETWEEN, CLEAR, UNKNOWN])
HISTORIES = st.dictionaries(st.integers(0, END - 1), SIGNALS, max_size=40).map(
    lambda found: [Observation(at, found[at]) for at in sorted(found)]
)
# Minutes of 1 January 1970, so that edges of the hours lie in the history.
HOURS = st.none() | st.builds(
    Hours, st.just(ZoneInfo("UTC")), st.just(frozenset(range(7))), st.integers(0, 6), st.integers(0, 6)
)
RULES = st.builds(
    Rule,
    condition=st.sampled_from([Condition.ABOVE, Condition.SILENT]),
    high=st.just(0.0),
    for_s=st.integers(0, 50).map(float),
    clear_for_s=st.integers(0, 50).map(float),
    hours=HOURS,
)


@given(RULES, HISTORIES, st.lists(st.integers(0, END)))
def test_decisions_are_those_of_the_final_history_whenever_the_clock_is_looked_at(
    rule: Rule, seen: list[Observation], ticks: list[int]
) -> None:
    assert run(rule, seen, ticks) == Judge(rule, seen).decisions()


@given(RULES, HISTORIES)
def test_late_readings_never_fire(rule: Rule, seen: list[Observation]) -> None:
    found: list[Decision] = []
    state = watched(rule, since=END)
    for each in seen:
        state, new = observe(rule, state, each._replace(is_fresh=False), hold_s=HOLD_S)
        found += new

    assert found == []
    assert state.phase is Phase.OK


@given(RULES, HISTORIES, st.integers(0, 40))
def test_judged_again_what_did_not_change_stays_as_it_is(rule: Rule, seen: list[Observation], many: int) -> None:
    state = watched(rule, since=0)
    for each in seen[:many]:
        state, _ = observe(rule, state, each, hold_s=HOLD_S)
    since = [each for each in seen[:many] if each.at >= state.since]

    again, decided = repeat(rule, state, since, hold_s=HOLD_S)

    if since and since[0].at == state.since:  # an edge of the active hours, or of the hold, may be the beginning
        assert (again.phase, again.since if again.phase is not Phase.OK else 0) == (
            state.phase,
            state.since if state.phase is not Phase.OK else 0,
        )
        assert decided == ()


def test_gap_does_not_complete_a_duration() -> None:
    rule = Rule(condition=Condition.ABOVE, high=0, for_s=100)

    assert run(rule, [Observation(0, OVER), Observation(90, OVER)]) == []
    assert run(rule, [Observation(at, OVER) for at in range(0, 150, 30)]) == [Decision(Outcome.FIRED, 100, 0)]


def test_value_that_clears_at_the_last_moment_does_not_fire() -> None:
    assert run(TEN_S, [Observation(0, OVER), Observation(10, CLEAR)]) == []
    assert run(TEN_S, [Observation(0, OVER), Observation(11, CLEAR)])[0] == Decision(Outcome.FIRED, 10, 0)


@pytest.mark.parametrize("between", [BETWEEN, CLEAR])
def test_flapping_fires_once_with_hysteresis(between: Signal) -> None:
    rule = Rule(condition=Condition.ABOVE, high=0)
    flaps = [Observation(at / 10, OVER if at % 2 else between) for at in range(1000)]

    fired = [each for each in run(rule, flaps) if each.outcome is Outcome.FIRED]

    assert len(fired) == (1 if between is BETWEEN else 500)


def test_corrected_readings_end_an_alert_that_has_nothing_left() -> None:
    state, _ = observe(TEN_S, State(0), Observation(5, OVER), hold_s=HOLD_S)
    state, [fired] = advance(TEN_S, state, before=30, hold_s=HOLD_S)

    again, decided = repeat(TEN_S, state, [Observation(5, CLEAR)], hold_s=HOLD_S)

    assert fired == Decision(Outcome.FIRED, 15, 5)
    assert again.phase is Phase.OK
    assert decided == (Decision(Outcome.CORRECTED, 15, 5),)
    assert repeat(TEN_S, state, [], hold_s=HOLD_S)[1] == (Decision(Outcome.CORRECTED, 15, 5),)


def test_next_instant_of_interest_is_the_end_of_the_wait() -> None:
    state, _ = observe(TEN_S, State(0), Observation(5, OVER), hold_s=HOLD_S)

    assert next_at(TEN_S, state, hold_s=HOLD_S) == 15
