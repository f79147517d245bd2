"""The forms of the account's pages."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib.auth import password_validation

from sensorfusion.accounts.models import Operator, TokenScope, UnitSystem
from sensorfusion.accounts.services import Profile
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.web.context import sample
from sensorfusion.web.fields import sent
from sensorfusion.web.languages import LANGUAGES
from sensorfusion.web.values.systems import CHOICES, parts

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
    """The name, and the choices, with a field for each group of units that may differ from the preset."""

    class Meta:
        model = Operator
        fields = ("name", "units", "clock", "week_begins", "language")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"}), "units": forms.RadioSelect}
        labels = {"week_begins": "Weeks begin on"}

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        chosen = parts(self.instance.shown_units)[1]
        for name, group in CHOICES.items():
            among = [("", "As above"), *group.codes.items()]
            self.fields[name] = forms.ChoiceField(label=group.label, choices=among, required=False)
            self.initial[name] = chosen.get(name, "")
        for name in ("clock", "week_begins"):
            self.fields[name].required = False
        cast(forms.ChoiceField, self.fields["language"]).choices = [("", "As the browser says"), *LANGUAGES.items()]

    def changes(self) -> Profile:
        """Return what was sent; what was not stays as it is."""
        wanted = {name: value for name, value in sent(self).items() if name in self.Meta.fields}
        given = {name: value for name, value in wanted.items() if value or name in ("name", "language")}
        if any(name in self.data for name in CHOICES):
            given["single_units"] = [code for name in CHOICES if (code := self.cleaned_data[name])]
        return cast(Profile, given)

    def single_units(self) -> list[forms.BoundField]:
        return [self[name] for name in CHOICES]


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


UNIT_EXAMPLES = {each.value: sample(each.value) for each in UnitSystem}
