"""allauth's forms in our words; tries of codes are counted."""

from typing import TYPE_CHECKING, Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from sensorfusion.accounts.attempts import take_back
from sensorfusion.accounts.forms import password_field
from sensorfusion.accounts.signing_in.limits import count_code
from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.checks.plain_text import plain

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_CODE = 40
LONGEST_NAME = 60


def code_field(label: "StrOrPromise", help_text: "StrOrPromise" = "") -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(
        label=label, max_length=LONGEST_CODE, widget=forms.TextInput(attrs=attrs), help_text=help_text
    )


class _Counted:
    """A part of a form that counts its tries before it looks at the code, and takes back those that were right."""

    user: Any
    retry_after_s: int | None = None  # for `told_to_wait`

    def clean_code(self) -> str:
        try:
            counted = count_code(self.user, now=timezone.now())
        except Refusal as refusal:
            self.retry_after_s = refusal.retry_after_s
            raise forms.ValidationError(gettext(refusal.detail), code=refusal.code) from refusal
        code = str(super().clean_code())  # type: ignore[misc]  # of the form that this one stands before
        take_back(counted)
        return code


class CodeForm(_Counted, AuthenticateForm):  # type: ignore[misc]  # untyped
    """The second step of signing in, by an authenticator app or a recovery code."""

    code = code_field(gettext_lazy("Code"), gettext_lazy("Of your authenticator app, or one of your recovery codes."))


class ConfirmByCodeForm(_Counted, ReauthenticateByCodeForm):  # type: ignore[misc]  # untyped
    code = code_field(gettext_lazy("Code"), gettext_lazy("Of your authenticator app, or one of your recovery codes."))


class SetUpAppForm(_Counted, ActivateTOTPForm):  # type: ignore[misc]  # untyped
    code = code_field(gettext_lazy("Code that the app shows"))


class ConfirmPasswordForm(ReauthenticateForm):  # type: ignore[misc]  # untyped
    password = password_field(gettext_lazy("Your password"), "current-password")

    def clean_password(self) -> str:
        try:
            return str(super().clean_password())
        except Refusal as refusal:
            self.retry_after_s = refusal.retry_after_s  # for `told_to_wait`
            raise forms.ValidationError(gettext(refusal.detail), code=refusal.code) from refusal


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # untyped
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        validators=[plain],
        help_text=gettext_lazy("Such as “Laptop” or “Key on my ring”."),
    )
    passwordless = forms.BooleanField(label=gettext_lazy("Sign in with it alone, without the password"), required=False)

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # untyped
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME, validators=[plain])
