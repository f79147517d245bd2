"""The page for registering an account, which also creates its first site. `sensors.closing` has the other end."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from sensorfusion.accounts.forms import SignUpForm
from sensorfusion.accounts.pages import sky_here
from sensorfusion.accounts.signing_up.invitations import invitation_of
from sensorfusion.accounts.signing_up.models import SignUpInvitation
from sensorfusion.accounts.throttles import answers_excess, may_try
from sensorfusion.sensors.signing_up import services
from sensorfusion.sensors.signing_up.pages import INVITED, signed_in, zone_of
from sensorfusion.web.forms import RefusedIn


@never_cache
@sensitive_post_parameters("password")
@answers_excess
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("overview")
    context: dict[str, object] = {"sky": sky_here(now=timezone.now())}
    if not settings.SIGNUP:
        return render(request, "sensors/sign-up-closed.html", context, status=403)
    invitation = _invitation(request)
    form = SignUpForm(request.POST or None, initial={"email": invitation.email} if invitation else None)
    if request.method == "POST" and form.is_valid() and may_try(request, form, email=form.cleaned_data["email"]):
        with RefusedIn(form):
            return _signed_up(request, form)
    context |= {"form": form, "invitation": invitation, "by_invitation": settings.SIGNUP_BY_INVITATION}
    return render(request, "sensors/sign-up.html", context)


def _signed_up(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    given = {**form.cleaned_data, "time_zone": zone_of(form.cleaned_data["time_zone"])}
    operator = services.sign_up(**given, invitation=request.session.get(INVITED, ""), now=timezone.now())
    request.session.pop(INVITED, None)
    if operator is not None:
        return signed_in(request, operator)
    # The same for an address that has an account, and for one that is not invited.
    messages.success(
        request, gettext("A link is on its way, if the address may have an account here. It works for a day.")
    )
    return redirect("sign-in")


def _invitation(request: HttpRequest) -> SignUpInvitation | None:
    """Return the invitation whose link this browser followed; one that has ended is forgotten."""
    token = request.session.get(INVITED)
    found = invitation_of(token, now=timezone.now()) if token else None
    if token and found is None:
        del request.session[INVITED]
    return found
