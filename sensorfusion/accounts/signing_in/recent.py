"""Asking for a password or second factor before what must not be done by a stranger at an open browser."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.signing_in.factors import has_factor

RECENT: Final = timedelta(minutes=5)
PROVEN: Final = timedelta(minutes=15)  # long enough to set up some gateways
View = Callable[..., HttpResponse]


def after_second_factor(back: str) -> Callable[[View], View]:
    """Let a view be used within five minutes of a code or a passkey, if the account has one.

    The password is asked for by the view's own form. `back` names the page of that form.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: Any, *arguments: Any, **named: Any) -> HttpResponse:
            if not has_factor(request.user) or is_recent(request):
                return view(request, *arguments, **named)
            if request.method == "POST":
                messages.info(
                    request, gettext("Nothing was changed yet. Confirm with your second factor, then do it again.")
                )
            return redirect(f"{reverse(_page(request.user))}?{urlencode({'next': reverse(back)})}")

        return answered

    return decorate


def after_proof(back: str, *kept: str) -> Callable[[View], View]:
    """Let a form be sent within 15 minutes of signing in or confirming: by the second factor, if the account has one.

    `back` names the page of the form, and `kept` are the parts of the address that its URL has as well.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: Any, *arguments: Any, **named: Any) -> HttpResponse:
            if request.method != "POST" or is_proven(request):
                return view(request, *arguments, **named)
            return confirmation(request, back=reverse(back, kwargs={name: named[name] for name in kept}))

        return answered

    return decorate


def confirmation(request: Any, *, back: str) -> HttpResponse:
    """Lead to the page that asks for a proof, and from there to the address of the form."""
    messages.info(request, gettext("Nothing was changed yet. Confirm that it is you, then do it again."))
    return redirect(f"{reverse(_page(request.user))}?{urlencode({'next': back})}")


def is_proven(request: HttpRequest) -> bool:
    """Return whether this browser gave a second factor in the last 15 minutes, or a password if there is no factor."""
    if not isinstance(request.user, Operator):
        return False
    since = (timezone.now() - PROVEN).timestamp()
    given = [each for each in get_authentication_records(request, request.user) if each.get("at", 0) > since]
    return any(each.get("method") == "mfa" for each in given) if has_factor(request.user) else bool(given)


def is_recent(request: HttpRequest) -> bool:
    """Return whether this browser gave a second factor in the last five minutes."""
    since = (timezone.now() - RECENT).timestamp()
    given = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" and each.get("at", 0) > since for each in given)


def _page(operator: Operator) -> str:
    if not has_factor(operator):
        return "account_reauthenticate"
    has_app = Authenticator.objects.filter(user_id=operator.pk, type=Authenticator.Type.TOTP).exists()
    return "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
