"""The forms of forgotten passwords, and of which messages come."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.forms import password_field
from sensorfusion.accounts.mailing.services import muted_by
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import reset_password
from sensorfusion.mail.kinds import OPTIONAL, Kind

_CHOICES = [(kind.value, kind.label) for kind in Kind if kind in OPTIONAL]


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class NewPasswordForm(forms.Form):
    """Sets the password of the operator to whom a link was sent."""

    new = password_field(
        gettext_lazy("New password"),
        "new-password",
        gettext_lazy("At least 10 characters. All sessions and API tokens end."),
    )

    def __init__(self, user: Operator, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.user = user

    def save(self) -> Operator:
        """Set the password.

        :raises Refusal: `weak_password`.
        """
        reset_password(operator=self.user, new=self.cleaned_data["new"])
        return self.user


class MutedForm(forms.Form):
    """Which of the optional messages come."""

    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Messages"), choices=_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, operator: Operator, **keywords: Any) -> None:
        wanted = [kind for kind, _ in _CHOICES if kind not in muted_by(operator)]
        super().__init__(*arguments, **{**keywords, "initial": {"wanted": wanted}})

    def muted(self) -> set[Kind]:
        """Return the kinds that were not chosen."""
        return {Kind(kind) for kind, _ in _CHOICES} - {Kind(kind) for kind in self.cleaned_data["wanted"]}
