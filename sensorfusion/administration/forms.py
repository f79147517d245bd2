"""The forms of the administrators' pages."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.administration.models import LONGEST_ANNOUNCEMENT, Feature
from sensorfusion.web.fields import local_minute


class AnnouncementForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_ANNOUNCEMENT,
        help_text=gettext_lazy("One sentence, without links."),
        strip=True,
    )
    ends_at = local_minute(gettext_lazy("Until"), help_text=gettext_lazy("Of UTC. It leaves the pages then by itself."))


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("Of the person; empty for a link that works for its bearer."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    days = forms.ChoiceField(
        label=gettext_lazy("Ends after"),
        choices=[("1", gettext_lazy("1 day")), ("7", gettext_lazy("7 days")), ("30", gettext_lazy("30 days"))],
        initial="7",
    )

    def span(self) -> timedelta:
        """Return how long the invitation is valid."""
        return timedelta(days=int(self.cleaned_data["days"]))


class SwitchForm(forms.Form):
    feature = forms.ChoiceField(choices=Feature.choices)
    to = forms.ChoiceField(choices=[("on", gettext_lazy("On")), ("off", gettext_lazy("Off"))])
