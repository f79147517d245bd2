"""The buttons of the account's page for e-mail: which messages come, and a test message."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from sensorfusion.accounts import pages
from sensorfusion.accounts.mailing.forms import MutedForm
from sensorfusion.accounts.mailing.services import send_test, set_muted
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.outbox import is_configured
from sensorfusion.web.checks.posted import sent_from


@login_required
@sent_from("account")
def choose(request: pages.SignedIn) -> HttpResponse:
    form = MutedForm(request.POST, operator=request.user)
    if not form.is_valid():
        return pages.account_page(request, muted=form)
    set_muted(operator=request.user, kinds=form.muted())
    messages.success(request, gettext("Saved."))
    return redirect("account")


@login_required
@sent_from("account")
def test(request: pages.SignedIn) -> HttpResponse:
    try:
        if is_configured():
            send_test(operator=request.user, now=timezone.now())
            text = gettext("A test message is on its way to {address}.")
            messages.success(request, text.format(address=request.user.email))
    except Refusal as refused:
        messages.error(request, gettext(refused.detail))
        response = pages.account_page(request)
        response.status_code = refused.status
        response["Retry-After"] = str(refused.retry_after_s)
        return response
    return redirect("account")
