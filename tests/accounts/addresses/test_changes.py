"""A change of address: both confirm it where e-mail is configured; without, the password is enough."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from sensorfusion.accounts.addresses.changes import cancel, change_email, confirm, open_change, send_again
from sensorfusion.accounts.addresses.links import Step
from sensorfusion.accounts.addresses.models import VALID_FOR, AddressChange
from sensorfusion.accounts.addresses.proof import BY_OPERATOR, TO_ADDRESS
from sensorfusion.accounts.attempts import Attempt, Counted, forgive, is_known_network
from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import reset_password
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.models import OutboxMessage
from tests.accounts.addresses.conftest import composed
from tests.conftest import PASSWORD, Cast

NEW = "new@example.org"
with_mail = pytest.mark.usefixtures("mail_settings")


def ask(cast: Cast, now: datetime, email: str = NEW) -> AddressChange:
    change = change_email(operator=cast.owner, email=email, password=PASSWORD, now=now)
    assert change is not None
    return change


def address_of(operator: Operator) -> str:
    return Operator.objects.values_list("email", flat=True).get(pk=operator.pk)


@with_mail
@pytest.mark.parametrize("steps", [(Step.BEFORE, Step.AFTER), (Step.AFTER, Step.BEFORE)])
def test_address_is_changed_when_both_have_confirmed(cast: Cast, now: datetime, steps: tuple[Step, Step]) -> None:
    change = ask(cast, now)
    assert change.waits_for == ["owner@example.org", NEW]

    first = confirm(change=change, step=steps[0], now=now)
    assert (len(first.waits_for), address_of(cast.owner)) == (1, "owner@example.org")
    confirm(change=change, step=steps[1], now=now)

    cast.owner.refresh_from_db()
    assert (cast.owner.email, cast.owner.is_proved) == (NEW, True)
    assert not AddressChange.objects.exists()
    told = OutboxMessage.objects.filter(kind="email_changed").order_by("id")
    assert [row.recipient for row in told] == ["owner@example.org", NEW]
    assert all("Before: owner@example.org\nNow: new@example.org\n" in row.text for row in told)
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == [Action.EMAIL_CHANGE_ASKED, *[Action.EMAIL_CONFIRMED] * 2, Action.EMAIL_CHANGED]


@with_mail
def test_one_address_cannot_confirm_for_the_other(cast: Cast, now: datetime) -> None:
    change = ask(cast, now)
    for _ in range(2):
        confirm(change=change, step=Step.AFTER, now=now)

    assert address_of(cast.owner) == "owner@example.org"


@with_mail
def test_address_that_was_never_proved_is_neither_asked_nor_told(cast: Cast, now: datetime) -> None:
    Operator.objects.filter(pk=cast.owner.pk).update(trusted_email="")
    cast.owner.refresh_from_db()

    confirm(change=ask(cast, now), step=Step.AFTER, now=now)

    assert address_of(cast.owner) == NEW
    assert set(OutboxMessage.objects.values_list("recipient", flat=True)) == {NEW}


@with_mail
def test_change_is_refused_after_a_day(cast: Cast, now: datetime) -> None:
    change = ask(cast, now)
    confirm(change=change, step=Step.AFTER, now=now + VALID_FOR - timedelta(seconds=1))
    assert open_change(cast.owner, now=now + VALID_FOR) is None

    with pytest.raises(Refusal) as refusal:
        confirm(change=change, step=Step.BEFORE, now=now + VALID_FOR)

    assert refusal.value.code == "address_change_gone"
    assert address_of(cast.owner) == "owner@example.org"


@with_mail
def test_another_change_replaces_the_first(cast: Cast, now: datetime) -> None:
    first = ask(cast, now)
    second = ask(cast, now, "other@example.org")

    with pytest.raises(Refusal):
        confirm(change=first, step=Step.AFTER, now=now)

    assert open_change(cast.owner, now=now) == second


@with_mail
def test_cancelled_change_is_recorded_and_confirmed_no_more(cast: Cast, now: datetime) -> None:
    change = ask(cast, now)
    cancel(operator=cast.owner)

    with pytest.raises(Refusal):
        confirm(change=change, step=Step.BEFORE, now=now)

    assert AuditEntry.objects.filter(action=Action.EMAIL_CHANGE_ENDED, subject=f"owner@example.org → {NEW}").exists()


@with_mail
def test_new_password_ends_a_change_that_somebody_else_began(cast: Cast, now: datetime) -> None:
    ask(cast, now)

    reset_password(operator=cast.owner, new="a fresh horse battery")

    assert open_change(cast.owner, now=now) is None


@with_mail
def test_that_an_address_has_an_account_is_told_to_its_reader_only(cast: Cast, now: datetime) -> None:
    unknown = ask(cast, now)
    taken = ask(cast, now, "OUTSIDER@example.org")

    assert type(unknown) is type(taken)
    messages = composed()
    assert "has one already" in messages["OUTSIDER@example.org"].text
    assert "/sign-in/address/" not in messages["OUTSIDER@example.org"].text
    assert "owner@example.org" not in messages["OUTSIDER@example.org"].text
    confirm(change=taken, step=Step.BEFORE, now=now)
    with pytest.raises(Refusal) as refusal:
        confirm(change=taken, step=Step.AFTER, now=now)
    assert refusal.value.code == "email_taken"


@with_mail
def test_requests_are_counted_for_the_operator(cast: Cast, now: datetime) -> None:
    for number in range(BY_OPERATOR):
        ask(cast, now, f"new{number}@example.org")

    with pytest.raises(Refusal) as refusal:
        ask(cast, now)
    with pytest.raises(Refusal):
        send_again(operator=cast.owner, now=now)

    assert (refusal.value.code, (refusal.value.retry_after_s or 0) > 0) == ("too_fast", True)


@with_mail
def test_an_address_of_others_gets_few_messages_however_many_ask(cast: Cast, now: datetime) -> None:
    for person in (cast.owner, cast.editor, cast.member, cast.outsider):
        change_email(operator=person, email="unknown@example.net", password=PASSWORD, now=now)
        send_again(operator=person, now=now)

    assert OutboxMessage.objects.filter(recipient="unknown@example.net").count() == TO_ADDRESS


@with_mail
def test_links_are_sent_again_to_those_who_have_not_confirmed(cast: Cast, now: datetime) -> None:
    confirm(change=ask(cast, now), step=Step.AFTER, now=now)
    OutboxMessage.objects.all().delete()

    assert send_again(operator=cast.owner, now=now)
    assert not send_again(operator=cast.outsider, now=now)

    assert list(OutboxMessage.objects.values_list("kind", "recipient")) == [("address_before", "owner@example.org")]


def test_without_e_mail_the_address_is_changed_at_once(cast: Cast, now: datetime) -> None:
    assert change_email(operator=cast.owner, email=NEW, password=PASSWORD, now=now) is None

    cast.owner.refresh_from_db()
    assert (cast.owner.email, cast.owner.is_trusted, cast.owner.is_proved) == (NEW, True, False)


def test_what_cannot_be_an_address_of_the_account_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(ValidationError, match="already"):
        change_email(operator=cast.owner, email="owner@example.org", password=PASSWORD, now=now)
    with pytest.raises(Refusal) as refusal:
        change_email(operator=cast.owner, email="OUTSIDER@example.org", password=PASSWORD, now=now)

    assert (refusal.value.code, address_of(cast.owner)) == ("email_taken", "owner@example.org")


def test_networks_stay_known_under_the_new_address(cast: Cast, now: datetime) -> None:
    for person in (cast.outsider, cast.owner):
        forgive(Counted(Attempt("192.0.2.7", person.email)), operator=person, now=now)
    change_email(operator=cast.outsider, email="moved@example.org", password=PASSWORD, now=now)

    change_email(operator=cast.owner, email="outsider@example.org", password=PASSWORD, now=now)

    known = [is_known_network(f"{name}@example.org", "192.0.2.7") for name in ("owner", "outsider", "moved")]
    assert known == [False, True, True]
