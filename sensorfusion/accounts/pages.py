"""Sign-in, sign-out and account pages.

Registering and closing an account also create and delete sites: those pages are in `sensors.account_pages`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from sensorfusion.accounts.addresses.changes import open_change
from sensorfusion.accounts.forms import (
    EmailForm,
    PasswordForm,
    ProfileForm,
    SignInForm,
    TokenForm,
    unit_examples,
)
from sensorfusion.accounts.mailing.forms import MutedForm
from sensorfusion.accounts.models import Membership, Operator, TokenScope
from sensorfusion.accounts.queries import tokens_of
from sensorfusion.accounts.services import (
    change_password,
    end_session,
    end_token,
    issue_token,
    update_profile,
)
from sensorfusion.accounts.signing_in.factors import has_factor
from sensorfusion.accounts.signing_in.recent import after_proof, after_second_factor
from sensorfusion.accounts.signing_in.sessions import browsers_of
from sensorfusion.accounts.throttles import answers_excess, forgiven, may_try, succeeded
from sensorfusion.mail.outbox import given_up_for, is_configured
from sensorfusion.web.addresses import full_path
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn
from sensorfusion.web.languages import LANGUAGES
from sensorfusion.web.sky import SkyView, sky_over
from sensorfusion.web.values.clock import CLOCKS
from sensorfusion.web.values.systems import normalised, parts

COARSE_DEGREES: Final = 15


class SignedIn(HttpRequest):
    """A request that passed `login_required`."""

    user: Operator


@never_cache
@sensitive_post_parameters("password")
@answers_excess
def sign_in(request: HttpRequest) -> HttpResponse:
    target = target_of(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_try(request, form, email=form.cleaned_data["email"]):
        operator = authenticate(request, username=form.cleaned_data["email"], password=form.cleaned_data["password"])
        if isinstance(operator, Operator):
            forgiven(request)
            signing_in = Login(user=operator, redirect_url=target)
            answer: HttpResponse = perform_password_login(request, form.cleaned_data, signing_in)
            return answer
        form.add_error(None, gettext("The e-mail address or the password is wrong."))
    context = {
        "form": form,
        "next": target,
        "sky": sky_here(now=timezone.now()),
        "signup": settings.SIGNUP,
        "mails": is_configured(),
    }
    return render(request, "accounts/sign-in.html", context)


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect visitors without access to the admin to the one sign-in page, which counts attempts."""
    if isinstance(request.user, Operator):
        if not request.user.is_staff:
            raise PermissionDenied
        return redirect("admin:index")
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def sky_here(*, now: datetime) -> SkyView:
    """Return the sky over the first site, which is probably where the server is, as anyone may see it.

    The course of the sun tells a place within kilometres, so the place is that of the time zone and the climate zone.
    """
    first = Membership.objects.order_by("since", "id").values_list("site__latitude", "site__longitude").first()
    latitude, longitude = (_coarse(degrees) for degrees in first or (None, None))
    return sky_over(now=now, latitude=latitude, longitude=longitude)


def _coarse(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees / COARSE_DEGREES) * COARSE_DEGREES


@sent_from("account")
def sign_out(request: HttpRequest) -> HttpResponse:
    end_session(request=request)
    return redirect("sign-in")


@login_required
@never_cache
@require_safe
def account(request: SignedIn) -> HttpResponse:
    return account_page(request)


@login_required
@sent_from("account")
def profile(request: SignedIn) -> HttpResponse:
    form = ProfileForm(request.POST, instance=request.user)
    if not form.is_valid():
        return account_page(request, profile=form)
    update_profile(operator=request.user, **form.changes())
    messages.success(request, gettext("Saved."))
    return _follows_the_account(redirect("account"))


@login_required
@sent_from("account")
def choices(request: SignedIn) -> HttpResponse:
    """Save what was chosen in the menu of a page, and show that page again."""
    clock, units = request.POST.get("clock", ""), normalised(request.POST.get("units", ""))
    if units:
        preset, single = parts(units)
        update_profile(operator=request.user, units=preset, single_units=list(single.values()))
    if clock in CLOCKS:
        update_profile(operator=request.user, clock=clock)
    if (language := request.POST.get("language", "")) in LANGUAGES:
        update_profile(operator=request.user, language=language)
    return _follows_the_account(redirect(target_of(request)))


def _follows_the_account(answer: HttpResponse) -> HttpResponse:
    """Remove what this browser was set to before its reader signed in."""
    for name in ("units", "clock", "week", "language"):
        answer.delete_cookie(name, path=full_path("/"), samesite="Lax")
    return answer


@login_required
@sensitive_post_parameters()
@sent_from("account")
@after_second_factor("account")
@answers_excess
def password(request: SignedIn) -> HttpResponse:
    form = PasswordForm(request.POST)
    if form.is_valid() and may_try(request, form, email=request.user.email):
        with RefusedIn(form):
            change_password(operator=request.user, current=form.cleaned_data["current"], new=form.cleaned_data["new"])
            update_session_auth_hash(request, request.user)
            succeeded(request, request.user)
            messages.success(request, gettext("Your password is changed, and every API token has ended."))
            return redirect("account")
    return account_page(request, password=form)


@login_required
@sent_from("account")
@after_proof("account")
def make_token(request: SignedIn) -> HttpResponse:
    form = TokenForm(request.POST)
    if form.is_valid():
        with RefusedIn(form):
            return make_as_asked(request, form)
    return account_page(request, token=form)


def make_as_asked(request: SignedIn, form: TokenForm, *, sites: Collection[int] | None = None) -> HttpResponse:
    """Make the token that a valid form asks for, bound to sites if given, and lead to the page that shows it once.

    :raises Refusal: as `issue_token`.
    """
    issued = issue_token(
        operator=request.user,
        label=form.cleaned_data["label"],
        scope=TokenScope(form.cleaned_data["scope"]),
        life=form.span(),
        sites=sites,
        now=timezone.now(),
    )
    request.session["new_token"] = issued.text
    return redirect("account")


@login_required
@sent_from("account")
def revoke_token(request: SignedIn, number: int) -> HttpResponse:
    token = tokens_of(request.user).filter(pk=number).first()
    if token is None:
        raise Http404
    end_token(token=token)
    messages.success(request, gettext("The token “{name}” has ended.").format(name=token.label or token))
    return redirect("account")


def account_page(request: SignedIn, **forms: BaseForm) -> HttpResponse:
    """Render the account's page, with any forms that had errors."""
    now = timezone.now()
    context = {
        "profile": forms.get("profile") or ProfileForm(instance=request.user),
        "email_form": forms.get("email") or EmailForm(),
        "password_form": forms.get("password") or PasswordForm(),
        "token_form": forms.get("token") or TokenForm(),
        "muted_form": forms.get("muted") or MutedForm(operator=request.user),
        "mails": is_configured(),
        "change": open_change(request.user, now=now),
        "not_delivered": given_up_for(request.user.email)[:3],
        "unit_examples": unit_examples(),
        "tokens": tokens_of(request.user).filter(expires_at__gt=now),
        "has_factor": has_factor(request.user),
        "browsers": browsers_of(request, request.user, now=now),
        "new_token": request.session.pop("new_token", None),
    }
    return render(request, "accounts/account.html", context, status=400 if forms else 200)


def target_of(request: HttpRequest) -> str:
    """Return the redirect target after signing in: the requested page if it is one of ours."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours else resolve_url(settings.LOGIN_REDIRECT_URL)
