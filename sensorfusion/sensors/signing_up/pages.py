"""The pages behind the links of new accounts: one of an invitation, one that confirms; and the first page of all."""

from collections.abc import Callable

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from sensorfusion.accounts.attempts import take_back
from sensorfusion.accounts.known_browsers import remember
from sensorfusion.accounts.mailing.resets import count_link
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.pages import sky_here
from sensorfusion.accounts.services import open_session
from sensorfusion.accounts.signing_up import set_up
from sensorfusion.accounts.signing_up.invitations import invitation_of
from sensorfusion.accounts.signing_up.pending import pending_of
from sensorfusion.accounts.throttles import answers_excess, forgiven, may_try
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.signing_up.forms import ConfirmForm, SetUpForm
from sensorfusion.sensors.signing_up.services import confirm, set_up_installation
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.web.forms import RefusedIn, told_to_wait

_BACKEND = "django.contrib.auth.backends.ModelBackend"
INVITED, ASKED = "sign_up_invitation", "sign_up_link"  # in the session, so that no page has a token in its address


@never_cache
@require_safe
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token of an invitation out of the address, and show the form of a new account."""
    return _follow(request, token, lambda: invitation_of(token, now=timezone.now()), INVITED, "sign-up")


@never_cache
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token of a link that confirms out of the address; nothing is made before the password is given."""
    return _follow(request, token, lambda: pending_of(token, now=timezone.now()), ASKED, "sign-up-confirmed")


@never_cache
@sensitive_post_parameters("password")
@answers_excess
def confirmed(request: HttpRequest) -> HttpResponse:
    """Make the account of the link, when the password that was chosen is given again."""
    now = timezone.now()
    token = request.session.get(ASKED, "")
    asked = pending_of(token, now=now) if settings.SIGNUP and token else None
    if request.user.is_authenticated or not token:
        return redirect("overview")
    if asked is None:
        return _gone(request, 404)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_try(request, form, email=asked.email):
        with RefusedIn(form):
            operator = confirm(asked=asked, password=form.cleaned_data["password"], now=now)
            forgiven(request)
            return signed_in(request, operator)
    return _page(request, "sensors/signing-up/confirm.html", form=form, email=asked.email)


@never_cache
@sensitive_post_parameters("password", "code")
def first(request: HttpRequest) -> HttpResponse:
    """Make the first administrator of a new installation."""
    if not set_up.is_open():
        return redirect("overview")
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            return signed_in(request, _first_administrator(request, form))
    return told_to_wait(_page(request, "sensors/signing-up/set-up.html", form=form), form)


def zone_of(guess: str) -> str:
    """Return the time zone that a browser guessed, which the user did not choose, if there is such a one."""
    return guess if guess in time_zones() else "UTC"


def signed_in(request: HttpRequest, operator: Operator) -> HttpResponse:
    """Sign the browser in to a new account."""
    open_session(request=request, operator=operator, backend=_BACKEND)
    record_authentication(request, operator, method="password")  # which was chosen just now
    answer = redirect("overview")
    remember(answer, request, operator.email)
    return answer


def _first_administrator(request: HttpRequest, form: SetUpForm) -> Operator:
    counted = set_up.count_code(address=_address(request), now=timezone.now())
    if counted.wait_s:
        wait = gettext("Too many tries. Wait {minutes} min, then try again.").format(minutes=1 + counted.wait_s // 60)
        raise Refusal("too_fast", wait, retry_after_s=counted.wait_s)
    given = {**form.cleaned_data, "time_zone": zone_of(form.cleaned_data["time_zone"])}
    operator = set_up_installation(**given, now=timezone.now())
    take_back(counted)
    return operator


def _follow(request: HttpRequest, token: str, found: Callable[[], object], kept: str, page: str) -> HttpResponse:
    counted = count_link(address=_address(request), now=timezone.now())
    if counted.wait_s:
        response = _gone(request, 429)
        response["Retry-After"] = str(counted.wait_s)
        return response
    if not settings.SIGNUP or found() is None:
        return _gone(request, 404)
    take_back(counted)
    if request.user.is_authenticated:
        return redirect("overview")
    request.session[kept] = token
    return redirect(page)


def _gone(request: HttpRequest, status: int) -> HttpResponse:
    return _page(request, "sensors/signing-up/gone.html", status=status)


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    return render(request, template, {"sky": sky_here(now=timezone.now()), **context}, status=status)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")
