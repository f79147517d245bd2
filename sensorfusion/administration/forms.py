"""The forms of the administrators' pages."""

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


class SwitchForm(forms.Form):
    feature = forms.ChoiceField(choices=Feature.choices)
    to = forms.ChoiceField(choices=[("on", gettext_lazy("On")), ("off", gettext_lazy("Off"))])
