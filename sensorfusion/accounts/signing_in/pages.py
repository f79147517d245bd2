"""The pages of second factors, passkeys and sessions: allauth's views in our look."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from sensorfusion.accounts.pages import SignedIn, sky_here
from sensorfusion.accounts.signing_in import sessions
from sensorfusion.accounts.signing_in.forms import (
    AddPasskeyForm,
    CodeForm,
    ConfirmByCodeForm,
    ConfirmPasswordForm,
    RenamePasskeyForm,
    SetUpAppForm,
)
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import told_to_wait
from sensorfusion.web.values.qr import code_of


class _Page:
    """A view of allauth's as a page of ours: with the sky if it is one before the sign-in, and never stored."""

    form_class: Any = None

    @method_decorator([never_cache, sensitive_post_parameters()])
    def dispatch(self, *given: Any, **named: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().dispatch(*given, **named)  # type: ignore[misc]  # of the view behind this
        return answer

    def get_form_class(self) -> Any:
        return self.form_class  # not one of a setting by a name

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        return {**super().get_context_data(**named), "sky": sky_here(now=timezone.now())}  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if answer.status_code == 200:
            answer.status_code = 400
        return told_to_wait(answer, form)


class SecondStep(_Page, AuthenticateView):  # type: ignore[misc]  # untyped
    """The second step of signing in: a code, or a passkey."""

    template_name = "accounts/second-factor/step.html"
    form_class = CodeForm


class SignInByPasskey(_Page, LoginWebAuthnView):  # type: ignore[misc]  # untyped
    """Signing in with a passkey alone: GET as JSON what the browser needs, POST what it answers."""

    form_class = LoginWebAuthnView.form_class


class ConfirmByPassword(_Page, ReauthenticateView):  # type: ignore[misc]  # untyped
    """Who is signed in shows that it is still they, before what cannot be undone by a stranger at their desk."""

    template_name = "accounts/second-factor/confirm.html"
    form_class = ConfirmPasswordForm


class ConfirmByCode(_Page, ReauthenticateByCodeView):  # type: ignore[misc]  # untyped
    template_name = "accounts/second-factor/confirm-code.html"
    form_class = ConfirmByCodeForm


class ConfirmByPasskey(_Page, ReauthenticateWebAuthnView):  # type: ignore[misc]  # untyped
    template_name = "accounts/second-factor/confirm-passkey.html"
    form_class = ReauthenticateWebAuthnView.form_class


class Factors(_Page, IndexView):  # type: ignore[misc]  # untyped
    """The second factors of an account."""

    template_name = "accounts/second-factor/factors.html"


class SetUpApp(_Page, ActivateTOTPView):  # type: ignore[misc]  # untyped
    template_name = "accounts/second-factor/app.html"
    form_class = SetUpAppForm

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        found = super().get_context_data(**named)
        return {**found, "code": code_of(found["totp_url"]), "secret": _in_groups(found["form"].secret)}


class _OfOwn:
    """A page about something of the operator's own: it leads to the list where there is nothing of the kind."""

    kind: str

    def dispatch(self, request: SignedIn, *given: Any, **named: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            own = Authenticator.objects.filter(user_id=request.user.pk, type=self.kind)
            if "pk" in named and not own.filter(pk=named["pk"]).exists():
                raise Http404
            if hasattr(self, str(request.method).lower()) and not own.exists():
                return redirect("mfa_index")
        answer: HttpResponseBase = super().dispatch(request, *given, **named)  # type: ignore[misc]  # as in `_Page`
        return answer


class RemoveApp(_OfOwn, _Page, DeactivateTOTPView):  # type: ignore[misc]  # untyped
    kind = Authenticator.Type.TOTP
    template_name = "accounts/second-factor/remove-app.html"
    form_class = DeactivateTOTPView.form_class


class AddPasskey(_Page, AddWebAuthnView):  # type: ignore[misc]  # untyped
    template_name = "accounts/second-factor/passkey.html"
    form_class = AddPasskeyForm


class RenamePasskey(_OfOwn, _Page, EditWebAuthnView):  # type: ignore[misc]  # untyped
    kind = Authenticator.Type.WEBAUTHN
    template_name = "accounts/second-factor/rename-passkey.html"
    form_class = RenamePasskeyForm
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(_OfOwn, _Page, RemoveWebAuthnView):  # type: ignore[misc]  # untyped
    kind = Authenticator.Type.WEBAUTHN
    template_name = "accounts/second-factor/remove-passkey.html"
    form_class = RemoveWebAuthnView.form_class
    success_url = reverse_lazy("mfa_index")


class RecoveryCodes(_OfOwn, _Page, ViewRecoveryCodesView):  # type: ignore[misc]  # untyped
    """The recovery codes, shown once."""

    kind = Authenticator.Type.RECOVERY_CODES
    template_name = "accounts/second-factor/codes.html"


class NewRecoveryCodes(_Page, GenerateRecoveryCodesView):  # type: ignore[misc]  # untyped
    template_name = "accounts/second-factor/new-codes.html"
    form_class = GenerateRecoveryCodesView.form_class


@login_required
@sent_from("account")
def end_session(request: SignedIn, number: int) -> HttpResponse:
    """Sign another browser out."""
    if not sessions.end_one(operator=request.user, number=number):
        raise Http404
    messages.success(request, gettext("That browser is signed out."))
    return redirect("account")


@login_required
@sent_from("account")
def end_sessions(request: SignedIn) -> HttpResponse:
    """Sign every other browser out."""
    sessions.end_others(request=request, operator=request.user)
    messages.success(request, gettext("Every other browser is signed out."))
    return redirect("account")


def _in_groups(secret: str) -> str:
    """Write a secret in groups of four, as people type it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
