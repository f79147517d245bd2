from typing import Any

import pytest

from sensorfusion.domain.alert_rules.conditions import Condition, Rule
from sensorfusion.domain.alert_rules.limits import mistake


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"condition": Condition.ABOVE}, "high"),
        ({"condition": Condition.ABOVE, "high": float("nan")}, "high"),
        ({"condition": Condition.ABOVE, "high": 1.0, "clear_high": 2.0}, "clear_high"),
        ({"condition": Condition.BELOW}, "low"),
        ({"condition": Condition.BELOW, "low": 1.0, "clear_low": 0.0}, "clear_low"),
        ({"condition": Condition.OUTSIDE, "high": 1.0}, "low"),
        ({"condition": Condition.OUTSIDE, "high": 1.0, "low": 1.0}, "low"),
        ({"condition": Condition.RISES, "high": 1.0}, "within_s"),
        ({"condition": Condition.RISES, "high": 1.0, "within_s": 90_000.0}, "within_s"),
        ({"condition": Condition.FALLS, "high": 0.0, "within_s": 60.0}, "high"),
        ({"condition": Condition.EQUALS}, "expected"),
        ({"condition": Condition.EQUALS, "expected": "x" * 256}, "expected"),
        ({"condition": Condition.SUSPECT, "for_s": -1.0}, "for_s"),
        ({"condition": Condition.SUSPECT, "clear_for_s": 1e6}, "clear_for_s"),
    ],
)
def test_rule_that_makes_no_sense_names_its_field(fields: dict[str, Any], field: str) -> None:
    found = mistake(Rule(**fields), quantity="temperature")

    assert found is not None
    assert found.field == field


def test_only_silence_needs_no_quantity() -> None:
    assert mistake(Rule(condition=Condition.SILENT), quantity="") is None
    found = mistake(Rule(condition=Condition.ABOVE, high=1.0), quantity="")
    assert found is not None
    assert found.field == "quantity"


def test_rule_in_order_has_no_mistake() -> None:
    rule = Rule(condition=Condition.OUTSIDE, high=8, low=2, clear_high=7, clear_low=3, for_s=600)

    assert mistake(rule, quantity="temperature") is None
