"""The form of a rule, whose limits are in the reader's units and whose times are in minutes."""

from typing import Any, Final

from django import forms

from sensorfusion.alerts.models import AlertRule, Severity
from sensorfusion.domain.alert_rules.conditions import CHANGING, Condition
from sensorfusion.web.fields import PlainNumber
from sensorfusion.web.values.display import Display

CONDITIONS: Final = [
    (Condition.ABOVE.value, "is above"),
    (Condition.BELOW.value, "is below"),
    (Condition.OUTSIDE.value, "is outside the two limits"),
    (Condition.RISES.value, "rises by more than"),
    (Condition.FALLS.value, "falls by more than"),
    (Condition.CHANGES.value, "changes by more than"),
    (Condition.EQUALS.value, "equals"),
    (Condition.SUSPECT.value, "is flagged as suspect"),
    (Condition.SILENT.value, "is not sent"),
]
_LIMITS: Final = ("high", "low", "clear_high", "clear_low")
_MINUTES: Final = {"for_min": "for_s", "within_min": "within_s"}
# The field of a rule that each input is about.
COLUMNS: Final = {name: name for name in ("condition", "severity", "note", "expected", *_LIMITS)} | _MINUTES


class RuleForm(forms.Form):
    """A rule for one quantity of one sensor."""

    condition = forms.ChoiceField(label="When it", choices=CONDITIONS)
    high = forms.FloatField(label="Upper limit, or size of the change", required=False, widget=PlainNumber())
    low = forms.FloatField(label="Lower limit", required=False, widget=PlainNumber())
    expected = forms.CharField(label="Text that it equals (true or false for yes and no)", required=False)
    for_min = forms.FloatField(label="For, in minutes", required=False, initial=10, widget=PlainNumber())
    within_min = forms.FloatField(label="Change within, in minutes", required=False, widget=PlainNumber())
    clear_high = forms.FloatField(label="Over again at or below", required=False, widget=PlainNumber())
    clear_low = forms.FloatField(label="Over again at or above", required=False, widget=PlainNumber())
    severity = forms.ChoiceField(label="Severity", choices=Severity.choices, initial=Severity.WARNING)
    note = forms.CharField(label="What to do", required=False, max_length=500)

    def __init__(self, *given: Any, shown: Display, rule: AlertRule, **options: Any) -> None:
        self.shown, self.is_edit = shown, bool(rule.pk)
        super().__init__(*given, **options)
        for name in _LIMITS:
            self.fields[name].help_text = shown.symbol

    def rule_fields(self) -> dict[str, Any]:
        """Return the fields of a rule, in canonical units and seconds; of a stored rule those that were changed.

        What was shown and sent back is left as it is stored: it was rounded.
        """
        found = self._all_fields()
        if not self.is_edit:
            return found
        sent = [name for name in COLUMNS if name in self.data]
        # Of another condition the same numbers may mean something else.
        changed = sent if "condition" in self.changed_data else [name for name in sent if name in self.changed_data]
        return {COLUMNS[name]: found[COLUMNS[name]] for name in changed}

    def _all_fields(self) -> dict[str, Any]:
        given = self.cleaned_data
        found: dict[str, Any] = {name: given[name] for name in ("condition", "severity", "note")}
        is_change = given["condition"] in CHANGING
        for name in _LIMITS:
            found[name] = self._canonical(given[name], is_size=is_change and name == "high")
        for name, seconds in _MINUTES.items():
            found[seconds] = (given[name] or 0.0) * 60
        found["expected"] = {"true": True, "false": False}.get(given["expected"], given["expected"] or None)
        return found

    def _canonical(self, value: float | None, *, is_size: bool) -> float | None:
        if value is None:
            return None
        return (value - (0.0 if is_size else self.shown.offset)) / self.shown.factor


def initial(rule: AlertRule, shown: Display) -> dict[str, Any]:
    """Return what the form of a rule begins with."""
    is_change = rule.condition in CHANGING
    found: dict[str, Any] = {name: getattr(rule, name) for name in ("condition", "severity", "note")}
    for name in _LIMITS:
        value = getattr(rule, name)
        offset = 0.0 if is_change and name == "high" else shown.offset
        found[name] = None if value is None else round(value * shown.factor + offset, 6)
    for name, seconds in _MINUTES.items():
        found[name] = getattr(rule, seconds) / 60 or None
    found["expected"] = str(rule.expected).lower() if isinstance(rule.expected, bool) else rule.expected
    return found
