"""The form of how often reports of a sensor come by e-mail."""

from django import forms
from django.utils.translation import gettext_lazy

from sensorfusion.documents.mailing.models import Every


class EveryForm(forms.Form):
    every = forms.MultipleChoiceField(
        label=gettext_lazy("Send me"), choices=Every, required=False, widget=forms.CheckboxSelectMultiple
    )
    with_pdf = forms.BooleanField(label=gettext_lazy("with the report as a PDF"), required=False)

    def wanted(self) -> list[Every]:
        return [Every(each) for each in self.cleaned_data["every"]]
