from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from sensorfusion.accounts import queries, services
from sensorfusion.accounts.models import ApiToken, Operator, UnitSystem
from sensorfusion.accounts.secrets import digest
from sensorfusion.domain.refusals import Refusal
from tests.announced import announced
from tests.clients import NOW
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def make(**given: Any) -> Operator:
    wanted = {"email": "ada@example.org", "password": "analytical engine", "name": "Ada", **given}
    return services.make_operator(**wanted, now=NOW)


def test_operator_is_made_with_a_hashed_password() -> None:
    operator = make()

    assert operator.password != "analytical engine"
    assert operator.check_password("analytical engine")
    assert operator.joined_at == NOW
    assert not operator.is_staff


def test_operator_keeps_the_language_of_the_page_that_made_the_account_but_english() -> None:
    assert make().language == ""
    with override("de"):
        assert make(email="grace@example.org").language == "de"


def test_address_is_taken_whatever_its_capitals(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        make(email="OWNER@Example.org")

    assert (refusal.value.code, refusal.value.field) == ("email_taken", "email")


@pytest.mark.parametrize("password", ["short", "password123456"[:11], "ada@example.org"])
def test_weak_password_is_refused_with_a_reason(password: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make(password=password)

    assert refusal.value.code == "weak_password"
    assert refusal.value.detail.startswith("The password") or refusal.value.detail.startswith("This password")


def test_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        make(email="ada")


def test_signing_in_stores_only_the_hash_of_the_token(cast: Cast) -> None:
    issued = services.sign_in(email="Owner@example.org ", password=PASSWORD, now=NOW)

    token = ApiToken.objects.get()
    assert bytes(token.digest) == digest(issued.text)
    assert token.last4 == issued.text[-4:]
    assert token.expires_at == NOW + timedelta(days=30)
    assert issued.text not in repr(issued)
    cast.owner.refresh_from_db()
    assert cast.owner.last_login == NOW


@pytest.mark.parametrize(
    ("email", "password"), [("owner@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("", "")]
)
def test_wrong_credentials_are_refused_alike(cast: Cast, email: str, password: str) -> None:
    with pytest.raises(Refusal) as refusal:
        services.sign_in(email=email, password=password, now=NOW)

    assert refusal.value.code == "wrong_credentials"
    assert not ApiToken.objects.exists()


def test_operator_whose_account_is_off_cannot_sign_in(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.owner.pk).update(is_active=False)

    with pytest.raises(Refusal):
        services.sign_in(email="owner@example.org", password=PASSWORD, now=NOW)


def test_unknown_address_costs_a_password_hash_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    original = Operator.set_password

    def noted(self: Operator, raw: str) -> None:
        hashed.append(raw)
        original(self, raw)

    monkeypatch.setattr(Operator, "set_password", noted)

    with pytest.raises(Refusal):
        services.sign_in(email="nobody@example.org", password="whatever", now=NOW)

    assert hashed == ["whatever"]


def test_signing_in_clears_away_expired_tokens(cast: Cast) -> None:
    services.issue_token(operator=cast.owner, label="old", now=NOW - timedelta(days=400))

    services.sign_in(email="owner@example.org", password=PASSWORD, now=NOW)

    assert [token.label for token in ApiToken.objects.all()] == ["Sign-in"]


def test_token_works_until_it_expires(cast: Cast) -> None:
    text = services.issue_token(operator=cast.owner, label="", now=NOW, life=timedelta(days=1)).text

    assert queries.token_for(text=text, now=NOW + timedelta(hours=23)) is not None
    assert queries.token_for(text=text, now=NOW + timedelta(days=1)) is None


def test_use_is_noted_at_most_once_a_minute(cast: Cast) -> None:
    token = services.issue_token(operator=cast.owner, label="", now=NOW).token
    for after_s in (0, 30, 59, 61):
        token.refresh_from_db()
        services.note_use(token=token, now=NOW + timedelta(seconds=after_s))

    token.refresh_from_db()
    assert token.last_used_at == NOW + timedelta(seconds=61)


def test_token_used_within_the_minute_is_not_written(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = services.issue_token(operator=cast.owner, label="", now=NOW).token
    token.last_used_at = NOW

    with django_assert_num_queries(0):
        services.note_use(token=token, now=NOW + timedelta(seconds=30))


def test_ended_token_is_announced(cast: Cast) -> None:
    issued = services.issue_token(operator=cast.owner, label="", now=NOW)

    with announced() as heard:
        services.end_token(token=issued.token)

    assert heard == [("AccessChanged", {"operator": cast.owner.pk})]
    assert queries.token_for(text=issued.text, now=NOW) is None


def test_new_password_ends_the_other_tokens_only(cast: Cast) -> None:
    kept = services.issue_token(operator=cast.owner, label="this", now=NOW).token
    services.issue_token(operator=cast.owner, label="other", now=NOW)
    services.issue_token(operator=cast.member, label="somebody else's", now=NOW)

    with announced() as heard:
        services.change_password(operator=cast.owner, current=PASSWORD, new="another good one", keep=kept)

    assert set(ApiToken.objects.values_list("label", flat=True)) == {"this", "somebody else's"}
    assert heard == [("AccessChanged", {"operator": cast.owner.pk})]
    cast.owner.refresh_from_db()
    assert cast.owner.check_password("another good one")


@pytest.mark.parametrize(
    ("current", "new", "code", "field"),
    [("wrong", "another good one", "wrong_password", "current"), (PASSWORD, "short", "weak_password", "new")],
)
def test_password_is_kept_when_the_change_is_refused(cast: Cast, current: str, new: str, code: str, field: str) -> None:
    services.issue_token(operator=cast.owner, label="", now=NOW)

    with pytest.raises(Refusal) as refusal:
        services.change_password(operator=cast.owner, current=current, new=new)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert ApiToken.objects.count() == 1
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(PASSWORD)


def test_profile_changes_name_and_units_only(cast: Cast) -> None:
    services.update_profile(operator=cast.owner, name="Grace", units=UnitSystem.US)

    cast.owner.refresh_from_db()
    assert (cast.owner.name, cast.owner.units, cast.owner.email) == ("Grace", "us", "owner@example.org")


def test_units_that_do_not_exist_are_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        services.update_profile(operator=cast.owner, units="cubits")
