"""Programs that sign in to an account with a second factor, and operators who lost theirs."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from sensorfusion.accounts.signing_in.limits import CODES_PER_HOUR
from tests.accounts.signing_in.conftest import Phone, enter_password, is_signed_in
from tests.conftest import PASSWORD, Cast

LOGIN = "/api/v1/auth/login"
pytestmark = pytest.mark.django_db(transaction=True)


def login(client: Client, cast: Cast, **given: str) -> tuple[int, str]:
    body = {"email": cast.owner.email, "password": PASSWORD, **given}
    answer = client.post(LOGIN, body, content_type="application/json")
    return answer.status_code, answer.json().get("code", "")


def test_program_needs_the_code_too(client: Client, cast: Cast, phone: Phone) -> None:
    assert login(Client(), cast) == (401, "code_needed")
    assert login(Client(), cast, code="000000") == (401, "wrong_code")
    assert login(Client(), cast, code=phone.code()) == (200, "")


def test_wrong_password_says_nothing_of_a_second_factor(cast: Cast, phone: Phone) -> None:
    assert login(Client(), cast, password="wrong", code=phone.code()) == (401, "wrong_credentials")


def test_programs_and_pages_share_the_guesses(cast: Cast, phone: Phone) -> None:
    for _ in range(CODES_PER_HOUR):
        login(Client(), cast, code="000000")

    assert login(Client(), cast, code=phone.code()) == (429, "too_fast")
    client = enter_password(cast.owner)
    assert client.post("/sign-in/second-factor/", {"code": phone.code()}).status_code == 429


def test_account_without_a_second_factor_needs_no_code(cast: Cast) -> None:
    assert login(Client(), cast) == (200, "")


def test_administrator_removes_what_was_lost(cast: Cast, phone: Phone, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("remove_second_factor", email=cast.owner.email)

    assert "the password alone signs them in" in capsys.readouterr().out
    assert is_signed_in(enter_password(cast.owner))
    with pytest.raises(CommandError, match="no second factor"):
        call_command("remove_second_factor", email=cast.owner.email)
    with pytest.raises(CommandError, match="no active account"):
        call_command("remove_second_factor", email="nobody@example.org")
