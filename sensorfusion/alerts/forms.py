"""The form of a rule, whose limits are in the reader's units and whose times are in minutes."""

from collections.abc import Sequence
from datetime import time
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sensorfusion.alerts.models import ALL_WEEKDAYS, AlertRule, Severity
from sensorfusion.domain.alert_rules.conditions import CHANGING, WITH_LIMITS, Condition
from sensorfusion.domain.alert_rules.hours import MINUTES_OF_DAY
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import quantity
from sensorfusion.web.fields import PlainNumber
from sensorfusion.web.values import dates
from sensorfusion.web.values.display import Display

CONDITIONS: Final = [
    (Condition.ABOVE.value, pgettext_lazy("rule: when it", "is above")),
    (Condition.BELOW.value, pgettext_lazy("rule: when it", "is below")),
    (Condition.OUTSIDE.value, pgettext_lazy("rule: when it", "is outside")),
    (Condition.RISES.value, pgettext_lazy("rule: when it", "rises by more than")),
    (Condition.FALLS.value, pgettext_lazy("rule: when it", "falls by more than")),
    (Condition.CHANGES.value, pgettext_lazy("rule: when it", "changes by more than")),
    (Condition.EQUALS.value, pgettext_lazy("rule: when it", "equals")),
    (Condition.SUSPECT.value, pgettext_lazy("rule: when it", "is flagged as suspect")),
    (Condition.SILENT.value, pgettext_lazy("rule: when it", "is not sent")),
]
_OF_STATES: Final = [
    (Condition.EQUALS.value, pgettext_lazy("rule: when it", "is")),
    (Condition.SILENT.value, pgettext_lazy("rule: when it", "is not sent")),
]
_WEEKDAYS: Final = [str(day) for day in range(7)]
DAYS: Final = [("7", gettext_lazy("7 d")), ("30", gettext_lazy("30 d")), ("365", gettext_lazy("1 y"))]
_LIMITS: Final = ("high", "low", "clear_high", "clear_low")
_MINUTES: Final = {
    "for_min": "for_s",
    "within_min": "within_s",
    "clear_for_min": "clear_for_s",
    "repeat_min": "repeat_s",
}
_HOURS: Final = {"weekdays": "weekdays", "starts": "starts_min", "ends": "ends_min"}
# The field of a rule that each input is about.
COLUMNS: Final = (
    {name: name for name in ("condition", "than", "severity", "note", "expected", *_LIMITS)} | _MINUTES | _HOURS
)


