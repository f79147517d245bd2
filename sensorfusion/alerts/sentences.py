"""What pages say of a rule and of an alert, in the reader's units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext, gettext_lazy

from sensorfusion.alerts import clauses
from sensorfusion.alerts.clauses import Clauses
from sensorfusion.alerts.models import Alert, AlertRule
from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal
from sensorfusion.domain.normalise import is_number
from sensorfusion.reports.words import span
from sensorfusion.web.looks import inside
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.presentation import AS_USUAL, Presentation

_NOT_NOW: Final = (clauses.WAS, clauses.PAST, clauses.PAST_AND_IS)
OUTCOMES: Final = {
    "cleared": gettext_lazy("cleared"),
    "corrected": gettext_lazy("its readings were corrected or excluded"),
    "out_of_hours": gettext_lazy("the rule's hours ended"),
    "rule_changed": gettext_lazy("the rule was changed"),
    "left_rule": gettext_lazy("the sensor is not watched by the rule any more"),
}
_OF_VALUES: Final = frozenset({Condition.ABOVE, Condition.BELOW, Condition.OUTSIDE, Condition.EQUALS})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one sensor's rules and alerts for one reader."""

    system: str
    presentation: Presentation = AS_USUAL

    def rule(self, rule: AlertRule) -> str:
        """Say what a rule waits for: temperature above −18 °C for 10 min."""
        limits = {name: getattr(rule, name) for name in ("than", "high", "low", "expected", "for_s", "within_s")}
        table = clauses.LASTING if rule.for_s else clauses.PLAIN
        words = self._clause(table, rule.condition, rule.quantity, limits, time=span(rule.for_s))
        return words[:1].upper() + words[1:]

    def alert(self, alert: Alert, *, now: datetime, value: object, is_firing: bool = False) -> str:
        """Say what is the matter: Freezer 2: temperature is −14.2 °C, above −18 °C for 11 min.

        :param is_firing: `now` is when it fires, so its condition holds.
        """
        condition = str(alert.rule_was.get("condition", ""))
        lasts = span(((alert.ended_at or now) - alert.began_at).total_seconds())
        if condition == Condition.SILENT:
            return gettext("{sensor} has sent nothing for {time}.").format(sensor=alert.sensor.name, time=lasts)
        table = clauses.LASTING if alert.ended_at else _table(alert, condition, value, is_firing=is_firing)
        given = {"time": lasts, "value": "" if value is None else self.measured(alert, value)}
        said = f"{alert.sensor.name}: {self._clause(table, condition, alert.quantity, alert.rule_was, **given)}."
        if not any(table is each for each in _NOT_NOW):
            return said
        age = gettext("The alert is {time} old and not over yet.").format(time=lasts)
        return f"{said} {age}"

    def what(self, alert: Alert) -> str:
        """Say what an alert was about: Freezer 2: temperature above −18 °C."""
        return f"{alert.sensor.name}: {self.condition(alert)}"

    def clears(self, rule: AlertRule) -> str:
        """Say where an alert of a rule is over, if that is not at its limits: Clear at −18.5 °C."""
        limits = [each for each in (rule.clear_high, rule.clear_low) if each is not None]
        said = [self._limit(each, rule.quantity, rule.than) for each in limits]
        if not said:
            return ""
        if len(said) == 1:
            return gettext("Clear at {limit}").format(limit=said[0])
        return gettext("Clear at {high} and {low}").format(high=said[0], low=said[1])

    def condition(self, alert: Alert) -> str:
        """Say what an alert's rule waited for: temperature above −18 °C."""
        condition = str(alert.rule_was.get("condition", ""))
        return self._clause(clauses.PLAIN, condition, alert.quantity, alert.rule_was)

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
        label = self._label(than)
        if not by:
            return gettext("the same as {label}").format(label=label)
        sizes = [abs(each) for each in limits if is_number(each)]
        size = self.display(quantity, than).apart(abs(by), sizes)
        said = gettext("{size} above {label}") if by > 0 else gettext("{size} below {label}")
        return said.format(size=size, label=label)

    def _limit(self, limit: Any, quantity: str, than: str) -> str:
        """Write a limit; of a rule that compares two quantities as the other one and what is added to it."""
        if not than:
            return self.display(quantity).exact(limit)
        if not limit:
            return self._label(than)
        said = gettext("{label} plus {size}") if limit > 0 else gettext("{label} less {size}")
        return said.format(label=self._label(than), size=self.display(quantity, than).exact(abs(limit)))

    def number(self, quantity: str, value: object) -> str:
        return self.display(quantity).text(value)

    def _clause(self, table: Clauses, condition: str, quantity: str, limits: Mapping[str, Any], **given: str) -> str:
        """Say a condition as the clause that a table has for it; `given` are the time and the value."""
        label = self._label(quantity)
        if condition == Condition.SILENT:
            return _silence(label, limits)
        if condition not in table:
            return label
        shown, than = self.display(quantity), str(limits.get("than") or "")
        parts: dict[str, Callable[[], str]] = {
            "high": partial(self._limit, limits.get("high"), quantity, than),
            "low": partial(self._limit, limits.get("low"), quantity, than),
            "size": partial(shown.exact_size, limits.get("high") or 0.0),
            "within": partial(span, float(limits.get("within_s") or 0)),
            "state": partial(shown.text, limits.get("expected")),
        }
        clause = str(table[Condition(condition)])
        asked = {name: say() for name, say in parts.items() if f"{{{name}}}" in clause}
        return clause.format(label=label, **asked, **given)

    def display(self, quantity: str, than: str = "") -> Display:
        """Return how a quantity is shown, or what it has more than another one."""
        shown = self.presentation.display(quantity, self.system)
        return of_differences(shown) if than else shown

    def _label(self, quantity: str) -> str:
        return inside(self.presentation.looks(quantity).label) if quantity else ""


def of_differences(shown: Display) -> Display:
    """Return how differences of a quantity are shown: without the zero point of its unit."""
    return replace(shown.linear, offset=0.0)


def rule_of(was: dict[str, Any]) -> Rule:
    """Return the rule that an alert was caused by, as far as its limits go."""
    limits: dict[str, Any] = {name: was.get(name) for name in ("high", "low", "clear_high", "clear_low", "expected")}
    return Rule(condition=Condition(str(was["condition"])), **limits)


def _table(alert: Alert, condition: str, value: object, *, is_firing: bool) -> Clauses:
    """Return the clauses for an alert that lasts."""
    if condition in clauses.PAST and not is_firing:
        return clauses.PAST if value is None else clauses.PAST_AND_IS
    if value is None:
        return clauses.SINCE
    if condition in _OF_VALUES and rule_of(alert.rule_was).signal(value) is not Signal.OVER:
        return clauses.WAS
    is_state_or_pair = condition == Condition.EQUALS or alert.rule_was.get("than")
    return clauses.HAS_BEEN if is_state_or_pair else clauses.IS


def _silence(label: str, limits: Mapping[str, Any]) -> str:
    """Say that nothing is sent: of a quantity with its label, of a sensor without one."""
    if limits.get("for_s"):
        said = gettext("{label} no data for {time}") if label else gettext("no data for {time}")
        return said.format(label=label, time=span(float(limits["for_s"])))
    usual = gettext("{label} no data for five times its usual interval")
    return usual.format(label=label) if label else gettext("no data for five times its usual interval")
