"""Wrong keys and secrets of provisioning are counted; devices with the right ones pass."""

from datetime import datetime

import pytest

from sensorfusion.accounts.tries.unknown_credentials import BURST
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.provisioning.services import switch_on
from sensorfusion.sensors.provisioning.tries import UNKNOWN_PROVISIONING, Tried, tried_provision
from tests.conftest import Cast

HERE, THERE = "192.0.2.1", "198.51.100.1"


@pytest.fixture(autouse=True)
def no_more_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock by which tries come back."""
    monkeypatch.setattr(UNKNOWN_PROVISIONING, "_clock", lambda: 1000.0)


def code_of(key: str, secret: str, now: datetime, address: str = HERE, name: str = "") -> str:
    try:
        tried_provision(Tried(key, secret, address), name=name, now=now)
    except Refusal as refused:
        return refused.code
    return ""


def test_guesses_of_keys_are_limited_and_good_devices_pass(cast: Cast, now: datetime) -> None:
    opened = switch_on(by=cast.owner, site=cast.site, now=now)
    guesses = [code_of(f"sfp_{number:016}", "x", now) for number in range(BURST + 1)]

    assert guesses == ["unknown_provisioning"] * BURST + ["too_fast"]
    assert code_of(opened.provisioning.key, opened.secret, now) == ""


def test_guesses_of_the_secret_of_one_key_are_limited(cast: Cast, now: datetime) -> None:
    opened = switch_on(by=cast.owner, site=cast.site, now=now)
    key = opened.provisioning.key
    guesses = [code_of(key, str(number), now) for number in range(BURST + 1)]

    assert guesses == ["unknown_provisioning"] * BURST + ["too_fast"]
    assert code_of(key, opened.secret, now, THERE) == ""
    assert code_of(key, opened.secret, now) == ""  # known by now
