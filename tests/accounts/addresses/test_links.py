"""Links about addresses: signed, for a day, and not of other addresses."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from sensorfusion.accounts.addresses.links import Step, link, link_of, path_of
from sensorfusion.clock import utc_now

SENT = link(Step.PROOF, "42", "ada@example.org")


def token_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def test_link_says_what_it_is_for_and_not_the_address() -> None:
    path = path_of(SENT)

    assert link_of(token_of(path)) == SENT
    assert link(Step.PROOF, "42", "eve@example.org") != SENT
    assert "ada" not in path


@pytest.mark.parametrize("wrong", ["", "x", "WyJwcm9vZiJd:1:x"])
def test_what_we_did_not_sign_is_no_link(wrong: str) -> None:
    assert link_of(wrong) is None
    assert link_of(token_of(path_of(SENT)) + wrong) == (None if wrong else SENT)


def test_link_is_valid_for_a_day(time_machine: TimeMachineFixture) -> None:
    now = utc_now()
    time_machine.move_to(now, tick=False)
    token = token_of(path_of(SENT))

    time_machine.move_to(now + timedelta(hours=23, minutes=59), tick=False)
    assert link_of(token) == SENT
    time_machine.move_to(now + timedelta(hours=24, minutes=1), tick=False)
    assert link_of(token) is None
