"""The forms of handing a sensor over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.queries import editable_sites
from sensorfusion.web.checks.plain_text import plain


class OfferForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("The sensor is theirs when they accept it, after signing in."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class AcceptForm(forms.Form):
    site = forms.ModelChoiceField(label=gettext_lazy("Site"), queryset=Site.objects.none(), to_field_name="uuid")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, validators=[plain])
    revoke_keys = forms.BooleanField(
        label=gettext_lazy("Revoke its keys"),
        required=False,
        help_text=gettext_lazy(
            "Its former owner may know them. The device then needs a new one before it sends again."
        ),
    )

    def __init__(self, *arguments: Any, operator: Operator, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        field = self.fields["site"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = editable_sites(operator)
        field.empty_label = None
