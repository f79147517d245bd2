"""Unknown credentials are counted per network, per credential and per public part, in bounded memory."""

import pytest

from sensorfusion.accounts.tries import unknown_credentials
from sensorfusion.accounts.tries.unknown_credentials import BURST, REFILL_PER_S, Excess, UnknownCredentials

HERE, THERE = "192.0.2.1", "198.51.100.1"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def flood(counted: UnknownCredentials, address: str = HERE, *, beginning: str = "wrong") -> None:
    for number in range(BURST):
        counted.note_unknown(f"{beginning}\n{number}", address)


def test_a_network_is_over_its_limit_after_many_unknown_credentials_and_not_for_ever() -> None:
    clock = Clock()
    counted = UnknownCredentials(clock=clock)
    flood(counted)

    assert counted.excess("another", HERE) is Excess.NETWORK
    assert counted.excess("another", THERE) is Excess.NONE
    clock.now += 1 / REFILL_PER_S
    assert counted.excess("another", HERE) is Excess.NONE


def test_addresses_of_one_household_are_one_network() -> None:
    counted = UnknownCredentials(clock=Clock())
    for number in range(BURST):
        counted.note_unknown(f"wrong {number}", f"2001:db8::{number:x}")

    assert counted.excess("another", "2001:db8::ffff") is Excess.NETWORK
    assert counted.excess("another", "2001:db8:0:1::1") is Excess.NONE


def test_a_repeated_credential_is_charged_to_its_network_once() -> None:
    counted = UnknownCredentials(clock=Clock())
    for _ in range(BURST):
        counted.note_unknown("wrong", HERE)

    assert counted.excess("wrong", HERE) is Excess.CREDENTIAL
    assert counted.excess("another", HERE) is Excess.NONE


def test_guesses_of_one_secret_are_counted_for_its_public_part_from_everywhere() -> None:
    counted = UnknownCredentials(name_of=lambda text: text.partition("\n")[0], clock=Clock())
    for number in range(BURST):
        counted.note_unknown(f"key\n{number}", f"10.0.0.{number}")
    flood(counted, beginning="other")

    assert counted.excess("key\nnext", HERE) is Excess.CREDENTIAL
    assert counted.excess("quiet\nnext", HERE) is Excess.NETWORK
    assert counted.excess("key\nright", THERE) is Excess.NONE  # others cannot shut its devices out elsewhere


def test_good_credentials_pass_until_they_end() -> None:
    counted = UnknownCredentials(clock=Clock())
    counted.note_known("good")
    flood(counted)

    assert counted.excess("good", HERE) is Excess.NONE
    counted.note_unknown("good", HERE)
    assert counted.excess("good", HERE) is Excess.NETWORK


def test_memory_is_bounded_by_forgetting_who_was_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_credentials, "MOST_ADDRESSES", 10)
    monkeypatch.setattr(unknown_credentials, "MOST_KNOWN", 10)
    counted = UnknownCredentials(clock=Clock())
    for number in range(100):
        counted.note_unknown(f"wrong {number}", f"192.0.2.{number}")
        counted.note_known(f"key {number}")

    assert len(counted._buckets) == 10
    assert len(counted._known) <= 10
