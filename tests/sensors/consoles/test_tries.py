"""Tries of consoles are counted in the database, for an operator and for a network."""

from datetime import datetime, timedelta

import pytest

from sensorfusion.accounts.attempts import take_back
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.consoles.tries import CLAIMS, count_claim
from tests.conftest import Cast

HERE = "192.0.2.1"


def test_an_hour_after_the_first_try_there_is_room_again(cast: Cast, now: datetime) -> None:
    for _ in range(CLAIMS):
        count_claim(by=cast.owner, address=HERE, now=now)

    with pytest.raises(Refusal) as refused:
        count_claim(by=cast.owner, address=HERE, now=now + timedelta(minutes=20))

    assert (refused.value.status, refused.value.retry_after_s) == (429, 2400)
    count_claim(by=cast.owner, address=HERE, now=now + timedelta(minutes=60))


def test_what_is_taken_back_is_not_counted(cast: Cast, now: datetime) -> None:
    for _ in range(2 * CLAIMS):
        take_back(count_claim(by=cast.owner, address=HERE, now=now))
