"""Who is told of what, and which messages can be turned off."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from sensorfusion.accounts.addresses.changes import change_email
from sensorfusion.accounts.mailing import messages
from sensorfusion.accounts.mailing.services import muted_by, set_muted, tell
from sensorfusion.accounts.models import KnownNetwork, Operator
from sensorfusion.accounts.services import change_password
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.kinds import OPTIONAL, Kind
from sensorfusion.mail.models import OutboxMessage
from tests.accounts.addresses.conftest import composed
from tests.conftest import PASSWORD, Cast
from tests.mail.conftest import HOME, mail_settings

__all__ = ["mail_settings"]
pytestmark = pytest.mark.usefixtures("mail_settings")
FIREFOX, CHROME = "Mozilla/5.0 (X11; Linux) Firefox/145.0", "Mozilla/5.0 (X11; Linux) Chrome/142.0"


def sign_in(client: Client, cast: Cast, browser: str = FIREFOX, address: str = "192.0.2.7") -> None:
    given = {"email": cast.owner.email, "password": PASSWORD}
    answer = client.post("/sign-in/", given, headers={"User-Agent": browser}, REMOTE_ADDR=address)
    assert answer.status_code == 302
    client.post("/sign-out/")


def sign_ins() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind=Kind.NEW_SIGN_IN).order_by("id"))


def test_operator_is_told_of_a_new_browser_once(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast)
    sign_in(client, cast, address="198.51.100.7")  # on the way
    sign_in(client, cast, browser=FIREFOX.replace("145", "146"))  # after an update

    [told] = sign_ins()
    assert told.recipient == "owner@example.org"
    assert "With: Firefox on Linux\nFrom: 192.0.2.7\n" in told.text


def test_another_browser_and_a_stolen_cookie_are_new(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast)
    thief = Client()
    thief.cookies["known"] = client.cookies["known"].value

    sign_in(thief, cast, browser=CHROME)
    sign_in(Client(), cast)

    assert len(sign_ins()) == 3


def test_forged_cookie_makes_no_browser_known(cast: Cast) -> None:
    client = Client()
    client.cookies["known"] = "WyJhIl0:1abc:forged"

    sign_in(client, cast)

    assert len(sign_ins()) == 1


def test_wrong_password_tells_no_one(cast: Cast) -> None:
    Client().post("/sign-in/", {"email": cast.owner.email, "password": "wrong"})

    assert sign_ins() == []


def test_sign_up_is_no_new_browser_and_makes_it_known(db: None) -> None:
    client = Client(headers={"User-Agent": FIREFOX})
    given = {"email": "ada@example.org", "password": "a fresh horse battery", "name": "Ada"}
    assert client.post("/sign-up/", given).status_code == 302
    [path] = re.findall(rf"{HOME}(/sign-up/confirm/\S+)", composed()["ada@example.org"].text)
    client.get(path)
    assert client.post("/sign-up/confirm/", given).status_code == 302
    client.post("/sign-out/")

    assert client.post("/sign-in/", given).status_code == 302
    assert sign_ins() == []


def test_program_is_told_of_when_its_network_is_new(cast: Cast) -> None:
    given = {"email": cast.owner.email, "password": PASSWORD}
    for address in ("192.0.2.7", "192.0.2.7", "198.51.100.7"):
        answer = Client().post("/api/v1/auth/login/", given, "application/json", REMOTE_ADDR=address)
        assert answer.status_code == 200

    assert [("From: 192.0.2.7" in each.text, "With: a program" in each.text) for each in sign_ins()] == [
        (True, True),
        (False, True),
    ]
    assert KnownNetwork.objects.filter(operator=cast.owner).count() == 2


def test_refused_change_tells_no_one(cast: Cast) -> None:
    with pytest.raises(Refusal):
        change_email(operator=cast.owner, email="new@example.org", password="wrong", now=timezone.now())
    with pytest.raises(Refusal):
        change_password(operator=cast.owner, current="wrong", new="a fresh horse battery")

    assert not OutboxMessage.objects.exists()


def test_closed_account_is_not_written_to(cast: Cast) -> None:
    cast.owner.is_active = False

    tell(messages.password_changed(), to=cast.owner)

    assert not OutboxMessage.objects.exists()


def test_only_optional_kinds_are_turned_off(cast: Cast) -> None:
    set_muted(operator=cast.owner, kinds=list(Kind))
    cast.owner.refresh_from_db()
    assert muted_by(cast.owner) == OPTIONAL

    set_muted(operator=cast.owner, kinds=[])
    cast.owner.refresh_from_db()
    assert muted_by(cast.owner) == frozenset()


def test_kind_that_is_gone_is_ignored(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.owner.pk).update(muted_mail=["of a later release", "invitation"])
    cast.owner.refresh_from_db()

    assert muted_by(cast.owner) == {Kind.INVITATION}


def test_administrator_who_changes_a_password_or_an_address_is_told_of(cast: Cast) -> None:
    admin = Operator.objects.create_superuser("root@example.org", PASSWORD)
    client = Client()
    client.force_login(admin)
    path = f"/admin/accounts/operator/{cast.member.pk}/"

    client.post(
        f"{path}password/", {"password1": "a fresh horse", "password2": "a fresh horse", "usable_password": "true"}
    )
    choices = {"units": "metric", "clock": "24", "week_begins": "monday"}
    client.post(f"{path}change/", {"email": "moved@example.org", **choices, "is_active": "on", "password": "x"})

    told = list(OutboxMessage.objects.order_by("id").values_list("kind", "recipient"))
    assert told == [
        ("password_changed", "member@example.org"),
        ("email_changed", "member@example.org"),
        ("email_changed", "moved@example.org"),
    ]
    assert timezone.now() > OutboxMessage.objects.earliest("id").created_at


def test_messages_are_in_the_language_of_their_reader_whoever_causes_them(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.owner.pk).update(language="de")
    cast.owner.refresh_from_db()

    change_password(operator=cast.owner, current=PASSWORD, new="an unlikely sandwich")
    with override("de"):
        change_password(operator=cast.editor, current=PASSWORD, new="an unlikely sandwich")

    german, english = OutboxMessage.objects.filter(kind=Kind.PASSWORD_CHANGED).order_by("id")
    assert german.subject == "Ihr Passwort wurde geändert"
    assert "Alle API-Tokens und anderen Sitzungen des Kontos sind beendet." in german.text
    assert english.subject == "Your password was changed"
