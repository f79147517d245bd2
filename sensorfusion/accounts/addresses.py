"""Changing an operator's e-mail address, with which they sign in."""

from django.db import IntegrityError, transaction

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.folding import with_foldings
from sensorfusion.accounts.mailing import messages
from sensorfusion.accounts.mailing.services import tell
from sensorfusion.accounts.models import Operator, address
from sensorfusion.accounts.services import check_password
from sensorfusion.domain.refusals import Refusal


@transaction.atomic
def change_email(*, operator: Operator, email: str, password: str) -> Operator:
    """Change an operator's e-mail address, and tell both addresses.

    :raises Refusal: `wrong_password` or `email_taken`. :raises ValidationError: for an invalid address.
    """
    check_password(operator=operator, password=password)
    given, message = address(email), messages.email_changed(before=operator.email, after=address(email))
    record(Action.EMAIL_CHANGED, by=operator, subject=f"{operator.email} → {given}")
    tell(message, to=operator)
    operator.email = given
    operator.clean_fields(exclude=["password"])
    try:
        with transaction.atomic():
            operator.save(update_fields=with_foldings(Operator, ["email"]))
    except IntegrityError as error:
        raise Refusal("email_taken", "There is already an account with this e-mail address.", field="email") from error
    tell(message, to=operator)
    return operator
