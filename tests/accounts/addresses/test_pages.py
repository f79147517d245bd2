"""The page of a link that was sent to an address, and the buttons of the account's page."""

from datetime import datetime

import pytest
from django.test import Client

from sensorfusion.accounts.addresses.changes import open_change
from sensorfusion.accounts.addresses.proof import BY_OPERATOR
from sensorfusion.accounts.mailing.resets import LINKS_PER_NETWORK, link_for
from sensorfusion.accounts.models import Operator
from sensorfusion.mail.models import OutboxMessage
from tests.accounts.addresses.conftest import link_to
from tests.accounts.addresses.test_proof import unproved
from tests.announced import announced
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.usefixtures("mail_settings")
PAGE = "/sign-in/address/"


@pytest.fixture
def person(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.owner)
    return client


def ask(person: Client, email: str = "new@example.org") -> str:
    given = {"email": email, "password": PASSWORD}
    return person.post("/account/email/", given, follow=True).text


def answered(link: str, to: str = "confirm") -> str:
    """Follow a link in a browser of its own, where nobody is signed in, and press a button."""
    client = Client()
    answer = client.get(link)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    return client.post(PAGE, {"to": to}, follow=True).text


def test_a_link_proves_the_address_and_works_once(cast: Cast, person: Client) -> None:
    unproved(cast.owner)
    assert "owner@example.org is not confirmed yet" in " ".join(person.get("/account/").text.split())
    person.post("/account/email/again/")
    link = link_to("owner@example.org")
    assert Client().get(link, follow=True).text.count("owner@example.org") == 1

    assert "your address is confirmed" in answered(link)

    assert "Confirmed" in person.get("/account/").text
    again = Client()
    again.get(link)
    assert again.get(PAGE).status_code == 404


def test_nothing_is_confirmed_by_opening_a_link(cast: Cast, person: Client) -> None:
    """Programs that look at mail open links."""
    unproved(cast.owner)
    person.post("/account/email/again/")
    client = Client()
    page = client.get(link_to("owner@example.org"), follow=True)

    cast.owner.refresh_from_db()
    assert (page.status_code, cast.owner.is_proved) == (200, False)


def test_token_is_in_no_address_of_a_page(cast: Cast, person: Client) -> None:
    ask(person)
    link = link_to("new@example.org")

    client = Client()
    assert client.get(link).content == b""
    page = client.get(PAGE)

    assert link.rstrip("/").rpartition("/")[2] not in page.text
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_both_addresses_confirm_a_change_and_sessions_go_on(cast: Cast, person: Client) -> None:
    with announced() as sent:
        assert "owner@example.org and new@example.org" in ask(person)
        before, after = link_to("owner@example.org"), link_to("new@example.org")
        assert "waits for owner@example.org" in answered(after)
        assert "sign in as new@example.org" in answered(before)

    assert sent == []
    assert "new@example.org" in person.get("/account/").text
    assert Client().post("/sign-in/", {"email": "new@example.org", "password": PASSWORD}).status_code == 302
    assert Client().post("/sign-in/", {"email": "owner@example.org", "password": PASSWORD}).status_code == 200


def test_present_address_refuses_a_change(cast: Cast, person: Client, now: datetime) -> None:
    ask(person)
    before, after = link_to("owner@example.org"), link_to("new@example.org")

    assert "stays as it is" in answered(before, "refuse")

    assert open_change(cast.owner, now=now) is None
    client = Client()
    client.get(after)
    assert client.post(PAGE, {"to": "confirm"}).status_code == 404
    assert Operator.objects.get(pk=cast.owner.pk).email == "owner@example.org"


def test_link_of_one_address_is_none_for_the_other(cast: Cast, person: Client, now: datetime) -> None:
    """Whoever reads the new address only cannot refuse, nor confirm for the present one."""
    ask(person)
    answered(link_to("new@example.org"), "refuse")

    change = open_change(cast.owner, now=now)

    assert change is not None
    assert change.waits_for == ["owner@example.org", "new@example.org"]


def test_change_is_cancelled_on_the_account_s_page(cast: Cast, person: Client, now: datetime) -> None:
    assert "Keep the present address" in ask(person)

    person.post("/account/email/cancel/")

    assert open_change(cast.owner, now=now) is None
    assert "Keep the present address" not in person.get("/account/").text


def test_page_says_the_same_of_an_address_with_an_account_and_without(cast: Cast, person: Client) -> None:
    pages = [ask(person, email).replace(email, "…") for email in ("member@example.org", "nobody@example.org")]

    said = [page[page.index("Links are on their way") :].partition("</")[0] for page in pages]
    assert said[0] == said[1]


def test_change_needs_the_password(cast: Cast, person: Client) -> None:
    answer = person.post("/account/email/", {"email": "new@example.org", "password": "wrong"})

    assert (answer.status_code, OutboxMessage.objects.count()) == (400, 0)


@pytest.mark.usefixtures("stopped_clock")
def test_links_are_counted(cast: Cast, person: Client) -> None:
    unproved(cast.owner)
    tries = [person.post("/account/email/again/") for _ in range(BY_OPERATOR + 1)]

    assert {answer.status_code for answer in tries[:-1]} == {302}
    assert (tries[-1].status_code, int(tries[-1]["Retry-After"]) > 0) == (429, True)


@pytest.mark.usefixtures("stopped_clock")
def test_guessed_links_are_turned_away_and_a_good_one_is_not_counted(cast: Cast, person: Client) -> None:
    ask(person)
    good = link_to("new@example.org")
    assert {Client().get(good).status_code for _ in range(LINKS_PER_NETWORK + 3)} == {302}
    guesses = [Client().get("/sign-in/address/abc:def/") for _ in range(LINKS_PER_NETWORK + 1)]

    assert {answer.status_code for answer in guesses[:-1]} == {404}
    assert (guesses[-1].status_code, int(guesses[-1]["Retry-After"]) > 0) == (429, True)


@pytest.mark.parametrize("path", ["/account/email/", "/account/email/again/", "/account/email/cancel/"])
def test_only_the_account_s_own_browser_may(cast: Cast, path: str) -> None:
    answer = Client().post(path, {"email": "new@example.org", "password": PASSWORD})

    assert answer["Location"].startswith("/sign-in/?next=")
    assert not OutboxMessage.objects.exists()


def test_new_password_by_a_link_proves_the_address(cast: Cast) -> None:
    unproved(cast.owner)
    client = Client()
    client.post("/sign-in/forgotten/", {"email": "owner@example.org"})
    form = client.get(link_for(cast.owner))["Location"]
    client.post(form, {"new": "a fresh horse battery"})

    cast.owner.refresh_from_db()
    assert cast.owner.is_proved
