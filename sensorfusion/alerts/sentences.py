"""What pages say of a rule and of an alert, in the reader's units."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from sensorfusion.alerts.models import Alert, AlertRule
from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal
from sensorfusion.domain.normalise import is_number
from sensorfusion.reports.words import span
from sensorfusion.web.looks import inside
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.presentation import AS_USUAL, Presentation

OUTCOMES: Final = {
    "cleared": "cleared",
    "corrected": "its readings were corrected or excluded",
    "out_of_hours": "the rule's hours ended",
    "rule_changed": "the rule was changed",
    "left_rule": "the sensor is not watched by the rule any more",
}
_OF_VALUES: Final = frozenset({Condition.ABOVE, Condition.BELOW, Condition.OUTSIDE, Condition.EQUALS})
# A value alone does not say whether these still hold: the change, or the flag, may be gone while the alert clears.
_PAST: Final = {
    Condition.RISES: ("rising", "rose"),
    Condition.FALLS: ("falling", "fell"),
    Condition.CHANGES: ("changing", "changed"),
    Condition.SUSPECT: ("flagged", "was flagged"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one sensor's rules and alerts for one reader."""

    system: str
    presentation: Presentation = AS_USUAL

    def rule(self, rule: AlertRule) -> str:
        """Say what a rule waits for: temperature above −18 °C for 10 min."""
        limits = {name: getattr(rule, name) for name in ("than", "high", "low", "expected", "for_s", "within_s")}
        said = self._condition(rule.condition, rule.quantity, limits)
        label = self._label(rule.quantity)
        waits = f" for {span(rule.for_s)}" if rule.for_s and rule.condition != Condition.SILENT else ""
        words = f"{label} {said}{waits}".strip()
        return words[:1].upper() + words[1:]

    def alert(self, alert: Alert, *, now: datetime, value: object, is_firing: bool = False) -> str:
        """Say what is the matter: Freezer 2: temperature is −14.2 °C, above −18 °C for 11 min.

        :param is_firing: `now` is when it fires, so its condition holds.
        """
        condition = str(alert.rule_was.get("condition", ""))
        lasts = span(((alert.ended_at or now) - alert.began_at).total_seconds())
        if condition == Condition.SILENT:
            return f"{alert.sensor.name} has sent nothing for {lasts}."
        said = self._condition(condition, alert.quantity, alert.rule_was)
        subject = f"{alert.sensor.name}: {self._label(alert.quantity)}"
        if condition in _PAST and not is_firing and not alert.ended_at:
            return f"{subject} {self._past(alert, condition, said, value)}. {_age(lasts)}"
        if value is None or alert.ended_at:
            return f"{subject} {said} for {lasts}."
        is_now = self.measured(alert, value)
        if condition in _OF_VALUES and rule_of(alert.rule_was).signal(value) is not Signal.OVER:
            return f"{subject} was {said} and is {is_now} now. {_age(lasts)}"
        if condition == Condition.EQUALS:
            return f"{subject} has been {said} for {lasts}."
        if alert.rule_was.get("than"):
            return f"{subject} has been {said} for {lasts} and is {is_now} now."
        return f"{subject} is {is_now}, {said} for {lasts}."

    def _past(self, alert: Alert, condition: str, said: str, value: object) -> str:
        present, past = _PAST[Condition(condition)]
        is_now = "" if value is None else f" and is {self.measured(alert, value)} now"
        return f"{said.replace(present, past, 1)}{is_now}"

    def what(self, alert: Alert) -> str:
        """Say what an alert was about: Freezer 2: temperature above −18 °C."""
        condition = str(alert.rule_was.get("condition", ""))
        said = self._condition(condition, alert.quantity, alert.rule_was)
        return f"{alert.sensor.name}: {self._label(alert.quantity)} {said}".replace(":  ", ": ")

    def clears(self, rule: AlertRule) -> str:
        """Say where an alert of a rule is over, if that is not at its limits: Clear at −18.5 °C."""
        limits = [each for each in (rule.clear_high, rule.clear_low) if each is not None]
        said = [self._limit(each, rule.quantity, rule.than) for each in limits]
        return f"Clear at {' and '.join(said)}" if said else ""

    def condition(self, alert: Alert) -> str:
        """Say what an alert's rule waited for: temperature above −18 °C."""
        said = self._condition(str(alert.rule_was.get("condition", "")), alert.quantity, alert.rule_was)
        return f"{self._label(alert.quantity)} {said}".strip()

    def measured(self, alert: Alert, value: object) -> str:
        """Write a value so that it is not the limit that it exceeds; the limit of a change is no value."""
        is_of_values = alert.rule_was.get("condition") in _OF_VALUES
        limits = [alert.rule_was.get(name) for name in ("high", "low")] if is_of_values else []
        than = str(alert.rule_was.get("than", ""))
        if than and is_number(value):
            return self._more(float(value), limits, alert.quantity, than)
        return self.display(alert.quantity).apart(value, limits)

    def _more(self, by: float, limits: list[Any], quantity: str, than: str) -> str:
        """Say how much more a quantity is than another one: 0.4 °C below surface temperature."""
        if not by:
            return f"the same as {self._label(than)}"
        sizes = [abs(each) for each in limits if is_number(each)]
        size = self.display(quantity, than).apart(abs(by), sizes)
        return f"{size} {'above' if by > 0 else 'below'} {self._label(than)}"

    def _limit(self, limit: Any, quantity: str, than: str) -> str:
        """Write a limit; of a rule that compares two quantities as the other one and what is added to it."""
        if not than:
            return self.display(quantity).exact(limit)
        size = self.display(quantity, than).exact(abs(limit or 0.0))
        return f"{self._label(than)} {'plus' if limit > 0 else 'less'} {size}" if limit else self._label(than)

    def number(self, quantity: str, value: object) -> str:
        return self.display(quantity).text(value)

    def _condition(self, condition: str, quantity: str, limits: dict[str, Any]) -> str:
        shown, than = self.display(quantity), str(limits.get("than") or "")
        high, low = (partial(self._limit, limits.get(name), quantity, than) for name in ("high", "low"))
        size = partial(shown.exact_size, limits.get("high") or 0.0)
        within = span(float(limits.get("within_s") or 0))
        said: dict[str, Callable[[], str]] = {
            Condition.ABOVE: lambda: f"above {high()}",
            Condition.BELOW: lambda: f"below {low()}",
            Condition.OUTSIDE: lambda: f"outside {low()} to {high()}",
            Condition.RISES: lambda: f"rising by more than {size()} within {within}",
            Condition.FALLS: lambda: f"falling by more than {size()} within {within}",
            Condition.CHANGES: lambda: f"changing by more than {size()} within {within}",
            Condition.SILENT: lambda: f"no data for {_silence(limits)}",
            Condition.SUSPECT: lambda: "flagged as suspect",
            Condition.EQUALS: lambda: shown.text(limits.get("expected")),
        }
        return said[condition]() if condition in said else ""

    def display(self, quantity: str, than: str = "") -> Display:
        """Return how a quantity is shown, or what it has more than another one."""
        shown = self.presentation.display(quantity, self.system)
        return of_differences(shown) if than else shown

    def _label(self, quantity: str) -> str:
        return inside(self.presentation.looks(quantity).label) if quantity else ""


def of_differences(shown: Display) -> Display:
    """Return how differences of a quantity are shown: without the zero point of its unit."""
    return replace(shown.linear, offset=0.0)


def _age(lasts: str) -> str:
    return f"The alert is {lasts} old and not over yet."


def rule_of(was: dict[str, Any]) -> Rule:
    """Return the rule that an alert was caused by, as far as its limits go."""
    limits: dict[str, Any] = {name: was.get(name) for name in ("high", "low", "clear_high", "clear_low", "expected")}
    return Rule(condition=Condition(str(was["condition"])), **limits)


def _silence(limits: dict[str, Any]) -> str:
    return span(float(limits["for_s"])) if limits.get("for_s") else "five times its usual interval"
