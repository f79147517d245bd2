"""The forms of the account's pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth import password_validation

from sensorfusion.accounts.models import Operator, TokenScope, UnitSystem
from sensorfusion.domain.texts.email_addresses import email_key

TOKEN_LIVES = {"30": "30 days", "90": "90 days", "365": "1 year"}


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    # Not stripped: a space at either end is part of the password.
    shown = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=shown, help_text=help_text)


class SignInForm(forms.Form):
    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = password_field("Password", "current-password")


class SignUpForm(forms.Form):
    name = forms.CharField(
        max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = password_field(
        "Password", "new-password", "At least 10 characters. Three or four unrelated words do well."
    )
    time_zone = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput(attrs={"data-guess": "time-zone"})
    )


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    class Meta:
        model = Operator
        fields = ("name", "units")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"}), "units": forms.RadioSelect}


class EmailForm(forms.Form):
    email = forms.EmailField(label="New e-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = password_field("Your password", "current-password")


class PasswordForm(forms.Form):
    current = password_field("Current password", "current-password")
    new = password_field(
        "New password", "new-password", "At least 10 characters. Every API token ends with the old password."
    )

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new)
        return new


class TokenForm(forms.Form):
    label = forms.CharField(max_length=100, help_text="What will use it: “backup script”.")
    scope = forms.ChoiceField(label="May", choices=TokenScope.choices, initial=TokenScope.READ)
    life = forms.ChoiceField(label="Ends after", choices=TOKEN_LIVES.items(), initial="365")

    def span(self) -> timedelta:
        """Return how long the token is valid."""
        return timedelta(days=int(self.cleaned_data["life"]))


class CloseAccountForm(forms.Form):
    typed = forms.EmailField(label="Your e-mail, to confirm", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    password = password_field("Your password", "current-password")

    def __init__(self, *arguments: Any, operator: Operator, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.operator = operator

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if email_key(typed) != email_key(self.operator.email):
            raise forms.ValidationError("That is not the e-mail address of this account.", code="not_the_same")
        return typed


UNIT_EXAMPLES = {
    UnitSystem.METRIC: "°C · m/s · hPa · mm",
    UnitSystem.UK: "°C · mph · hPa · mm",
    UnitSystem.US: "°F · mph · inHg · in",
    UnitSystem.SCIENTIFIC: "K · m/s · Pa · mm",
}
