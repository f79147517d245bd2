"""The page on which an account is closed: what is deleted, what is left to others, and the archive before."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sensorfusion.accounts.forms import CloseAccountForm
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.accounts.signing_in.recent import after_second_factor
from sensorfusion.accounts.throttles import answers_excess, may_try
from sensorfusion.sensors.closing.plan import Fate, sites_at_closing
from sensorfusion.sensors.services import close_account
from sensorfusion.sensors.sites.invitations import invitations_of
from sensorfusion.web.forms import RefusedIn


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@after_second_factor("account-close")
@answers_excess
def close(request: SignedIn) -> HttpResponse:
    form = CloseAccountForm(request.POST or None, operator=request.user)
    if request.method == "POST" and form.is_valid() and may_try(request, form, email=request.user.email):
        with RefusedIn(form):
            close_account(operator=request.user, password=form.cleaned_data["password"])
            logout(request)
            messages.success(request, gettext("Your account is closed."))
            return redirect("sign-in")
    return _page(request, form)


def _page(request: SignedIn, form: CloseAccountForm) -> HttpResponse:
    planned, now = sites_at_closing(request.user), timezone.now()
    waiting = {
        each.site.pk: {one.email for one in invitations_of(each.site, now=now) if one.declined_at is None}
        for each in planned
        if each.fate is Fate.NEEDS_OWNER
    }
    context = {
        "form": form,
        "blocked": [(each, waiting[each.site.pk]) for each in planned if each.fate is Fate.NEEDS_OWNER],
        "deleted": [each for each in planned if each.fate is Fate.DELETED],
        "left": [each for each in planned if each.fate is Fate.LEFT],
    }
    return render(request, "sensors/closing.html", context, status=400 if form.errors else 200)
