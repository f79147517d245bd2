"""The form of a webhook: where it sends to, what it is told, and of which sensors."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from sensorfusion.sensors.models import Site
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.webhooks.models import NAME_LONGEST, URL_LONGEST, Event, Webhook
from sensorfusion.webhooks.serializers import EVERY_S_MOST, READINGS_MOST

_TAKEN: Final = ("name", "url", "events", "readings_most", "readings_every_s")


class WebhookForm(forms.Form):
    """A new webhook, or one to change."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LONGEST, validators=[plain])
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=URL_LONGEST,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://archive.example.org/in"}),
        help_text=gettext_lazy("It is sent to by POST, and accepts with any answer from 200 to 299."),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )
    sensors = forms.MultipleChoiceField(
        label=gettext_lazy("Sensors"), required=False, widget=forms.CheckboxSelectMultiple
    )
    readings_most = forms.IntegerField(
        label=gettext_lazy("Readings in one delivery"), min_value=1, max_value=READINGS_MOST, initial=200
    )
    readings_every_s = forms.IntegerField(
        label=gettext_lazy("Seconds between two"),
        min_value=1,
        max_value=EVERY_S_MOST,
        initial=10,
        help_text=gettext_lazy("Or when so many came."),
    )

    def __init__(self, *arguments: Any, site: Site, webhook: Webhook | None = None, **keywords: Any) -> None:
        if webhook:
            chosen = [] if webhook.of_all else [str(each.uuid) for each in webhook.sensors.all()]
            keywords["initial"] = {name: getattr(webhook, name) for name in _TAKEN} | {"sensors": chosen}
        super().__init__(*arguments, **keywords)
        self._sensors = {str(each.uuid): each for each in site.sensors.order_by("name", "id")}
        offered = [(uuid, each.name) for uuid, each in self._sensors.items()]
        self.fields["sensors"].choices = offered  # type: ignore[attr-defined]  # of a choice field

    def changes(self, webhook: Webhook) -> dict[str, Any]:
        """Return those that are not as they are stored; all of them if it sends nothing until it is saved."""
        stored = {name: getattr(webhook, name) for name in _TAKEN}
        stored["sensors"] = None if webhook.of_all else list(webhook.sensors.order_by("name", "id"))
        changed = {name: value for name, value in self.columns().items() if value != stored[name]}
        return changed if webhook.is_allowed else self.columns()  # type: ignore[attr-defined]  # of the query

    def columns(self) -> dict[str, Any]:
        """Return what the services take; without a chosen sensor it is told of all."""
        chosen = [each for uuid, each in self._sensors.items() if uuid in self.cleaned_data["sensors"]]
        return {name: self.cleaned_data[name] for name in _TAKEN} | {"sensors": chosen or None}
