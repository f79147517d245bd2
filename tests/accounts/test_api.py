import logging
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from sensorfusion.accounts.attempts import PER_NETWORK
from sensorfusion.accounts.mailing.services import muted_by
from sensorfusion.accounts.models import ApiToken
from sensorfusion.accounts.services import issue_token
from sensorfusion.mail.kinds import Kind
from tests.announced import announced
from tests.clients import anybody, client_of, client_with
from tests.conftest import PASSWORD, Cast

LOGIN, LOGOUT, ME = "/api/v1/auth/login", "/api/v1/auth/logout", "/api/v1/auth/me"
TOKENS, CHANGE_PASSWORD = "/api/v1/auth/tokens/", "/api/v1/auth/password"


@pytest.mark.parametrize("address", [LOGIN, LOGIN + "/"])
def test_login_answers_a_token_that_works(cast: Cast, address: str) -> None:
    answer = anybody().post(address, {"email": "owner@example.org", "password": PASSWORD})

    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"token", "expires_at", "operator"}
    assert body["operator"]["id"] == str(cast.owner.uuid)
    assert body["expires_at"].endswith("Z")
    life = datetime.fromisoformat(body["expires_at"]) - timezone.now()
    assert timedelta(days=29) < life <= timedelta(days=30)
    assert client_with(body["token"]).get(ME).json() == body["operator"]


def test_login_answers_an_unknown_address_and_a_wrong_password_alike(cast: Cast) -> None:
    unknown = anybody().post(LOGIN, {"email": "nobody@example.org", "password": PASSWORD})
    wrong = anybody().post(LOGIN, {"email": "owner@example.org", "password": "wrong"})

    assert unknown.status_code == wrong.status_code == 401
    assert unknown.json() == wrong.json()
    assert wrong.json()["code"] == "wrong_credentials"


