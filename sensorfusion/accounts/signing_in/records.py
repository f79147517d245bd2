"""What is recorded and told when a second factor is added, removed or replaced: receivers of allauth's signals."""

from functools import partial
from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext_noop

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.mailing.messages import second_factor_changed
from sensorfusion.accounts.mailing.services import tell
from sensorfusion.accounts.models import Operator

NAMES = {
    "totp": gettext_noop("Authenticator app"),
    "webauthn": gettext_noop("Passkey"),
    "recovery_codes": gettext_noop("Recovery codes"),
}
_ADDED = {
    "totp": gettext_noop("Authenticator app was added."),
    "webauthn": gettext_noop("Passkey was added."),
}
_REMOVED = {
    "totp": gettext_noop("Authenticator app was removed."),
    "webauthn": gettext_noop("Passkey was removed."),
}
_REPLACED = gettext_noop("Recovery codes were replaced.")


@receiver(signals.authenticator_added)
def added(*, user: Operator, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:  # they come with the first of the others
        _noted(Action.FACTOR_ADDED, user, authenticator, _ADDED[authenticator.type])


@receiver(signals.authenticator_removed)
def removed(*, user: Operator, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:  # they go with the last of the others
        _noted(Action.FACTOR_REMOVED, user, authenticator, _REMOVED[authenticator.type])


@receiver(signals.authenticator_reset)
def replaced(*, user: Operator, authenticator: Authenticator, **_: Any) -> None:
    _noted(Action.CODES_MADE, user, authenticator, _REPLACED)


@transaction.atomic
def _noted(action: Action, user: Operator, authenticator: Authenticator, what: str) -> None:
    record(action, by=user, subject=named(authenticator))
    tell(partial(second_factor_changed, what=what), to=user)


def named(authenticator: Authenticator) -> str:
    """Name a second factor as the audit log has it, in English."""
    kind = NAMES[authenticator.type]
    return f"{kind} “{authenticator.wrap().name}”" if authenticator.type == Authenticator.Type.WEBAUTHN else kind
