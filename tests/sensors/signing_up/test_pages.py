"""The pages of new accounts: invited, confirmed by a link, and the first one."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from sensorfusion.accounts.attempts import PER_NETWORK
from sensorfusion.accounts.mailing.resets import LINKS_PER_NETWORK
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.signing_up import set_up
from sensorfusion.accounts.signing_up.invitations import invite, link_of
from sensorfusion.accounts.signing_up.models import PendingAccount
from sensorfusion.sensors.models import Site
from tests.accounts.addresses.conftest import composed
from tests.conftest import Cast
from tests.mail.conftest import HOME, mail_settings

__all__ = ["mail_settings"]
pytestmark = pytest.mark.django_db
NEW = {"name": "Ada", "email": "ada@example.org", "password": "an unlikely sandwich", "time_zone": "Europe/Warsaw"}


@pytest.fixture
def link(cast: Cast, now: datetime) -> str:
    return link_of(invite(by=cast.owner, email="", valid_for=timedelta(days=7), now=now))


def confirmation() -> str:
    [path] = re.findall(rf"{HOME}(/sign-up/confirm/\S+)", composed()[NEW["email"]].text)
    return str(path)


def test_link_of_an_invitation_opens_the_form_without_the_token_in_its_address(
    client: Client, link: str, settings: Settings
) -> None:
    settings.SIGNUP_BY_INVITATION = True
    assert "New accounts are by invitation here" in client.get("/sign-up/").text

    opened = client.get(link)
    assert opened["Location"] == "/sign-up/"
    assert "You are invited: this link makes one account." in client.get("/sign-up/").text
    assert client.post("/sign-up/", NEW)["Location"] == "/"

    assert client.session["_auth_user_id"] == str(Operator.objects.get(email=NEW["email"]).pk)
    assert Client().get(link).status_code == 404


def test_without_an_invitation_the_form_says_why_not(client: Client, cast: Cast, settings: Settings) -> None:
    settings.SIGNUP_BY_INVITATION = True

    page = client.post("/sign-up/", NEW)
    api = client.post(
        "/api/v1/auth/register/", {"email": "b@example.org", "password": NEW["password"]}, "application/json"
    )

    assert "This server takes new accounts by invitation." in page.text
    assert (api.status_code, api.json()["code"]) == (403, "signup_by_invitation")
    assert Operator.objects.count() == 4


def test_program_signs_up_by_an_invitation(client: Client, link: str, settings: Settings) -> None:
    settings.SIGNUP_BY_INVITATION = True
    token = link.rstrip("/").rpartition("/")[2]
    given = {"email": "ada@example.org", "password": NEW["password"], "invitation": token}

    answers = [client.post("/api/v1/auth/register/", given, "application/json") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[0].json()["token"]


def test_guessed_links_are_turned_away(client: Client, link: str, stopped_clock: None) -> None:
    answers = [client.get(f"/sign-up/{of}/guess/") for of in ("invited", "confirm") for _ in range(LINKS_PER_NETWORK)]

    assert {answer.status_code for answer in answers[:LINKS_PER_NETWORK]} == {404}
    assert {(answer.status_code, "Retry-After" in answer) for answer in answers[LINKS_PER_NETWORK:]} == {(429, True)}


@pytest.mark.usefixtures("mail_settings")
def test_sign_up_answers_the_same_for_a_free_and_a_taken_address(client: Client, cast: Cast) -> None:
    def answered(email: str) -> list[tuple[int, str, str]]:
        browser = Client()
        page = browser.post("/sign-up/", NEW | {"email": email})
        said = browser.get(page["Location"]).text
        api = Client().post("/api/v1/auth/register/", NEW | {"email": email}, "application/json")
        notice = " ".join(re.findall(r"A link is on its way[^<]*", said))
        return [(page.status_code, page["Location"], notice), (api.status_code, "", api.text)]

    free, taken = answered("ada@example.org"), answered(cast.outsider.email)

    assert free == taken
    assert [status for status, *_ in free] == [302, 202]
    assert free[0][2].startswith("A link is on its way")


@pytest.mark.usefixtures("mail_settings")
def test_link_asks_for_the_password_and_makes_the_account(client: Client) -> None:
    Client().post("/sign-up/", NEW)
    path = confirmation()
    opened = client.get(path)
    assert opened["Location"] == "/sign-up/confirm/"
    assert NEW["email"] in client.get("/sign-up/confirm/").text
    wrong = client.post("/sign-up/confirm/", {"password": "another sandwich"})
    assert "not the password that was chosen" in wrong.text
    assert not Operator.objects.exists()

    assert client.post("/sign-up/confirm/", {"password": NEW["password"]})["Location"] == "/"

    operator = Operator.objects.get()
    assert (operator.is_proved, client.session["_auth_user_id"]) == (True, str(operator.pk))
    assert Site.objects.get(memberships__operator=operator).time_zone == "Europe/Warsaw"
    assert Client().get(path).status_code == 404


@pytest.mark.usefixtures("mail_settings", "stopped_clock")
def test_passwords_of_a_link_are_counted(client: Client) -> None:
    Client().post("/sign-up/", NEW)
    client.get(confirmation())

    tries = [client.post("/sign-up/confirm/", {"password": "another sandwich"}) for _ in range(PER_NETWORK)]

    assert tries[0].status_code == 200
    assert tries[-1].status_code == 429
    assert PendingAccount.objects.exists()


def test_page_of_a_link_without_one_leads_home(client: Client) -> None:
    assert client.get("/sign-up/confirm/")["Location"] == "/"


def test_first_visitor_of_a_new_installation_makes_its_administrator(client: Client, now: datetime) -> None:
    code = set_up.new_code(now=now)
    assert client.get("/")["Location"] == "/set-up/"
    assert client.get("/sign-up/").status_code == client.get("/sign-in/").status_code == 200
    wrong = client.post("/set-up/", NEW | {"code": "ABCD-EFGH-JKLM"})
    assert "not the code" in wrong.text
    assert not Operator.objects.exists()

    made = client.post("/set-up/", NEW | {"code": code})

    operator = Operator.objects.get()
    assert (made["Location"], operator.is_superuser, operator.is_staff) == ("/", True, True)
    assert client.get("/administration/").status_code == 200
    assert Client().get("/set-up/")["Location"] == "/"
    assert Client().get("/")["Location"].startswith("/sign-in/")
    assert Client().post("/set-up/", NEW | {"code": code, "email": "b@example.org"})["Location"] == "/"
    assert Operator.objects.count() == 1


def test_without_a_code_the_first_visitor_is_asked_to_sign_in_as_ever(client: Client) -> None:
    assert client.get("/")["Location"].startswith("/sign-in/")
    assert client.get("/set-up/")["Location"] == "/"


@pytest.mark.usefixtures("stopped_clock")
def test_codes_are_counted(client: Client, now: datetime) -> None:
    code = set_up.new_code(now=now)

    tries = [client.post("/set-up/", NEW | {"code": "ABCD"}) for _ in range(set_up.PER_NETWORK + 1)]

    assert (tries[0].status_code, tries[-1].status_code, "Retry-After" in tries[-1]) == (200, 429, True)
    assert client.post("/set-up/", NEW | {"code": code}).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.9").post("/set-up/", NEW | {"code": code}).status_code == 302
