"""The forms of how a person is told, of a new channel, and of maintenance."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sensorfusion.alerts.messages.channels import CHANNELS, apprise
from sensorfusion.alerts.messages.models import AlertReader
from sensorfusion.alerts.messages.services import BY_DEFAULT, NO_EMAIL
from sensorfusion.alerts.severity import Severity
from sensorfusion.outgoing.apprise.running import has_apprise
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.web.fields import local_minute

FROM = [
    (Severity.INFO.value, gettext_lazy("All alerts")),
    (Severity.WARNING.value, gettext_lazy("Warnings and critical alerts")),
    (Severity.CRITICAL.value, gettext_lazy("Critical alerts only")),
]


class ReaderForm(forms.Form):
    """E-mail and quiet hours."""

    email = forms.ChoiceField(
        label=gettext_lazy("E-mail"),
        choices=[
            (BY_DEFAULT, gettext_lazy("Warnings of sites that I may change")),
            *FROM,
            (NO_EMAIL, pgettext_lazy("no e-mail", "None")),
        ],
    )
    quiet_starts = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_ends = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("In the time zone"), help_text=gettext_lazy("Such as Europe/Berlin."), max_length=64
    )
    critical_breaks = forms.BooleanField(
        label=gettext_lazy("Critical alerts are told in quiet hours, too"), required=False
    )

    def clean_time_zone(self) -> ZoneInfo:
        name = self.cleaned_data["time_zone"]
        if name not in time_zones():
            raise forms.ValidationError(gettext("There is no such time zone."))
        return ZoneInfo(name)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (given.get("quiet_starts") is None) != (given.get("quiet_ends") is None):
            raise forms.ValidationError(gettext("Write both times of the quiet hours, or neither."))
        return given

    def quiet(self) -> tuple[int, int] | None:
        """Return the minutes of the day between which it is quiet."""
        starts, ends = self.cleaned_data["quiet_starts"], self.cleaned_data["quiet_ends"]
        return None if starts is None else (_minute(starts), _minute(ends))


class ChannelForm(forms.Form):
    """A new channel."""

    kind = forms.ChoiceField(label=gettext_lazy("Channel"), choices=lambda: entered())
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        help_text=gettext_lazy(
            "Of a webhook, an ntfy topic such as https://ntfy.sh/my-topic, or a broker: mqtts://example.org. "
            "One of apprise, such as tgram://bot-token/chat-id, is stored encrypted."
        ),
    )
    secret = forms.CharField(
        label=gettext_lazy("Access token of ntfy, or user:password of the broker"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only if it asks for one. The signing secret of a webhook is made here."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    from_severity = forms.ChoiceField(
        label=pgettext_lazy("alerts of a channel", "For"), choices=FROM, initial=Severity.WARNING
    )


def entered() -> list[tuple[str, str]]:
    """Return the kinds of channels that people enter."""
    missing = "" if has_apprise() else apprise.CHANNEL.kind
    lacks = gettext("{channel}: this server lacks sensorfusion[apprise]")
    return [
        (kind, lacks.format(channel=each.label) if kind == missing else each.label)
        for kind, each in CHANNELS.items()
        if each.is_entered
    ]


class BrowserForm(forms.Form):
    """A browser's subscription, which its script fills in, and from which severity on it is notified."""

    endpoint = forms.CharField(max_length=1000, widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=200, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=100, widget=forms.HiddenInput)
    from_severity = forms.ChoiceField(
        label=pgettext_lazy("alerts of a browser", "Of"), choices=FROM, initial=Severity.WARNING
    )

    def clean(self) -> dict[str, Any]:
        if self.errors.keys() & {"endpoint", "p256dh", "auth"}:
            raise forms.ValidationError(gettext("This browser made a subscription that cannot be used."))
        return super().clean() or self.cleaned_data


class MaintenanceForm(forms.Form):
    """A span in which alerts of a site are not told, by the site's clock."""

    site = forms.ModelChoiceField(label=gettext_lazy("Site"), queryset=Site.objects.none(), to_field_name="uuid")
    starts_at = local_minute("From")
    ends_at = local_minute("Until")

    def __init__(self, *given: Any, sites: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["starts_at"].label, self.fields["ends_at"].label = gettext("From"), gettext("Until")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        site = given.get("site")
        for name in ("starts_at", "ends_at"):
            if site and name in given:
                given[name] = given[name].replace(tzinfo=ZoneInfo(site.time_zone))
        return given


def initial(reader: AlertReader, *, is_muted: bool, time_zone: str) -> dict[str, Any]:
    """Return what the form of a person begins with."""
    return {
        "email": NO_EMAIL if is_muted else reader.email_from or BY_DEFAULT,
        "quiet_starts": _time(reader.quiet_starts_min),
        "quiet_ends": _time(reader.quiet_ends_min),
        "time_zone": reader.time_zone if reader.quiet_starts_min is not None else time_zone,
        "critical_breaks": reader.critical_breaks,
    }


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60, minute % 60)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
