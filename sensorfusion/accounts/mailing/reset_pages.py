"""The pages of a forgotten password: asking for a link, and setting a new password. Django's views in our look."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.addresses.proof import prove
from sensorfusion.accounts.attempts import take_back
from sensorfusion.accounts.mailing.forms import ForgottenForm, NewPasswordForm
from sensorfusion.accounts.mailing.resets import count_link, count_request, request_reset
from sensorfusion.accounts.pages import sky_here
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.outbox import is_configured
from sensorfusion.web.forms import RefusedIn, told_to_wait


@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the answer is the same for every address."""
    if request.user.is_authenticated:
        return redirect("account")
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and is_configured() and form.is_valid() and _may_ask(request, form):
        request_reset(email=form.cleaned_data["email"], address=_address(request))
        messages.success(
            request, gettext("If there is an account with this address, a link is on its way. It works for an hour.")
        )
        return redirect("sign-in")
    context = {"form": form, "mails": is_configured(), "sky": sky_here(now=timezone.now())}
    return told_to_wait(render(request, "accounts/forgotten.html", context), form)


def _may_ask(request: HttpRequest, form: ForgottenForm) -> bool:
    counted = count_request(email=form.cleaned_data["email"], address=_address(request), now=timezone.now())
    if counted.wait_s:
        with RefusedIn(form):
            text = gettext("Too many requests. Wait {minutes} min, then try again.")
            raise Refusal("too_fast", text.format(minutes=1 + counted.wait_s // 60), retry_after_s=counted.wait_s)
    return not counted.wait_s


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")


class NewPassword(PasswordResetConfirmView):
    """Set a new password by a link.

    Django's view moves the token from the address into the session, so that no other page learns it as the referrer.
    """

    template_name = "accounts/new-password.html"
    form_class = NewPasswordForm  # type: ignore[assignment]  # one field instead of two
    success_url = reverse_lazy("sign-in")

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        counted = count_link(address=_address(self.request), now=timezone.now())
        if counted.wait_s:
            return self._wait(counted.wait_s)
        response = super().dispatch(*args, **kwargs)
        if self.validlink or response.status_code == 302:  # the token goes into the session
            take_back(counted)
        else:
            response.status_code = 404
        return response

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        with RefusedIn(form), transaction.atomic():
            response = super().form_valid(form)
            prove(operator=form.user, now=timezone.now())  # the link was sent to the address
            messages.success(self.request, gettext("Your password is changed. Sign in with it."))
            return response
        return self.form_invalid(form)

    def _wait(self, seconds: int) -> HttpResponse:
        self.validlink, self.user = False, None
        response = self.render_to_response(self.get_context_data(), status=429)
        response["Retry-After"] = str(seconds)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sky": sky_here(now=timezone.now())}
