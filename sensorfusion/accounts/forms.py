"""The forms of the account's pages."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sensorfusion.accounts.models import Operator, TokenScope, UnitSystem
from sensorfusion.accounts.services import Profile
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.web.context import sample
from sensorfusion.web.fields import sent
from sensorfusion.web.languages import LANGUAGES
from sensorfusion.web.values.clock import clock_labels, week_labels
from sensorfusion.web.values.systems import CHOICES, parts

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TOKEN_LIVES = {"30": gettext_lazy("30 days"), "90": gettext_lazy("90 days"), "365": gettext_lazy("1 year")}


def password_field(label: "StrOrPromise", autocomplete: str, help_text: "StrOrPromise" = "") -> forms.CharField:
    # Not stripped: a space at either end is part of the password.
    shown = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=shown, help_text=help_text)


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = password_field(gettext_lazy("Password"), "current-password")


class SignUpForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = password_field(
        gettext_lazy("Password"),
        "new-password",
        gettext_lazy("At least 10 characters. Three or four unrelated words do well."),
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
        labels = {
            "name": pgettext_lazy("of a person", "Name"),
            "clock": gettext_lazy("Clock"),
            "week_begins": gettext_lazy("Weeks begin on"),
            "language": gettext_lazy("Language"),
        }

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        chosen = parts(self.instance.shown_units)[1]
        for name, group in CHOICES.items():
            among = [("", gettext("As above")), *group.shown_codes]
            self.fields[name] = forms.ChoiceField(label=group.shown_label, choices=among, required=False)
            self.initial[name] = chosen.get(name, "")
        languages = [("", gettext("As the browser says")), *LANGUAGES.items()]
        for name, choices in (("clock", clock_labels()), ("week_begins", week_labels()), ("language", languages)):
            field = cast(forms.ChoiceField, self.fields[name])
            field.required, field.choices = False, choices

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
    email = forms.EmailField(label=gettext_lazy("New e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = password_field(gettext_lazy("Your password"), "current-password")


class PasswordForm(forms.Form):
    current = password_field(gettext_lazy("Current password"), "current-password")
    new = password_field(
        gettext_lazy("New password"),
        "new-password",
        gettext_lazy("At least 10 characters. Every API token ends with the old password."),
    )

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new)
        return new


class TokenForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("Label"), max_length=100, help_text=gettext_lazy("What will use it: “backup script”.")
    )
    scope = forms.ChoiceField(
        label=pgettext_lazy("of a token", "May"), choices=TokenScope.choices, initial=TokenScope.READ
    )
    life = forms.ChoiceField(label=gettext_lazy("Ends after"), choices=TOKEN_LIVES.items(), initial="365")

    def span(self) -> timedelta:
        """Return how long the token is valid."""
        return timedelta(days=int(self.cleaned_data["life"]))


class CloseAccountForm(forms.Form):
    typed = forms.EmailField(
        label=gettext_lazy("Your e-mail, to confirm"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    password = password_field(gettext_lazy("Your password"), "current-password")

    def __init__(self, *arguments: Any, operator: Operator, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.operator = operator

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if email_key(typed) != email_key(self.operator.email):
            raise forms.ValidationError(gettext("That is not the e-mail address of this account."), code="not_the_same")
        return typed


def unit_examples() -> dict[str, str]:
    """Return values in each system of units, as the reader's language writes numbers."""
    return {each.value: sample(each.value) for each in UnitSystem}
