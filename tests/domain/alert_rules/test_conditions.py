import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal, Window

FREEZER = Rule(condition=Condition.ABOVE, high=-18, clear_high=-18.5)
BAND = Rule(condition=Condition.OUTSIDE, low=2, high=8, clear_low=3, clear_high=7)


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (FREEZER, -17.9, Signal.OVER),
        (FREEZER, -18, Signal.BETWEEN),
        (FREEZER, -18.5, Signal.CLEAR),
        (BAND, 1.9, Signal.OVER),
        (BAND, 8.1, Signal.OVER),
        (BAND, 2.5, Signal.BETWEEN),
        (BAND, 7.5, Signal.BETWEEN),
        (BAND, 5, Signal.CLEAR),
        (Rule(condition=Condition.BELOW, low=0, clear_low=1), -0.1, Signal.OVER),
        (Rule(condition=Condition.BELOW, low=0, clear_low=1), 0.5, Signal.BETWEEN),
        (Rule(condition=Condition.BELOW, low=0, clear_low=1), 1, Signal.CLEAR),
        (Rule(condition=Condition.BELOW, low=0), 0, Signal.CLEAR),
        (Rule(condition=Condition.EQUALS, expected="open"), "open", Signal.OVER),
        (Rule(condition=Condition.EQUALS, expected="open"), "closed", Signal.CLEAR),
        (Rule(condition=Condition.EQUALS, expected=True), True, Signal.OVER),
        (Rule(condition=Condition.EQUALS, expected=True), 1, Signal.CLEAR),
        (Rule(condition=Condition.SUSPECT), True, Signal.OVER),
        (Rule(condition=Condition.SILENT), 20.0, Signal.CLEAR),
        (FREEZER, "warm", Signal.UNKNOWN),
        (FREEZER, True, Signal.UNKNOWN),
    ],
)
def test_value_is_over_clear_or_between(rule: Rule, value: object, expected: Signal) -> None:
    assert rule.signal(value) is expected


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(-5, 5)), min_size=1),
    st.sampled_from([Condition.RISES, Condition.FALLS, Condition.CHANGES]),
)
def test_window_agrees_with_all_values_in_it(steps: list[tuple[int, int]], condition: Condition) -> None:
    window, at, seen = Window(condition, 60), 0, []
    for step, value in steps:
        at += step
        seen.append((at, value))
        inside = [each for when, each in seen if when >= at - 60]
        rise, fall = value - min(inside), max(inside) - value
        expected = {Condition.RISES: rise, Condition.FALLS: fall}.get(condition, max(rise, fall))

        assert window.add(at, value) == expected