@pytest.mark.parametrize(
    "body", [{}, {"email": "owner@example.org"}, {"email": "owner", "password": "x"}, {"email": 1, "password": []}, []]
)
def test_login_names_what_is_wrong_with_the_request(cast: Cast, body: object) -> None:
    answer = anybody().post(LOGIN, body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert answer.json()["fields"]


def test_login_that_is_not_json_is_refused(cast: Cast) -> None:
    answer = anybody().post(LOGIN, "{", content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"


@pytest.mark.usefixtures("stopped_clock")
def test_password_is_not_guessed_by_trying(cast: Cast) -> None:
    for _ in range(PER_NETWORK):
        anybody().post(LOGIN, {"email": "owner@example.org", "password": "wrong"})

    answer = anybody().post(LOGIN, {"email": "Owner@example.org", "password": PASSWORD})

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer.json()["code"] == "throttled"


@pytest.mark.usefixtures("stopped_clock")
def test_forwarded_address_does_not_get_around_the_limit(cast: Cast) -> None:
    answers = [
        anybody().post(
            LOGIN, {"email": f"{n}@example.org", "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}
        )
        for n in range(31)
    ]

    assert answers[-1].status_code == 429


def test_logout_ends_the_token_it_was_asked_with(cast: Cast) -> None:
    client, other = client_of(cast.owner), client_of(cast.owner)

    assert client.post(LOGOUT).status_code == 204
    assert client.get(ME).status_code == 401
    assert other.get(ME).status_code == 200


def test_logout_ends_a_browser_session(cast: Cast) -> None:
    client = anybody()
    client.force_login(cast.owner)

    with announced() as heard:
        assert client.post(LOGOUT).status_code == 204

    assert client.get(ME).status_code == 401
    assert heard == [("AccessChanged", {"operator": cast.owner.pk})]


def test_new_password_is_the_one_that_works(cast: Cast) -> None:
    client, other = client_of(cast.owner), client_of(cast.owner)

    answer = client.post(CHANGE_PASSWORD, {"current": PASSWORD, "new": "another good one"})

    assert answer.status_code == 204
    assert client.get(ME).status_code == 200
    assert other.get(ME).status_code == 401
    login = {"email": "owner@example.org", "password": "another good one"}
    assert anybody().post(LOGIN, login).status_code == 200


def test_browser_session_survives_the_change_of_its_password(cast: Cast) -> None:
    client = anybody()
    client.force_login(cast.owner)

    assert client.post(CHANGE_PASSWORD, {"current": PASSWORD, "new": "another good one"}).status_code == 204
    assert client.get(ME).status_code == 200


def test_password_change_without_the_current_one_is_refused(cast: Cast) -> None:
    answer = client_of(cast.owner).post(CHANGE_PASSWORD, {"current": "wrong", "new": "another good one"})

    assert answer.status_code == 400
    assert answer.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "wrong_password",
        "detail": "The password is wrong.",
        "fields": {"current": ["The password is wrong."]},
    }


def test_me_shows_the_operator_without_the_password(cast: Cast) -> None:
    body = client_of(cast.owner).get(ME).json()

    choices = {"units", "single_units", "clock", "week_begins", "language"}
    assert set(body) == {"id", "email", "email_confirmed", "name", "muted_mail", "joined_at"} | choices


def test_me_changes_name_and_units_but_not_the_address(cast: Cast) -> None:
    answer = client_of(cast.owner).patch(
        ME, {"name": "Grace", "units": "us", "email": "x@example.org", "is_staff": True}
    )

    assert answer.status_code == 200
    cast.owner.refresh_from_db()
    assert (cast.owner.name, cast.owner.units) == ("Grace", "us")
    assert cast.owner.email == "owner@example.org"
    assert not cast.owner.is_staff


def test_me_chooses_single_units_a_clock_and_a_week(cast: Cast) -> None:
    client = client_of(cast.owner)

    chosen = client.patch(ME, {"single_units": ["mmhg", "kn"], "clock": "12", "week_begins": "sunday"})
    twice = client.patch(ME, {"single_units": ["kn", "mph"]})
    unknown = client.patch(ME, {"single_units": ["furlongs"], "clock": "13"})

    assert chosen.status_code == 200
    cast.owner.refresh_from_db()
    assert (cast.owner.shown_units, cast.owner.clock, cast.owner.week_begins) == ("metric-kn-mmhg", "12", "sunday")
    assert (twice.status_code, list(twice.json()["fields"])) == (400, ["single_units"])
    assert (unknown.status_code, set(unknown.json()["fields"])) == (400, {"single_units.0", "clock"})


def test_me_turns_kinds_of_mail_off_and_not_those_about_security(cast: Cast) -> None:
    client = client_of(cast.owner)

    muted = client.patch(ME, {"muted_mail": ["member_joined", "invitation", "invitation"]})
    refused = client.patch(ME, {"muted_mail": ["new_sign_in"]})
    kept = client.patch(ME, {"name": "Grace"})

    assert muted.json()["muted_mail"] == kept.json()["muted_mail"] == ["invitation", "member_joined"]
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["muted_mail.0"])
    cast.owner.refresh_from_db()
    assert muted_by(cast.owner) == {Kind.INVITATION, Kind.MEMBER_JOINED}


def test_token_text_is_answered_once(cast: Cast) -> None:
    client = client_of(cast.owner)

    made = client.post(TOKENS, {"label": "weather script", "scope": "read", "days": 7})

    assert made.status_code == 201
    text = made.json()["token"]
    assert client_with(text).get(ME).status_code == 200
    listed = client.get(TOKENS)
    assert listed.json()["count"] == 2
    assert listed.json()["results"][0]["label"] == "weather script"
    assert text not in listed.content.decode()
    assert "digest" not in listed.content.decode()


def test_token_works_for_a_year_unless_told_otherwise(cast: Cast) -> None:
    body = client_of(cast.owner, life=timedelta(days=400)).post(TOKENS, {}).json()

    life = datetime.fromisoformat(body["expires_at"]) - datetime.fromisoformat(body["created_at"])
    assert life == timedelta(days=365)
    assert body["scope"] == "write"


@pytest.mark.parametrize("body", [{"days": 0}, {"days": 100_000}, {"scope": "everything"}, {"label": "x" * 101}])
def test_token_that_cannot_be_is_refused(cast: Cast, body: dict[str, object]) -> None:
    assert client_of(cast.owner).post(TOKENS, body).status_code == 400


def test_tokens_of_others_are_neither_seen_nor_ended(cast: Cast, now: datetime) -> None:
    token = issue_token(operator=cast.owner, label="mine", now=now).token
    outsider = client_of(cast.outsider)

    assert [each["label"] for each in outsider.get(TOKENS).json()["results"]] == ["test"]
    assert outsider.delete(f"{TOKENS}{token.pk}/").status_code == 404
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_own_token_is_ended(cast: Cast, now: datetime) -> None:
    token = issue_token(operator=cast.owner, label="mine", now=now).token

    assert client_of(cast.owner).delete(f"{TOKENS}{token.pk}").status_code == 204
    assert not ApiToken.objects.filter(pk=token.pk).exists()


def test_no_secret_is_written_to_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("sensorfusion", "django", "django.request"):
        logging.getLogger(name).addHandler(caplog.handler)
    caplog.set_level(logging.DEBUG)
    text = anybody().post(LOGIN, {"email": "owner@example.org", "password": PASSWORD}).json()["token"]
    client_with(text).get("/api/v1/nothing-here/")
    client_with(text + "x").get(ME)
    anybody().post(LOGIN, {"email": "owner@example.org", "password": "a wrong password"})
    for name in ("sensorfusion", "django", "django.request"):
        logging.getLogger(name).removeHandler(caplog.handler)

    assert "Not Found" in caplog.text
    for secret in (text, PASSWORD, "a wrong password"):
        assert secret not in caplog.text
