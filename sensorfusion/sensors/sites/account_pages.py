"""Pages for registering and closing an account, which also create and delete its sites."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from sensorfusion.accounts.forms import CloseAccountForm, SignUpForm
from sensorfusion.accounts.known_browsers import remember
from sensorfusion.accounts.pages import SignedIn, account_page, sky_here
from sensorfusion.accounts.services import open_session
from sensorfusion.accounts.throttles import answers_excess, may_try
from sensorfusion.sensors.services import close_account, register
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
@answers_excess
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("overview")
    context = {"sky": sky_here(now=timezone.now())}
    if not settings.SIGNUP:
        return render(request, "sensors/sign-up-closed.html", context, status=403)
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_try(request, form, email=form.cleaned_data["email"]):
        with RefusedIn(form):
            given = form.cleaned_data
            guess = given.pop("time_zone")  # the browser's guess, which the user did not choose
            zone = guess if guess in time_zones() else "UTC"
            operator, _ = register(**given, time_zone=zone, now=timezone.now())
            open_session(request=request, operator=operator, backend=_BACKEND)
            answer = redirect("overview")
            remember(answer, request, operator.email)
            return answer
    return render(request, "sensors/sign-up.html", {"form": form, **context})


@login_required
@sensitive_post_parameters("password")
@sent_from("account")
@answers_excess
def close(request: SignedIn) -> HttpResponse:
    form = CloseAccountForm(request.POST, operator=request.user)
    if form.is_valid() and may_try(request, form, email=request.user.email):
        with RefusedIn(form):
            close_account(operator=request.user, password=form.cleaned_data["password"])
            logout(request)
            messages.success(request, "Your account is closed.")
            return redirect("sign-in")
    return account_page(request, close=form)
