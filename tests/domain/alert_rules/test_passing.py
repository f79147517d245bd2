"""What is passed over, against the machine."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal
from sensorfusion.domain.alert_rules.hours import Hours
from sensorfusion.domain.alert_rules.machine import Observation, Phase, State, observe
from sensorfusion.domain.alert_rules.passing import is_settled, passed, span

HOLD_S = 60.0
MORNING = Hours(ZoneInfo("UTC"), starts_min=0, ends_min=1)  # the first minute of 1970 and of each day after it

instants = st.integers(0, 200).map(float)
signals = st.sampled_from(Signal)
conditions = st.sampled_from((Condition.ABOVE, Condition.SILENT, Condition.EQUALS))
rules = st.builds(
    Rule,
    condition=conditions,
    high=st.just(0.0),
    for_s=st.sampled_from((0.0, 30.0)),
    hours=st.sampled_from((None, MORNING)),
)
states = st.builds(
    State,
    decided_until=instants,
    phase=st.sampled_from(Phase),
    since=instants,
    last_at=st.one_of(st.none(), instants),
    signal=signals,
)
observations = st.builds(Observation, at=instants, signal=signals, is_fresh=st.booleans())
limits = st.one_of(st.none(), st.integers(-3, 3).map(float))


@given(rules, states, observations)
def test_what_is_passed_is_what_the_machine_says(rule: Rule, state: State, seen: Observation) -> None:
    found = passed(rule, state, seen, hold_s=HOLD_S)

    if found is not None:
        assert (found, ()) == observe(rule, state, seen, hold_s=HOLD_S)
        assert is_settled(found)


def test_value_that_exceeds_nothing_is_passed_while_the_rule_is_ok_and_a_silence_is_not() -> None:
    ok = State(10.0, last_at=10.0, signal=Signal.CLEAR)
    above, silent = (Rule(condition=each, high=0.0) for each in (Condition.ABOVE, Condition.SILENT))
    late = Observation(10.0 + HOLD_S, Signal.CLEAR)

    assert passed(above, ok, late, hold_s=HOLD_S) == State(70.0, last_at=70.0, signal=Signal.CLEAR)
    assert passed(silent, ok, late, hold_s=HOLD_S) is None
    assert passed(above, ok, Observation(20.0, Signal.OVER), hold_s=HOLD_S) is None


@given(st.sampled_from((Condition.ABOVE, Condition.BELOW, Condition.OUTSIDE)), limits, limits, st.integers(-4, 4))
def test_values_of_the_span_are_those_that_exceed_nothing(
    condition: Condition, low: float | None, high: float | None, value: int
) -> None:
    rule = Rule(condition=condition, low=low, high=high)
    limits = span(rule)

    assert limits is not None
    assert (limits[0] <= value <= limits[1]) == (rule.signal(value) is not Signal.OVER)


def test_other_conditions_have_no_span() -> None:
    assert [each for each in Condition if span(Rule(condition=each, high=1.0, low=0.0))] == [
        Condition.ABOVE, Condition.BELOW, Condition.OUTSIDE,
    ]  # fmt: skip
