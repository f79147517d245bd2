"""The list of signed-in browsers, and ending them."""

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.models import Operator
from tests.accounts.signing_in.conftest import enter_password
from tests.announced import announced
from tests.conftest import Cast

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
pytestmark = pytest.mark.django_db(transaction=True)


def is_open(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def rows(client: Client) -> list[tuple[str, bool]]:
    return [(each.client, each.is_this) for each in client.get("/account/").context["browsers"]]


def test_browsers_are_listed_with_the_present_one_first(browser: Client, cast: Cast) -> None:
    other = enter_password(cast.owner)
    other.get("/account/", headers={"User-Agent": FIREFOX})

    assert [is_this for _, is_this in rows(browser)] == [True, False]
    assert [is_this for _, is_this in rows(other)] == [True, False]


def test_session_from_before_the_list_is_in_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)  # as an earlier release did

    assert [is_this for _, is_this in rows(client)] == [True]


def test_one_browser_is_signed_out(browser: Client, cast: Cast) -> None:
    other, third = enter_password(cast.owner), enter_password(cast.owner)
    number = next(each.number for each in other.get("/account/").context["browsers"] if each.is_this)

    with announced() as heard:
        browser.post(f"/account/sessions/{number}/end/")

    assert [is_open(each) for each in (browser, other, third)] == [True, False, True]
    assert ("AccessChanged", {"operator": cast.owner.pk}) in heard  # sockets look at their rights
    assert AuditEntry.objects.filter(action="session_ended").count() == 1


def test_every_other_browser_is_signed_out_listed_or_not(browser: Client, cast: Cast) -> None:
    listed, unlisted = enter_password(cast.owner), Client()
    unlisted.force_login(cast.owner)

    browser.post("/account/sessions/end/")

    assert [is_open(each) for each in (browser, listed, unlisted)] == [True, False, False]
    assert len(rows(browser)) == 1


def test_others_sessions_are_not_found(browser: Client, cast: Cast) -> None:
    theirs = enter_password(cast.outsider)
    number = theirs.get("/account/").context["browsers"][0].number

    assert browser.post(f"/account/sessions/{number}/end/").status_code == 404
    assert is_open(theirs)


def test_upgrade_signs_nobody_out(cast: Cast) -> None:
    assert cast.owner.get_session_auth_hash() == AbstractBaseUser.get_session_auth_hash(cast.owner)


def test_stamp_of_sessions_changes_with_the_password_and_with_signing_out(cast: Cast) -> None:
    before = cast.owner.get_session_auth_hash()
    cast.owner.sessions_ended = 1
    once = cast.owner.get_session_auth_hash()
    cast.owner.password = "other"  # a hash

    assert len({before, once, cast.owner.get_session_auth_hash(), Operator().get_session_auth_hash()}) == 4
