"""Sign-in, sign-out and the account's page."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.attempts import PER_NETWORK
from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.accounts.pages import sky_here
from sensorfusion.accounts.queries import token_for
from sensorfusion.accounts.services import issue_token
from sensorfusion.sensors.models import Site
from tests.announced import announced
from tests.conftest import PASSWORD, Cast

NEW_PASSWORD = "an unlikely sandwich"


@pytest.fixture
def browser(client: Client, cast: Cast) -> Client:
    """A browser in which the owner is signed in."""
    client.force_login(cast.owner)
    return client


def test_signing_in_leads_to_the_overview(client: Client, cast: Cast) -> None:
    answer = client.post("/sign-in/", {"email": "Owner@example.org", "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(cast.owner.pk)


def test_signing_in_leads_back_to_the_page_that_asked_for_it(client: Client, cast: Cast) -> None:
    asked = client.get("/account/")
    form = client.get(asked["Location"])

    answer = client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD, "next": form.context["next"]})

    assert answer["Location"] == "/account/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_signing_in_leads_nowhere_else(client: Client, cast: Cast, target: str) -> None:
    answer = client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD, "next": target})

    assert answer["Location"] == "/"


@pytest.mark.parametrize("email", ["owner@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, cast: Cast, email: str) -> None:
    answer = client.post("/sign-in/", {"email": email, "password": "wrong"})

    assert answer.status_code == 200
    assert "The e-mail address or the password is wrong." in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_closed_account_cannot_sign_in(client: Client, cast: Cast) -> None:
    Operator.objects.filter(pk=cast.owner.pk).update(is_active=False)

    answer = client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session
    assert answer.status_code == 200


@pytest.mark.usefixtures("stopped_clock")
def test_too_many_attempts_wait_even_with_the_right_password(client: Client, cast: Cast) -> None:
    for _ in range(PER_NETWORK):
        client.post("/sign-in/", {"email": cast.owner.email, "password": "wrong"})

    answer = client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD})

    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_whoever_is_signed_in_is_not_asked_again(browser: Client) -> None:
    assert browser.get("/sign-in/")["Location"] == "/"


def test_the_sky_of_the_sign_in_is_that_of_the_first_site(client: Client, cast: Cast) -> None:
    page = client.get("/sign-in/")

    assert page.context["sky"].light in ("day", "golden", "twilight", "night")
    assert f'data-sky="{page.context["sky"].light}"' in page.content.decode()
    assert "Orchard" not in page.content.decode()


def test_the_sky_of_the_sign_in_does_not_tell_where_the_site_is(cast: Cast, now: datetime) -> None:
    skies = set()
    for latitude, longitude in ((46.1, 8.4), (44.9, 14.7), (49.99, 11.03)):
        Site.objects.update(latitude=latitude, longitude=longitude)
        skies.add(sky_here(now=now))

    assert len(skies) == 1


def test_signing_out_takes_a_post(browser: Client) -> None:
    refused = browser.get("/sign-out/")
    answer = browser.post("/sign-out/")

    assert refused["Location"] == "/account/"
    assert answer["Location"] == "/sign-in/"
    assert "_auth_user_id" not in browser.session


def test_signing_out_closes_the_session_s_sockets(browser: Client, cast: Cast) -> None:
    with announced() as heard:
        browser.post("/sign-out/")
        browser.post("/sign-out/")

    assert heard == [("AccessChanged", {"operator": cast.owner.pk})]


@pytest.mark.parametrize("path", ["profile", "email", "email/again", "password", "tokens", "tokens/1/end"])
def test_the_account_s_forms_take_a_post_of_somebody_signed_in(client: Client, cast: Cast, path: str) -> None:
    answer = client.post(f"/account/{path}/")
    client.force_login(cast.owner)
    looked = client.get(f"/account/{path}/")

    assert answer["Location"].startswith("/sign-in/?next=")
    assert looked["Location"] == "/account/"


def test_the_account_needs_signing_in(client: Client, db: None) -> None:
    assert client.get("/account/")["Location"] == "/sign-in/?next=/account/"


def test_name_and_units_are_saved_and_this_browser_follows(browser: Client, cast: Cast) -> None:
    browser.cookies["units"] = "uk"

    answer = browser.post("/account/profile/", {"name": "Ada", "units": "us"}, follow=True)

    cast.owner.refresh_from_db()
    assert (cast.owner.name, cast.owner.units) == ("Ada", "us")
    assert 'data-units="us"' in answer.content.decode()


def test_units_that_do_not_exist_are_refused(browser: Client, cast: Cast) -> None:
    answer = browser.post("/account/profile/", {"name": "Ada", "units": "furlongs"})

    cast.owner.refresh_from_db()
    assert answer.status_code == 400
    assert cast.owner.name == "Owner"


def test_an_address_is_changed_with_the_password(browser: Client, cast: Cast) -> None:
    browser.post("/account/email/", {"email": "new@example.org", "password": PASSWORD})

    cast.owner.refresh_from_db()
    assert cast.owner.email == "new@example.org"


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("new@example.org", "wrong", "The password is wrong."),
        ("Member@example.org", PASSWORD, "There is already an account"),
        ("nonsense", PASSWORD, "must be an address such as"),
    ],
)
def test_an_address_is_not_changed_otherwise(
    browser: Client, cast: Cast, email: str, password: str, words: str
) -> None:
    answer = browser.post("/account/email/", {"email": email, "password": password})

    cast.owner.refresh_from_db()
    assert cast.owner.email == "owner@example.org"
    assert words in answer.content.decode()
    assert "owner@example.org" in answer.content.decode()


def test_a_new_password_keeps_this_browser_signed_in_and_ends_every_token(
    browser: Client, cast: Cast, now: datetime
) -> None:
    issue_token(operator=cast.owner, label="script", now=now)

    browser.post("/account/password/", {"current": PASSWORD, "new": NEW_PASSWORD})

    assert browser.get("/account/").status_code == 200
    assert not ApiToken.objects.exists()
    assert Client().post("/sign-in/", {"email": cast.owner.email, "password": NEW_PASSWORD})["Location"] == "/"


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("wrong", NEW_PASSWORD, "The password is wrong."),
        (PASSWORD, "password12", "too common"),
        (PASSWORD, "short", "short"),
    ],
)
def test_a_password_is_not_changed_otherwise(browser: Client, cast: Cast, current: str, new: str, words: str) -> None:
    answer = browser.post("/account/password/", {"current": current, "new": new})

    cast.owner.refresh_from_db()
    assert cast.owner.check_password(PASSWORD)
    assert words in answer.content.decode()


def test_a_token_is_shown_once(browser: Client, cast: Cast, now: datetime) -> None:
    browser.post("/account/tokens/", {"label": "backup", "scope": "read", "life": "30"})
    first = browser.get("/account/")
    second = browser.get("/account/")

    text = first.context["new_token"]
    token = token_for(text=text, now=now)
    assert token is not None
    assert (token.operator, token.label, token.scope) == (cast.owner, "backup", "read")
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)
    assert text in first.content.decode()
    assert text not in second.content.decode()
    assert text not in str(browser.session.items())
    assert f"…{text[-4:]}" in second.content.decode()


def test_a_token_without_a_label_is_refused(browser: Client) -> None:
    answer = browser.post("/account/tokens/", {"label": "", "scope": "read", "life": "30"})

    assert answer.status_code == 400
    assert not ApiToken.objects.exists()


def test_a_token_ends_when_it_is_revoked(browser: Client, cast: Cast, now: datetime) -> None:
    issued = issue_token(operator=cast.owner, label="script", now=now)

    browser.post(f"/account/tokens/{issued.token.pk}/end/")

    assert token_for(text=issued.text, now=now) is None


def test_nobody_sees_or_ends_another_s_token(browser: Client, cast: Cast, now: datetime) -> None:
    issued = issue_token(operator=cast.outsider, label="secret script", now=now)

    answer = browser.post(f"/account/tokens/{issued.token.pk}/end/")

    assert answer.status_code == 404
    assert token_for(text=issued.text, now=now) is not None
    assert "secret script" not in browser.get("/account/").content.decode()
