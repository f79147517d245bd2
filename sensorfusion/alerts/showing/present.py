"""A rule that begins at the present value, as from a tile or a chart: its limit is then moved to where it should be."""

from typing import Any

from sensorfusion.alerts.models import AlertRule
from sensorfusion.alerts.showing.derived import derived_value
from sensorfusion.alerts.showing.suggestions import values_of
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.proposals import WAITS_S
from sensorfusion.domain.normalise import is_number
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.values.display import Display


def from_present(rule: AlertRule, sensor: Sensor, shown: Display) -> AlertRule:
    """Put the limits of a new rule at its quantity's value; without one it is left as it is."""
    value = present_value(sensor, rule.quantity)
    if value is None:
        return rule
    rule.low = rule.high = rule.clear_low = rule.clear_high = rule.expected = None
    if not is_number(value):
        rule.condition, rule.expected = Condition.EQUALS, value
        return rule
    is_below = rule.condition == Condition.BELOW
    rule.condition = Condition.BELOW if is_below else Condition.ABOVE
    setattr(rule, "low" if is_below else "high", _as_read(float(value), shown))
    rule.for_s = rule.for_s or WAITS_S
    return rule


def present_value(sensor: Sensor, name: str) -> Any:
    """Return what a quantity of a sensor is now: a value that it sent, or one that is derived."""
    value = values_of(sensor).get(name)
    return derived_value(sensor, name) if value is None else value


def _as_read(value: float, shown: Display) -> float:
    """Round a value to what the reader sees."""
    read = value * shown.factor + shown.offset
    step = shown.step(read)
    return (round(read / step) * step - shown.offset) / shown.factor if step else value
