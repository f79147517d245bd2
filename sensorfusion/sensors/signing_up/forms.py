"""The forms of new accounts beside the ordinary one."""

from django import forms
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.forms import SignUpForm


class ConfirmForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SetUpForm(SignUpForm):
    """The ordinary form, with the code that the server printed when it started."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("The server printed it when it started: in its terminal, or in its log."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
    )
    field_order = ("code", "name", "email", "password", "time_zone")
