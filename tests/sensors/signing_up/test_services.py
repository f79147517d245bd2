"""Who may make an account, by each setting, with and without e-mail."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from sensorfusion.accounts.models import Operator, Role
from sensorfusion.accounts.signing_up import set_up
from sensorfusion.accounts.signing_up.invitations import invite as invite_to_sign_up
from sensorfusion.accounts.signing_up.invitations import link_of, revoke
from sensorfusion.accounts.signing_up.models import PendingAccount, SignUpInvitation
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.sensors.signing_up.services import confirm, set_up_installation, sign_up
from sensorfusion.sensors.sites.invitations import invitations_to, invite, withdraw
from tests.accounts.addresses.conftest import composed
from tests.conftest import Cast
from tests.mail.conftest import mail_settings

__all__ = ["mail_settings"]
PASSWORD = "an unlikely sandwich"
with_mail = pytest.mark.usefixtures("mail_settings")


@pytest.fixture
def by_invitation(settings: Settings) -> None:
    settings.SIGNUP_BY_INVITATION = True


def refused(email: str = "new@example.org", invitation: str = "", *, now: datetime) -> str:
    with pytest.raises(Refusal) as refusal:
        sign_up(email=email, password=PASSWORD, invitation=invitation, now=now)
    return refusal.value.code


def invited(cast: Cast, now: datetime, email: str = "") -> tuple[SignUpInvitation, str]:
    made = invite_to_sign_up(by=cast.owner, email=email, valid_for=timedelta(days=7), now=now)
    return made, link_of(made).rstrip("/").rpartition("/")[2]


@pytest.mark.usefixtures("by_invitation")
def test_by_invitation_a_person_without_one_makes_no_account(cast: Cast, now: datetime) -> None:
    assert refused(now=now) == "signup_by_invitation"
    assert not Operator.objects.filter(email="new@example.org").exists()


@pytest.mark.usefixtures("by_invitation")
def test_invitation_to_a_site_is_enough_while_it_waits(cast: Cast, now: datetime) -> None:
    to_site = invite(by=cast.owner, site=cast.site, email="new@example.org", role=Role.VIEWER, now=now)

    operator = sign_up(email="NEW@example.org", password=PASSWORD, now=now)

    assert operator is not None
    assert list(invitations_to(operator, now=now)) == [to_site]
    other = invite(by=cast.owner, site=cast.site, email="other@example.org", role=Role.VIEWER, now=now)
    assert refused("other@example.org", now=now + timedelta(days=31)) == "signup_by_invitation"
    withdraw(by=cast.owner, invitation=other)
    assert refused("other@example.org", now=now) == "signup_by_invitation"


@pytest.mark.usefixtures("by_invitation")
def test_link_of_an_administrator_makes_one_account(cast: Cast, now: datetime) -> None:
    made, token = invited(cast, now)

    operator = sign_up(email="new@example.org", password=PASSWORD, invitation=token, now=now)

    made.refresh_from_db()
    assert made.used_by == operator
    assert refused("other@example.org", token, now=now) == "invitation_gone"


@pytest.mark.usefixtures("by_invitation")
def test_revoked_or_foreign_link_makes_none(cast: Cast, now: datetime) -> None:
    made, token = invited(cast, now)
    revoke(by=cast.owner, invitation=made)

    assert refused(invitation=token, now=now) == "invitation_gone"
    assert refused(invitation="guess", now=now) == "invitation_gone"
    assert refused(invitation=invited(cast, now, "her@example.org")[1], now=now) == "signup_by_invitation"


def test_closed_is_closed_to_the_invited_too(cast: Cast, settings: Settings, now: datetime) -> None:
    _, token = invited(cast, now)
    settings.SIGNUP = False

    assert refused(invitation=token, now=now) == "signup_closed"


@with_mail
@pytest.mark.parametrize("email", ["outsider@example.org", "new@example.org"])
def test_with_e_mail_nothing_tells_whether_an_address_is_taken(cast: Cast, now: datetime, email: str) -> None:
    assert sign_up(email=email, password=PASSWORD, now=now) is None

    assert Operator.objects.count() == 4
    assert list(PendingAccount.objects.values_list("email", flat=True)) == [email]
    assert list(OutboxMessage.objects.values_list("kind", "recipient", "text")) == [("sign_up", email, "")]
    subject = "You have an account already" if email.startswith("outsider") else "Confirm your new account"
    assert composed()[email].subject == subject
    assert ("/sign-up/confirm/" in composed()[email].text) == (email == "new@example.org")


@with_mail
@pytest.mark.usefixtures("by_invitation")
def test_with_e_mail_nothing_tells_whether_an_address_is_invited(cast: Cast, now: datetime) -> None:
    invite(by=cast.owner, site=cast.site, email="new@example.org", role=Role.VIEWER, now=now)
    OutboxMessage.objects.all().delete()

    for email in ("new@example.org", "other@example.org"):
        assert sign_up(email=email, password=PASSWORD, now=now) is None

    assert list(composed()) == ["new@example.org"]


@with_mail
def test_link_and_password_make_the_account_once(cast: Cast, now: datetime) -> None:
    sign_up(email="new@example.org", password=PASSWORD, name="Ada", time_zone="Europe/Warsaw", now=now)
    asked = PendingAccount.objects.get()
    with pytest.raises(Refusal) as wrong:
        confirm(asked=asked, password="another sandwich", now=now)

    operator = confirm(asked=asked, password=PASSWORD, now=now)

    assert wrong.value.code == "wrong_password"
    assert (operator.is_proved, operator.name, operator.is_superuser) == (True, "Ada", False)
    assert operator.check_password(PASSWORD)
    with pytest.raises(Refusal) as again:
        confirm(asked=asked, password=PASSWORD, now=now)
    assert again.value.code == "invitation_gone"


@with_mail
def test_link_ends_after_a_day_and_with_the_sign_up(cast: Cast, settings: Settings, now: datetime) -> None:
    sign_up(email="new@example.org", password=PASSWORD, now=now)
    asked = PendingAccount.objects.get()

    with pytest.raises(Refusal) as late:
        confirm(asked=asked, password=PASSWORD, now=now + timedelta(days=1))
    settings.SIGNUP = False
    with pytest.raises(Refusal) as closed:
        confirm(asked=asked, password=PASSWORD, now=now)

    assert (late.value.code, closed.value.code) == ("invitation_gone", "signup_closed")
    assert composed() == {}


@with_mail
def test_mailed_invitation_needs_no_second_message(cast: Cast, now: datetime) -> None:
    _, token = invited(cast, now, "new@example.org")
    OutboxMessage.objects.all().delete()

    operator = sign_up(email="new@example.org", password=PASSWORD, invitation=token, now=now)

    assert operator is not None
    assert operator.is_proved
    assert not OutboxMessage.objects.exists()


@with_mail
@pytest.mark.usefixtures("by_invitation")
def test_link_that_was_handed_over_is_used_when_the_address_is_confirmed(cast: Cast, now: datetime) -> None:
    made, token = invited(cast, now)
    sign_up(email="new@example.org", password=PASSWORD, invitation=token, now=now)
    asked = PendingAccount.objects.get()
    made.refresh_from_db()
    assert made.used_at is None

    confirm(asked=asked, password=PASSWORD, now=now)

    made.refresh_from_db()
    assert made.used_by == Operator.objects.get(email="new@example.org")


@with_mail
def test_an_address_gets_few_messages(cast: Cast, now: datetime) -> None:
    for _ in range(5):
        assert sign_up(email="new@example.org", password=PASSWORD, now=now) is None

    assert (PendingAccount.objects.count(), OutboxMessage.objects.count()) == (3, 3)


@with_mail
def test_what_cannot_be_an_account_is_refused_at_once(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal) as weak:
        sign_up(email="new@example.org", password="password12", now=now)
    with pytest.raises(Refusal) as zone:
        sign_up(email="new@example.org", password=PASSWORD, time_zone="Middle/Earth", now=now)

    assert (weak.value.code, zone.value.code) == ("weak_password", "unknown_time_zone")
    assert not PendingAccount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_concurrent_set_ups_make_one_administrator(now: datetime) -> None:
    code, outcomes = set_up.new_code(now=now), []
    gate = threading.Barrier(4)

    def set_it_up(number: int) -> None:
        gate.wait()
        given = {"email": f"admin{number}@example.org", "password": PASSWORD, "name": "", "time_zone": "UTC"}
        try:
            set_up_installation(code=code, **given, now=now)
            outcomes.append("made")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=set_it_up, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["made", "set_up_already", "set_up_already", "set_up_already"]
    assert [each.is_superuser and each.is_staff for each in Operator.objects.all()] == [True]
