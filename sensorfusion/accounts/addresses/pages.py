"""The buttons of the account's page for its address, and the page of a link that was sent to one."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from sensorfusion.accounts import pages
from sensorfusion.accounts.addresses import changes, proof
from sensorfusion.accounts.addresses.links import Link, Step, link_of
from sensorfusion.accounts.addresses.models import AddressChange
from sensorfusion.accounts.attempts import take_back
from sensorfusion.accounts.forms import EmailForm
from sensorfusion.accounts.mailing.resets import count_link
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.signing_in.recent import after_second_factor
from sensorfusion.accounts.throttles import answers_excess, may_try, succeeded
from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn, told_to_wait

_KEPT = "address_link"  # in the session, so that no page has the token in its address


@login_required
@sensitive_post_parameters("password")
@sent_from("account")
@after_second_factor("account")
@answers_excess
def change(request: pages.SignedIn) -> HttpResponse:
    form = EmailForm(request.POST)
    if form.is_valid() and may_try(request, form, email=request.user.email):
        with RefusedIn(form):
            waiting = changes.change_email(operator=request.user, **form.cleaned_data, now=timezone.now())
            succeeded(request, request.user)
            if waiting is None:
                messages.success(request, _sign_in_as(request.user.email))
            else:
                text = gettext("Links are on their way to {addresses}. They work for a day.")
                messages.success(request, text.format(addresses=_listed(waiting)))
            return redirect("account")
    request.user.refresh_from_db()
    return told_to_wait(pages.account_page(request, email=form), form)


@login_required
@sent_from("account")
def again(request: pages.SignedIn) -> HttpResponse:
    """Send the links of a change again, or the link that proves the address."""
    now = timezone.now()
    try:
        if not changes.send_again(operator=request.user, now=now):
            proof.ask_for_proof(operator=request.user, now=now)
    except Refusal as refused:
        messages.error(request, gettext(refused.detail))
        response = pages.account_page(request)
        response.status_code = refused.status
        response["Retry-After"] = str(refused.retry_after_s)
        return response
    messages.success(request, gettext("The link is on its way. It works for a day."))
    return redirect("account")


@login_required
@sent_from("account")
def cancel(request: pages.SignedIn) -> HttpResponse:
    changes.cancel(operator=request.user)
    messages.success(request, gettext("Your address stays as it is."))
    return redirect("account")


@never_cache
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token of a link out of the address; nothing is confirmed before the button of the page is pressed."""
    counted = count_link(address=str(request.META.get("REMOTE_ADDR") or ""), now=timezone.now())
    if counted.wait_s:
        response = _page(request, None, status=429)
        response["Retry-After"] = str(counted.wait_s)
        return response
    if link_of(token) is None:
        return _page(request, None, status=404)
    take_back(counted)
    request.session[_KEPT] = token
    return redirect("address-answer")


@never_cache
def answer(request: HttpRequest) -> HttpResponse:
    """Show what the link confirms, and confirm or refuse it."""
    if _KEPT not in request.session:
        return redirect(_home(request))
    offer = _offer(link_of(request.session[_KEPT]))
    if offer is None or request.method != "POST":
        return _page(request, offer, status=200 if offer else 404)
    with RefusedAloud(request):
        messages.success(request, offer.refuse() if request.POST.get("to") == "refuse" else offer.confirm())
    del request.session[_KEPT]
    return redirect(_home(request))


@dataclass(frozen=True)
class Offer:
    """What a link is for."""

    step: Step
    operator: Operator
    change: AddressChange | None = None

    def confirm(self) -> str:
        """Confirm it, and return what to say.

        :raises Refusal: as `changes.confirm`.
        """
        now = timezone.now()
        if self.change is None:
            proof.prove(operator=self.operator, now=now)
            return gettext("Thank you: your address is confirmed.")
        made = changes.confirm(change=self.change, step=self.step, now=now)
        if made.waits_for:
            return gettext("Confirmed. The change waits for {addresses}.").format(addresses=_listed(made))
        return gettext("The address is changed: from now on, sign in as {address}.").format(address=made.email)

    def refuse(self) -> str:
        """Refuse it, where there is something to refuse, and return what to say."""
        if self.step is Step.BEFORE:
            changes.cancel(operator=self.operator)
            return gettext("The address stays as it is. If you did not ask for the change, change your password.")
        return gettext("Nothing was changed.")


def _offer(followed: Link | None) -> Offer | None:
    if followed is None:
        return None
    if followed.step is Step.PROOF:
        operator = proof.operator_of_link(followed)
        return Offer(followed.step, operator) if operator else None
    found = changes.change_of_link(followed, now=timezone.now())
    return Offer(followed.step, found.operator, found) if found and found.operator.is_active else None


def _home(request: HttpRequest) -> str:
    return "account" if request.user.is_authenticated else "sign-in"


def _page(request: HttpRequest, offer: Offer | None, *, status: int) -> HttpResponse:
    context = {"offer": offer, "sky": pages.sky_here(now=timezone.now())}
    return render(request, "accounts/address-link.html", context, status=status)


def _sign_in_as(address: str) -> str:
    return gettext("From now on, sign in as {address}.").format(address=address)


def _listed(change: AddressChange) -> str:
    return gettext(" and ").join(change.waits_for)
