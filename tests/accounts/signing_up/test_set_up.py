"""The code of a new installation."""

import pytest
from django.db import transaction

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.signing_up.models import SetUpCode
from sensorfusion.accounts.signing_up.set_up import is_first, is_open, new_code, take_code
from sensorfusion.domain.refusals import Refusal
from tests.clients import NOW
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def take(code: str) -> str:
    """Return the reason why a code was refused; empty if it was right."""
    try:
        with transaction.atomic():
            take_code(code)
    except Refusal as refused:
        return refused.code
    return ""


def test_there_is_none_before_the_server_was_started() -> None:
    assert (is_first(), is_open(), take("ABCD")) == (False, False, "set_up_already")


def test_code_of_the_last_start_works_once_however_it_is_typed() -> None:
    before, code = new_code(now=NOW), new_code(now=NOW)

    assert (is_first(), is_open()) == (True, True)
    assert take(before) == "wrong_code"
    assert take(code.lower().replace("-", " ")) == ""
    assert take(code) == "set_up_already"
    assert code.encode() not in b"".join(bytes(each.digest) for each in SetUpCode.objects.all())


def test_ordinary_account_does_not_take_the_installation() -> None:
    code = new_code(now=NOW)
    Operator.objects.create_user("early@example.org", PASSWORD)

    assert (is_first(), is_open()) == (False, True)
    assert take(code) == ""


def test_an_administrator_closes_it() -> None:
    code = new_code(now=NOW)
    Operator.objects.create_superuser("ada@example.org", PASSWORD)

    assert (is_open(), take(code)) == (False, "set_up_already")


def test_start_with_operators_makes_no_code_and_ends_the_former(cast: Cast) -> None:
    SetUpCode.objects.create(pk=1, digest=b"x" * 32, made_at=NOW)

    assert new_code(now=NOW) == ""
    assert not SetUpCode.objects.exists()
