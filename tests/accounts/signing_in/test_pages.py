"""Second factors, from setting one up to losing it; the app is an independent one."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from sensorfusion.accounts.attempts import FROM_ANYWHERE, FROM_KNOWN_NETWORKS, WITH_KNOWN_BROWSERS
from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.models import KnownNetwork
from sensorfusion.accounts.signing_in.limits import CODES_PER_HOUR
from sensorfusion.mail.models import OutboxMessage
from tests.accounts.signing_in.conftest import Phone, confirm, enter_password, is_signed_in, recovery_codes_in
from tests.conftest import PASSWORD, Cast
from tests.mail.conftest import mail_settings

__all__ = ["mail_settings"]

STEP = "/sign-in/second-factor/"
pytestmark = pytest.mark.django_db(transaction=True)


def test_password_alone_leads_to_the_second_step_and_no_further(cast: Cast, phone: Phone) -> None:
    client = enter_password(cast.owner)

    assert not is_signed_in(client)
    assert client.get("/account/").status_code == 302
    assert "Of your authenticator app" in client.get(STEP).text


def test_code_of_the_app_signs_in_and_leads_where_one_wanted_to_go(cast: Cast, phone: Phone) -> None:
    client = enter_password(cast.owner)

    answer = client.post(STEP, {"code": phone.code()})

    assert is_signed_in(client)
    assert answer["Location"] == "/account/"


def test_code_works_once(cast: Cast, phone: Phone) -> None:
    code = phone.code()
    enter_password(cast.owner).post(STEP, {"code": code})
    client = enter_password(cast.owner)

    answer = client.post(STEP, {"code": code})

    assert answer.status_code == 400
    assert "That is not right, or no longer" in answer.text
    assert not is_signed_in(client)


def test_recovery_code_works_once(cast: Cast, phone: Phone) -> None:
    first, second = enter_password(cast.owner), enter_password(cast.owner)

    first.post(STEP, {"code": phone.recovery_codes[3]})
    second.post(STEP, {"code": phone.recovery_codes[3]})

    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_guesses_are_bounded_whatever_network_they_come_from(cast: Cast, phone: Phone) -> None:
    for number in range(CODES_PER_HOUR):
        client = enter_password(cast.owner)
        assert client.post(STEP, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{number}").status_code == 400
    client = enter_password(cast.owner)

    answer = client.post(STEP, {"code": phone.code()}, REMOTE_ADDR="198.51.100.7")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Too many attempts" in answer.text
    assert not is_signed_in(client)


def test_network_is_known_only_after_the_second_step(cast: Cast, phone: Phone) -> None:
    KnownNetwork.objects.all().delete()
    client = enter_password(cast.owner)
    assert not KnownNetwork.objects.exists()

    client.post(STEP, {"code": phone.code()})

    assert KnownNetwork.objects.get().operator == cast.owner


def test_second_step_without_a_first_one_leads_back(client: Client, cast: Cast) -> None:
    assert client.get(STEP)["Location"] == "/sign-in/"
    assert client.post(STEP, {"code": "000000"})["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    "path",
    [
        "/account/second-factor/app/",
        "/account/second-factor/app/remove/",
        "/account/second-factor/passkeys/",
        "/account/second-factor/codes/",
        "/account/second-factor/codes/new/",
    ],
)
def test_changes_ask_who_it_is_first(cast: Cast, phone: Phone, path: str) -> None:
    client = enter_password(cast.owner)
    client.post(STEP, {"code": phone.code()})

    answers = [client.get(path), client.post(path, {"code": phone.code(), "name": "x", "credential": "{}"})]

    for answer in answers:
        if answer.status_code != 405:  # the recovery codes are only looked at
            assert answer.status_code == 302
            assert answer["Location"].startswith(("/account/confirm/", "/account/second-factor/app/remove/"))
    assert Authenticator.objects.filter(user=cast.owner, type="totp").exists()


def test_wrong_password_confirms_nothing_and_is_counted(browser: Client, cast: Cast) -> None:
    most = FROM_ANYWHERE + FROM_KNOWN_NETWORKS + WITH_KNOWN_BROWSERS
    answers = [browser.post("/account/confirm/", {"password": "wrong"}).status_code for _ in range(most + 1)]

    assert answers[0] == 400
    assert answers[-2:] == [400, 429]
    assert browser.get("/account/second-factor/app/")["Location"].startswith("/account/confirm/")


def test_recovery_codes_are_shown_once(browser: Client, phone: Phone) -> None:
    page = browser.get("/account/second-factor/codes/").text

    assert recovery_codes_in(page) == []
    assert "are not shown again" in page


def test_new_recovery_codes_end_the_old_ones(browser: Client, cast: Cast, phone: Phone) -> None:
    confirm(browser)
    browser.post("/account/second-factor/codes/new/")
    made = recovery_codes_in(browser.get("/account/second-factor/codes/").text)
    old, new = enter_password(cast.owner), enter_password(cast.owner)

    old.post(STEP, {"code": phone.recovery_codes[0]})
    new.post(STEP, {"code": made[0]})

    assert len(made) == 10
    assert (is_signed_in(old), is_signed_in(new)) == (False, True)


def test_removed_app_leaves_the_password(browser: Client, cast: Cast, phone: Phone) -> None:
    confirm(browser)
    browser.post("/account/second-factor/app/remove/")

    assert is_signed_in(enter_password(cast.owner))
    assert not Authenticator.objects.filter(user=cast.owner).exists()  # the recovery codes went with it


@pytest.mark.usefixtures("mail_settings")
def test_changes_are_recorded_and_told(browser: Client, cast: Cast, phone: Phone) -> None:
    confirm(browser)
    browser.post("/account/second-factor/codes/new/")
    confirm(browser)
    browser.post("/account/second-factor/app/remove/")

    wanted = [Action.FACTOR_ADDED, Action.CODES_MADE, Action.FACTOR_REMOVED]
    assert list(AuditEntry.objects.filter(action__in=wanted).order_by("id").values_list("action", flat=True)) == wanted
    told = OutboxMessage.objects.filter(kind="factor_changed").order_by("id")
    assert [row.recipient for row in told] == [cast.owner.email] * 3
    assert "Authenticator app was added" in told[0].text


def test_secrets_are_encrypted_in_the_database(cast: Cast, phone: Phone) -> None:
    stored = " ".join(str(each.data) for each in Authenticator.objects.filter(user=cast.owner))

    assert phone.secret.replace(" ", "") not in stored
    assert not any(code in stored for code in phone.recovery_codes)


def test_others_passkeys_are_not_found(browser: Client, cast: Cast) -> None:
    theirs = Authenticator.objects.create(
        user=cast.outsider, type="webauthn", data={"name": "Theirs", "credential": {}}
    )
    confirm(browser)

    for what in ("", "remove/"):
        path = f"/account/second-factor/passkeys/{theirs.pk}/{what}"
        assert [browser.get(path).status_code, browser.post(path, {"name": "Mine"}).status_code] == [404, 404]


def test_account_that_was_closed_meanwhile_is_not_signed_in(cast: Cast, phone: Phone) -> None:
    client = enter_password(cast.owner)
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(is_active=False)

    client.post(STEP, {"code": phone.code()})

    assert client.get("/account/").status_code == 302
    assert PASSWORD not in client.get("/sign-in/").text
