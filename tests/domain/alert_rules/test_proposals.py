"""Which rule is proposed for a quantity that was seen between two values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.proposals import proposal, silence


@pytest.mark.parametrize(
    ("name", "low", "high", "expected"),
    [
        ("temperature", -21.0, -19.0, ("critical", Condition.ABOVE, -18.0)),
        ("temperature", -21.0, -16.2, ("critical", Condition.ABOVE, -15.0)),
        ("temperature", 3.0, 19.0, ("warning", Condition.BELOW, 0.0)),
        ("soil_temperature", 3.0, 19.0, ("warning", Condition.BELOW, 0.0)),
        ("temperature", 18.0, 24.0, ("info", Condition.ABOVE, 25.0)),
        ("battery", 60.0, 95.0, ("warning", Condition.BELOW, 20.0)),
        ("co2", 420.0, 900.0, ("warning", Condition.ABOVE, 1400.0)),
        ("humidity", 40.0, 60.0, ("info", Condition.ABOVE, 70.0)),
        ("pm2_5", 2.0, 31.0, ("info", Condition.ABOVE, 34.0)),
    ],
)
def test_limit_follows_from_the_quantity_and_its_extremes(
    name: str, low: float, high: float, expected: tuple[str, Condition, float]
) -> None:
    made = proposal(name, low=low, high=high)

    assert made is not None
    limit = made.fields["low" if made.condition is Condition.BELOW else "high"]
    assert (made.severity, made.condition, round(limit, 6)) == expected


def test_nothing_is_proposed_that_no_good_value_can_pass() -> None:
    assert proposal("humidity", low=40.0, high=98.0) is None


def test_leak_is_critical_without_any_history() -> None:
    made = proposal("leak", low=None, high=None)

    assert made is not None
    assert (made.severity, made.fields) == ("critical", {"expected": True})


@pytest.mark.parametrize("name", ["rain_total", "wind_direction"])
def test_totals_and_directions_have_no_limit(name: str) -> None:
    assert proposal(name, low=0.0, high=300.0) is None


def test_silence_is_by_the_sensor_s_own_interval() -> None:
    assert silence().fields == {"for_s": 0.0}


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_limit_of_an_unknown_quantity_is_beyond_what_was_seen(low: float, size: float) -> None:
    made = proposal("flow_of_something", low=low, high=low + size)

    assert made is not None
    assert made.fields["high"] > low + size
