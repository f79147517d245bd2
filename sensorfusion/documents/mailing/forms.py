"""The form of how often reports of a sensor come by e-mail."""

from django import forms

from sensorfusion.documents.mailing.models import Every


class EveryForm(forms.Form):
    every = forms.MultipleChoiceField(
        label="Send me", choices=Every, required=False, widget=forms.CheckboxSelectMultiple
    )
    with_pdf = forms.BooleanField(label="with the report as a PDF", required=False)

    def wanted(self) -> list[Every]:
        return [Every(each) for each in self.cleaned_data["every"]]
