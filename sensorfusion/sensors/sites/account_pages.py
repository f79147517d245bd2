"""The page for registering an account, which also creates its first site. `sensors.closing` has the other end."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from sensorfusion.accounts.forms import SignUpForm
from sensorfusion.accounts.known_browsers import remember
from sensorfusion.accounts.pages import sky_here
from sensorfusion.accounts.services import open_session
from sensorfusion.accounts.throttles import answers_excess, may_try
from sensorfusion.mail.outbox import is_configured
from sensorfusion.sensors.services import register
from sensorfusion.sensors.sites.time_zones import time_zones
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
            operator, _ = register(**given, time_zone=zone, now=timezone.now(), is_vouched=not is_configured())
            open_session(request=request, operator=operator, backend=_BACKEND)
            answer = redirect("overview")
            remember(answer, request, operator.email)
            return answer
    return render(request, "sensors/sign-up.html", {"form": form, **context})
