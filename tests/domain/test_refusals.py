import pytest

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.refusals import Refusal


def test_refusal_says_what_the_table_says() -> None:
    refusal = Refusal("not_allowed")

    assert str(refusal) == refusal.detail == ERRORS["not_allowed"].message
    assert (refusal.status, refusal.field) == (403, "")


def test_refusal_can_say_it_more_precisely() -> None:
    refusal = Refusal("bad_name", "ü is no name", field="name")

    assert str(refusal) == refusal.detail == "ü is no name"
    assert (refusal.status, refusal.field) == (400, "name")


def test_refusal_has_a_code_of_the_table() -> None:
    with pytest.raises(KeyError):
        Refusal("because")
