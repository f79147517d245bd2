"""What is recorded and told when a second factor is added, removed or replaced: receivers of allauth's signals."""

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.dispatch import receiver

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.mailing.messages import second_factor_changed
from sensorfusion.accounts.mailing.services import tell
from sensorfusion.accounts.models import Operator

NAMES = {"totp": "Authenticator app", "webauthn": "Passkey", "recovery_codes": "Recovery codes"}


@receiver(signals.authenticator_added)
def added(*, user: Operator, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:  # they come with the first of the others
        _noted(Action.FACTOR_ADDED, user, authenticator, "was added")


@receiver(signals.authenticator_removed)
def removed(*, user: Operator, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:  # they go with the last of the others
        _noted(Action.FACTOR_REMOVED, user, authenticator, "was removed")


@receiver(signals.authenticator_reset)
def replaced(*, user: Operator, authenticator: Authenticator, **_: Any) -> None:
    _noted(Action.CODES_MADE, user, authenticator, "were replaced")


@transaction.atomic
def _noted(action: Action, user: Operator, authenticator: Authenticator, what: str) -> None:
    record(action, by=user, subject=named(authenticator))
    tell(second_factor_changed(what=f"{NAMES[authenticator.type]} {what}"), to=user)


def named(authenticator: Authenticator) -> str:
    """Name a second factor as lists show it."""
    kind = NAMES[authenticator.type]
    return f"{kind} “{authenticator.wrap().name}”" if authenticator.type == Authenticator.Type.WEBAUTHN else kind
