from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from sensorfusion.accounts.models import Operator, TokenScope
from sensorfusion.accounts.services import issue_token
from tests.clients import anybody, client_of, client_with
from tests.conftest import Cast

ME = "/api/v1/auth/me/"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Token"])
def test_token_signs_a_request_in(cast: Cast, scheme: str, now: datetime) -> None:
    text = issue_token(operator=cast.owner, label="", now=now).text

    answer = client_with(text, scheme).get(ME)

    assert answer.status_code == 200
    assert answer.json()["email"] == "owner@example.org"


def test_request_without_a_token_is_asked_for_one(cast: Cast) -> None:
    answer = anybody().get(ME)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("text", ["", "sft_unknown", "sft_" + "x" * 40, "ÿ" * 10])
def test_unknown_token_is_refused(cast: Cast, text: str) -> None:
    answer = client_with(text).get(ME)

    assert answer.status_code == 401
    assert answer.json()["code"] == "unknown_token"


def test_sensor_key_is_refused_with_a_hint(cast: Cast) -> None:
    answer = client_with("sf_abcdefgh-" + "x" * 32).get(ME)

    assert answer.status_code == 401
    assert "sensor's key" in answer.json()["detail"]


def test_expired_token_is_refused(cast: Cast) -> None:
    made_at = timezone.now() - timedelta(days=2)
    text = issue_token(operator=cast.owner, label="", now=made_at, life=timedelta(days=1)).text

    assert client_with(text).get(ME).status_code == 401


def test_token_of_an_account_that_is_off_is_refused(cast: Cast) -> None:
    client = client_of(cast.owner)
    Operator.objects.filter(pk=cast.owner.pk).update(is_active=False)

    assert client.get(ME).status_code == 401


def test_reading_token_reads_and_does_not_write(cast: Cast) -> None:
    client = client_of(cast.owner, scope=TokenScope.READ)

    assert client.get(ME).status_code == 200
    answer = client.patch(ME, {"name": "Somebody else"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "read_only_token"
    cast.owner.refresh_from_db()
    assert cast.owner.name == "Owner"


def test_use_of_a_token_is_noted(cast: Cast) -> None:
    client_of(cast.owner).get(ME)

    assert cast.owner.tokens.get().last_used_at is not None


def test_browser_session_needs_the_csrf_token_to_write(cast: Cast) -> None:
    client = type(anybody())(enforce_csrf_checks=True)
    client.force_login(cast.owner)

    assert client.get(ME).status_code == 200
    assert client.patch(ME, {"name": "Somebody else"}, format="json").status_code == 403
