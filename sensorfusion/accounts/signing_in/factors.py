"""The second factors of an operator: which there are, and codes that programs give with a password."""

from datetime import datetime
from functools import partial

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_noop

from sensorfusion.accounts.attempts import take_back
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.mailing.messages import second_factor_changed
from sensorfusion.accounts.mailing.services import tell
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.signing_in.limits import count_code
from sensorfusion.domain.refusals import Refusal


def has_factor(operator: Operator) -> bool:
    """Return whether the password alone does not sign this operator in."""
    return bool(Authenticator.objects.filter(user_id=operator.pk).exists())


def require_code(operator: Operator, code: str, *, now: datetime) -> None:
    """Check the code that an operator with a second factor must give with the password.

    :raises Refusal: `code_needed`, `wrong_code` or `too_fast`.
    """
    if not has_factor(operator):
        return
    if not code:
        raise Refusal("code_needed", field="code")
    counted = count_code(operator, now=now)
    with_codes = Authenticator.objects.filter(user_id=operator.pk).exclude(type=Authenticator.Type.WEBAUTHN)
    if not any(each.wrap().validate_code(code) for each in with_codes):
        raise Refusal("wrong_code", field="code")
    take_back(counted)


@transaction.atomic
def remove_all(operator: Operator) -> int:
    """Remove every second factor of an operator who has lost them; return how many there were."""
    found = Authenticator.objects.filter(user_id=operator.pk)
    count: int = found.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    if found.delete()[0]:
        record(Action.FACTOR_REMOVED, by=operator, subject="All, by an administrator")
        what = gettext_noop("All second factors were removed.")
        tell(partial(second_factor_changed, what=what), to=operator)
    return count