class RuleForm(forms.Form):
    """A rule for one quantity of one sensor, or of every sensor of its site; `days` are those it is tried on.

    `present` is the quantity's value: what has states is asked for its state, what is measured for limits. `others` are
    quantities that it can be compared with, and their labels: limits are then added to the other one.
    """

    condition = forms.ChoiceField(label=gettext_lazy("When it"), choices=CONDITIONS)
    than = forms.ChoiceField(label=gettext_lazy("Compared with"), required=False)
    low = forms.FloatField(label=gettext_lazy("Lower limit"), required=False, widget=PlainNumber())
    high = forms.FloatField(
        label=gettext_lazy("Upper limit, or size of the change"), required=False, widget=PlainNumber()
    )
    expected = forms.CharField(label=gettext_lazy("Text that it equals"), required=False)
    within_min = forms.FloatField(label=gettext_lazy("Change within, in minutes"), required=False, widget=PlainNumber())
    for_min = forms.FloatField(label=gettext_lazy("For, in minutes"), required=False, initial=10, widget=PlainNumber())
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), choices=Severity.choices, initial=Severity.WARNING)
    clear_high = forms.FloatField(label=gettext_lazy("Over again at or below"), required=False, widget=PlainNumber())
    clear_low = forms.FloatField(label=gettext_lazy("Over again at or above"), required=False, widget=PlainNumber())
    clear_for_min = forms.FloatField(label=gettext_lazy("Clear for, in minutes"), required=False, widget=PlainNumber())
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On these days"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    starts = forms.TimeField(
        label=gettext_lazy("From"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    ends = forms.TimeField(
        label=gettext_lazy("Until"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    scope = forms.ChoiceField(label=pgettext_lazy("rule: of which sensor", "Of"), required=False)
    note = forms.CharField(label=gettext_lazy("What to do"), required=False, max_length=500)
    repeat_min = forms.FloatField(
        label=gettext_lazy("Tell again every … minutes while it lasts"), required=False, widget=PlainNumber()
    )
    days = forms.ChoiceField(
        label=gettext_lazy("Try it on"), choices=DAYS, required=False, widget=forms.RadioSelect(), initial="7"
    )

    def __init__(
        self,
        *given: Any,
        shown: Display,
        rule: AlertRule,
        sensor: str = "",
        present: object = None,
        others: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        self.shown, self.limits_note, self.is_edit = shown.linear, shown.limits_note, bool(rule.pk)
        self._than = rule.than
        super().__init__(*given, **options)
        sample = _sample(rule, present)
        weekdays = list(zip(_WEEKDAYS, dates.names().short_weekdays, strict=True))
        self.fields["weekdays"].choices = weekdays  # type: ignore[attr-defined]
        self.fields["condition"].choices = _conditions(sample, rule)  # type: ignore[attr-defined]
        if isinstance(sample, bool):
            states = [(_written(state), shown.text(state)) for state in (True, False)]
            self.fields["expected"] = forms.ChoiceField(
                label=gettext_lazy("State that it has"), required=False, choices=states
            )
        if others:
            self.fields["than"].choices = [("", gettext("a fixed value")), *others]  # type: ignore[attr-defined]
        else:
            del self.fields["than"]
        any_sensor = gettext("any sensor of {site}").format(site=rule.site.name)
        scopes = [("sensor", sensor), ("site", any_sensor)]
        is_of_site = rule.sensor_id is None
        self.fields["scope"].choices = [scopes[is_of_site]] if self.is_edit else scopes  # type: ignore[attr-defined]
        self.fields["scope"].initial = scopes[is_of_site][0]

    def rule_fields(self) -> dict[str, Any]:
        """Return the fields of a rule, in canonical units and seconds; of a stored rule those that were changed.

        What was shown and sent back is left as it is stored: it was rounded.
        """
        found = self._all_fields()
        if not self.is_edit:
            return found
        sent = [name for name in COLUMNS if name in self.data]
        # Of another condition, or beside another quantity, the same numbers mean something else.
        changed = [name for name in sent if name in self.changed_data]
        changed = changed if {"condition", "than"}.isdisjoint(changed) else sent
        return {COLUMNS[name]: found[COLUMNS[name]] for name in changed}

    @property
    def has_hours(self) -> bool:
        """Whether the rule applies at some times only, or something is wrong with them."""
        names = ("weekdays", "starts", "ends")
        values = [self[name].value() for name in names]
        return len(values[0] or ()) not in (0, len(_WEEKDAYS)) or any(values[1:]) or any(self[n].errors for n in names)

    def _all_fields(self) -> dict[str, Any]:
        given = self.cleaned_data
        found: dict[str, Any] = {name: given[name] for name in ("condition", "severity", "note")}
        than = given.get("than", "") if "than" in self.data else self._than
        found["than"] = than if given["condition"] in WITH_LIMITS else ""
        is_change = given["condition"] in CHANGING
        for name in _LIMITS:
            found[name] = self._canonical(given[name], is_size=bool(found["than"]) or (is_change and name == "high"))
        for name, seconds in _MINUTES.items():
            found[seconds] = (given[name] or 0.0) * 60
        expected = given["expected"] if given["condition"] == Condition.EQUALS else None
        found["expected"] = {"true": True, "false": False}.get(expected or "", expected or None)
        found["weekdays"] = sum(1 << int(day) for day in given["weekdays"]) or ALL_WEEKDAYS
        found["starts_min"] = _minutes(given["starts"]) or 0
        found["ends_min"] = _minutes(given["ends"]) or MINUTES_OF_DAY
        return found

    def _canonical(self, value: float | None, *, is_size: bool) -> float | None:
        if value is None:
            return None
        return (value - (0.0 if is_size else self.shown.offset)) / self.shown.factor


def initial(rule: AlertRule, shown: Display) -> dict[str, Any]:
    """Return what the form of a rule begins with."""
    is_change = rule.condition in CHANGING
    found: dict[str, Any] = {name: getattr(rule, name) for name in ("condition", "than", "severity", "note")}
    for name in _LIMITS:
        value = getattr(rule, name)
        offset = 0.0 if rule.than or (is_change and name == "high") else shown.offset
        found[name] = None if value is None else round(value * shown.factor + offset, 6)
    for name, seconds in _MINUTES.items():
        found[name] = getattr(rule, seconds) / 60 or None
    found["expected"] = _written(rule.expected) if isinstance(rule.expected, bool) else rule.expected
    return found | _hours(rule)


def _sample(rule: AlertRule, present: object) -> object:
    """Return a value of what is watched: what the rule waits for, else the present one, else a possible one."""
    if rule.expected is not None:
        return rule.expected
    could_be = False if quantity(rule.quantity).kind == "boolean" else None
    return could_be if present is None else present


def _conditions(sample: object, rule: AlertRule) -> list[tuple[str, Promise]]:
    """Return the conditions that fit what is watched, and the one that a stored rule has."""
    if not rule.quantity:
        fitting = [each for each in CONDITIONS if each[0] == Condition.SILENT]
    elif isinstance(sample, bool | str):
        fitting = _OF_STATES
    elif is_number(sample):
        fitting = [each for each in CONDITIONS if each[0] != Condition.EQUALS]
    else:
        fitting = CONDITIONS
    names = {name for name, _ in fitting}
    return [*fitting, *(each for each in CONDITIONS if rule.pk and each[0] == rule.condition and each[0] not in names)]


def _written(state: bool) -> str:
    return "true" if state else "false"


def _hours(rule: AlertRule) -> dict[str, Any]:
    is_whole = (rule.starts_min, rule.ends_min) == (0, MINUTES_OF_DAY)
    times = (None, None) if is_whole else (_clock(rule.starts_min), _clock(rule.ends_min % MINUTES_OF_DAY))
    days = [day for day in _WEEKDAYS if rule.weekdays >> int(day) & 1]
    return {"weekdays": days, "starts": times[0], "ends": times[1]}


def _minutes(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
