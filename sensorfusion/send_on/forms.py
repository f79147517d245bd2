"""The form of a target's account. Secrets can be entered, but are never shown again."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy

from sensorfusion.domain.fields import Row
from sensorfusion.send_on.services import INTERVAL_MOST_S
from sensorfusion.send_on.targets.target import AccountField, Target
from sensorfusion.web.fields import InRows, Lines

_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class DestinationForm(InRows, forms.Form):
    """The entries that a target asks for, and the interval."""

    interval_s = forms.IntegerField(label=pgettext_lazy("send on", "Every"), max_value=INTERVAL_MOST_S)

    def __init__(self, *given: Any, target: Target, **options: Any) -> None:
        super().__init__(*given, **options)
        self.names = [entry.name for entry in target.account]
        for entry in target.account:
            self.fields[entry.name] = _field(entry)
        interval = self.fields["interval_s"]
        least = gettext("Seconds, {count} at least.").format(count=target.shortest_s)
        interval.initial, interval.help_text = target.interval_s, least

    @property
    def rows(self) -> tuple[Row, ...]:  # type: ignore[override]  # of each target its own
        return (*(Row((name,)) for name in self.names), Row(("interval_s",)))

    def account(self) -> dict[str, str]:
        """Return the entries that were made."""
        return {name: text for name in self.names if (text := str(self.cleaned_data.get(name, "")).strip())}


def _field(entry: AccountField) -> forms.Field:
    options: dict[str, Any] = {
        "label": gettext(entry.label), "help_text": gettext(entry.help), "max_length": entry.longest,
        "required": not entry.is_optional,
    }  # fmt: skip
    if entry.lines:
        return Lines(**options)
    widget = forms.PasswordInput if entry.is_secret else forms.TextInput
    return forms.CharField(widget=widget(attrs=_PLAIN), **options)
