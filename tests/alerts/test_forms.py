"""A rule's form asks for what fits: limits of what is measured, states of what has states, silence of anything."""

from typing import Any, Final

import pytest

from sensorfusion.alerts.forms import RuleForm
from sensorfusion.alerts.models import AlertRule
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.sensors.models import Site
from sensorfusion.web.values.presentation import AS_USUAL

STATES: Final = sorted(name for name, each in CATALOGUE.items() if each.kind == "boolean")
NUMBERS: Final = sorted(name for name, each in CATALOGUE.items() if each.kind == "number")
SILENT: Final = [("silent", "is not sent")]


def form(quantity: str, present: object = None, sent: dict[str, Any] | None = None, **rule: Any) -> RuleForm:
    one = AlertRule(site=Site(name="Home"), quantity=quantity, **rule)
    return RuleForm(sent, shown=AS_USUAL.display(quantity, "metric"), rule=one, sensor="Freezer", present=present)


def choices(asked: RuleForm, name: str) -> list[tuple[str, str]]:
    return list(asked.fields[name].choices)  # type: ignore[attr-defined]


@pytest.mark.parametrize("present", [None, True, False])
def test_of_every_quantity_with_states_one_is_chosen_by_its_word(present: bool | None) -> None:
    assert STATES
    for quantity in STATES:
        asked = form(quantity, present)
        words = [word for _, word in choices(asked, "expected")]

        assert choices(asked, "condition") == [("equals", "is"), *SILENT]
        assert [value for value, _ in choices(asked, "expected")] == ["true", "false"]
        assert words == [asked.shown.text(True), asked.shown.text(False)]


def test_nothing_measured_is_asked_for_a_state() -> None:
    for quantity in NUMBERS:
        offered = [name for name, _ in choices(form(quantity, 7.0), "condition")]

        assert "equals" not in offered
        assert {"above", "below", "outside", "rises", "silent", "suspect"} <= set(offered)


def test_a_text_is_written() -> None:
    asked = form("mode", "heating", {"condition": "equals", "expected": "cooling", "severity": "info"})

    assert choices(asked, "condition") == [("equals", "is"), *SILENT]
    assert asked.is_valid(), asked.errors
    assert asked.rule_fields()["expected"] == "cooling"


def test_silence_of_a_whole_sensor_has_no_other_condition() -> None:
    assert choices(form(""), "condition") == SILENT


def test_a_quantity_that_nothing_is_known_about_may_have_any_condition() -> None:
    assert len(choices(form("fill_of_left_tank"), "condition")) == 9


@pytest.mark.parametrize(("condition", "expected"), [("equals", False), ("silent", None)])
def test_a_state_is_stored_with_a_rule_that_waits_for_it(condition: str, expected: bool | None) -> None:
    asked = form("contact", True, {"condition": condition, "expected": "false", "severity": "info"})

    assert asked.is_valid(), asked.errors
    assert asked.rule_fields()["expected"] is expected


def test_the_condition_of_a_stored_rule_stays_even_if_it_does_not_fit_any_more() -> None:
    asked = form("contact", True, condition="suspect", pk=5)

    assert ("suspect", "is flagged as suspect") in choices(asked, "condition")
