from sensorfusion.alerts.trial.codes import SIGNALS, codes_of
from sensorfusion.domain.alert_rules.conditions import Condition, Rule


def test_true_is_not_one() -> None:
    rule = Rule(condition=Condition.EQUALS, expected=True)

    codes = codes_of(rule, [1, True, 1.0, "true", False])

    assert [SIGNALS[each].value for each in codes] == ["clear", "over", "clear", "clear", "clear"]
