"""Changing an operator's e-mail address, with which they sign in.

Where e-mail is configured, the new address confirms by its link, and the present one, too, unless it was never proved.
Without e-mail the password, and the second factor if there is one, are enough. Sessions and sockets go on.
"""

from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from sensorfusion.accounts.addresses import messages
from sensorfusion.accounts.addresses.links import Link, Step, link, path_of
from sensorfusion.accounts.addresses.models import AddressChange
from sensorfusion.accounts.addresses.proof import require_room, send_link, vouch
from sensorfusion.accounts.attempts import rename_account
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.folding import with_foldings
from sensorfusion.accounts.mailing.messages import email_changed
from sensorfusion.accounts.mailing.services import tell
from sensorfusion.accounts.models import Operator, address
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.accounts.services import check_password
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.outbox import is_configured
from sensorfusion.mail.sender import Composed
from sensorfusion.web.languages import in_language_of


@transaction.atomic
def change_email(*, operator: Operator, email: str, password: str, now: datetime) -> AddressChange | None:
    """Change an operator's address; return the change if it waits to be confirmed, None if it is made.

    That there is an account with the new address is told to its reader only, where e-mail is configured.

    :raises Refusal: `wrong_password`, `too_fast`, or `email_taken` without e-mail.
    :raises ValidationError: for an invalid address.
    """
    check_password(operator=operator, password=password)
    given = address(email)
    if given == operator.email:
        raise ValidationError({"email": [gettext("That is your address already.")]})
    if is_configured():
        return _ask(operator, given, now)
    record(Action.EMAIL_CHANGED, by=operator, subject=f"{operator.email} → {given}")
    _set_address(operator, given)
    return None


def open_change(operator: Operator, *, now: datetime) -> AddressChange | None:
    """Return the change that waits to be confirmed."""
    found = AddressChange.objects.filter(operator=operator).first()
    return found if found and found.is_open(now) else None


@transaction.atomic
def send_again(*, operator: Operator, now: datetime) -> bool:
    """Send the links of the open change again; return whether there is one.

    :raises Refusal: `too_fast`.
    """
    change = open_change(operator, now=now)
    if change:
        require_room(operator, now=now)
        _send_links(change, now)
    return change is not None


@transaction.atomic
def cancel(*, operator: Operator) -> None:
    """End the open change, on the page of the account or by its present address; its links work no more."""
    for change in AddressChange.objects.select_for_update().filter(operator=operator):
        record(Action.EMAIL_CHANGE_ENDED, by=operator, subject=str(change))
        change.delete()


@transaction.atomic
def confirm(*, change: AddressChange, step: Step, now: datetime) -> AddressChange:
    """Confirm a change by one of its addresses, and make it if that was the last; `waits_for` says which are left.

    :raises Refusal: `address_change_gone` or `email_taken`.
    """
    held = AddressChange.objects.select_for_update(of=("self",)).select_related("operator").filter(pk=change.pk).first()
    if held is None or not held.is_open(now) or held.before != held.operator.email:
        raise Refusal("address_change_gone")
    column = "confirmed_at" if step is Step.AFTER else "before_confirmed_at"
    setattr(held, column, now)
    held.save(update_fields=[column])
    record(Action.EMAIL_CONFIRMED, by=held.operator, subject=held.email if step is Step.AFTER else held.before)
    if not held.waits_for:
        _make(held, now)
    return held


def change_of_link(followed: Link, *, now: datetime) -> AddressChange | None:
    """Return the open change that a link confirms, if its address has not done so yet."""
    try:
        found = AddressChange.objects.select_related("operator").filter(uuid=followed.subject).first()
    except ValidationError:
        return None
    if found is None or not found.is_open(now) or found.before != found.operator.email:
        return None
    sent_to = found.email if followed.step is Step.AFTER else found.before
    if sent_to not in found.waits_for or link(followed.step, found.uuid, sent_to) != followed:
        return None
    return found


def compose_link(to: str, about: str, *, step: Step, now: datetime) -> Composed | None:
    """Write the message with the link of one of the addresses; None if it is of no use any more."""
    found = AddressChange.objects.select_related("operator").filter(uuid=about).first()
    if found is None or not found.is_open(now) or to not in found.waits_for:
        return None
    path = path_of(link(step, found.uuid, to))
    holder = operator_by_email(to)
    if step is Step.AFTER and holder is not None and holder.pk != found.operator_id:
        with in_language_of(holder):
            return Composed(to, messages.in_use(change=found))
    write = messages.to_the_present if step is Step.BEFORE else messages.to_the_new
    with in_language_of(found.operator):
        return Composed(to, write(change=found, path=path))


def _ask(operator: Operator, email: str, now: datetime) -> AddressChange:
    require_room(operator, now=now)
    AddressChange.objects.filter(operator=operator).delete()
    change = AddressChange.objects.create(
        operator=operator, before=operator.email, email=email, asked_at=now, needs_before=operator.is_trusted
    )
    record(Action.EMAIL_CHANGE_ASKED, by=operator, subject=str(change))
    _send_links(change, now)
    return change


def _send_links(change: AddressChange, now: datetime) -> None:
    for to in change.waits_for:
        kind = Kind.ADDRESS_AFTER if to == change.email else Kind.ADDRESS_BEFORE
        send_link(kind, to=to, about=str(change.uuid), now=now)


def _make(change: AddressChange, now: datetime) -> None:
    operator = change.operator
    message = partial(email_changed, before=change.before, after=change.email)
    tell(message, to=operator)
    record(Action.EMAIL_CHANGED, by=operator, subject=str(change))
    _set_address(operator, change.email, proved_at=now)
    change.delete()
    tell(message, to=operator)


def _set_address(operator: Operator, email: str, proved_at: datetime | None = None) -> None:
    operator.email = email
    vouch(operator)
    operator.proved_at = proved_at
    operator.clean_fields(exclude=["password"])
    try:
        with transaction.atomic():
            operator.save(update_fields=with_foldings(Operator, ["email", "trusted_email", "proved_at"]))
    except IntegrityError as error:
        detail = gettext("There is already an account with this e-mail address.")
        raise Refusal("email_taken", detail, field="email") from error
    rename_account(operator)
