"""Asking for the second factor before what must not be done by a stranger at an open browser."""

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


def is_recent(request: HttpRequest) -> bool:
    """Return whether this browser gave a second factor in the last five minutes."""
    since = (timezone.now() - RECENT).timestamp()
    given = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" and each.get("at", 0) > since for each in given)


def _page(operator: Operator) -> str:
    has_app = Authenticator.objects.filter(user_id=operator.pk, type=Authenticator.Type.TOTP).exists()
    return "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
