"""The forms of the administrators' pages."""

from django import forms

from sensorfusion.accounts.administration.models import LONGEST_ANNOUNCEMENT, Feature
from sensorfusion.web.fields import local_minute


class AnnouncementForm(forms.Form):
    text = forms.CharField(
        label="Text", max_length=LONGEST_ANNOUNCEMENT, help_text="One sentence, without links.", strip=True
    )
    ends_at = local_minute("Until", help_text="Of UTC. It leaves the pages then by itself.")


class SwitchForm(forms.Form):
    feature = forms.ChoiceField(choices=Feature.choices)
    to = forms.ChoiceField(choices=[("on", "On"), ("off", "Off")])
