"""Passwords cannot be guessed, and nobody can be kept from signing in by the guesses of others."""

from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.accounts.attempts import (
    FROM_ANYWHERE,
    FROM_KNOWN_NETWORKS,
    HOUR,
    MINUTE,
    MOST_NETWORKS,
    PER_NETWORK,
    WITH_KNOWN_BROWSERS,
    Attempt,
    count,
    forgive,
)
from sensorfusion.accounts.models import Failures, KnownNetwork
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
HOME = "198.51.100.1"


def failed(times: int, email: str, *, network: int = 0, **more: bool) -> list[int]:
    """Fail from as many networks as attempts."""
    return [count(Attempt(f"10.{network}.{n // 250}.{n % 250}", email, **more), now=NOW).wait_s for n in range(times)]


def signed_in(cast: Cast, address: str) -> None:
    forgive(count(Attempt(address, cast.owner.email), now=NOW), operator=cast.owner, now=NOW)


def test_too_many_failures_from_one_network_wait_for_the_next_minute() -> None:
    waits = [count(Attempt(HOME), now=NOW).wait_s for _ in range(PER_NETWORK)]

    assert waits == [0] * PER_NETWORK
    assert count(Attempt(HOME), now=NOW + timedelta(seconds=20)).wait_s == 40
    assert count(Attempt("198.51.100.2"), now=NOW).wait_s == 0
    assert count(Attempt(HOME), now=NOW + MINUTE).wait_s == 0


def test_addresses_of_one_ipv6_household_are_one_network() -> None:
    for number in range(PER_NETWORK):
        count(Attempt(f"2001:db8:1:2::{number:x}"), now=NOW)

    assert count(Attempt("2001:db8:1:2:ffff::1"), now=NOW).wait_s
    assert not count(Attempt("2001:db8:1:3::1"), now=NOW).wait_s


def test_account_fails_a_limited_number_of_times_wherever_the_attempts_come_from() -> None:
    assert failed(FROM_ANYWHERE, "ada@example.org") == [0] * FROM_ANYWHERE

    for spelling in (" ADA@example.org", "Ada@Example.org"):
        assert count(Attempt("203.0.113.1", spelling), now=NOW + MINUTE).wait_s == 3540
    assert not count(Attempt("203.0.113.1", "grace@example.org"), now=NOW).wait_s
    assert not count(Attempt("203.0.113.1", "ada@example.org"), now=NOW + HOUR).wait_s


def test_all_limits_of_an_account_together_are_a_hundred_an_hour(cast: Cast) -> None:
    signed_in(cast, HOME)
    email = cast.owner.email

    allowed = failed(200, email).count(0)
    for minute in range(4):
        at = NOW + minute * MINUTE
        allowed += [count(Attempt(HOME, email), now=at).wait_s for _ in range(PER_NETWORK)].count(0)
    allowed += failed(200, email, is_known_browser=True).count(0)

    assert allowed == FROM_ANYWHERE + FROM_KNOWN_NETWORKS + WITH_KNOWN_BROWSERS == 100


def test_others_cannot_keep_an_owner_out(cast: Cast) -> None:
    signed_in(cast, HOME)
    failed(500, cast.owner.email)

    assert count(Attempt("203.0.113.9", cast.owner.email), now=NOW).wait_s
    assert not count(Attempt(HOME, cast.owner.email), now=NOW).wait_s
    assert not count(Attempt("203.0.113.9", cast.owner.email, is_known_browser=True), now=NOW).wait_s


def test_neighbours_cannot_keep_a_known_browser_out(cast: Cast) -> None:
    for _ in range(2 * PER_NETWORK):
        count(Attempt(HOME, "outsider@example.org"), now=NOW)

    assert count(Attempt(HOME, cast.owner.email), now=NOW).wait_s
    assert not count(Attempt(HOME, cast.owner.email, is_known_browser=True), now=NOW).wait_s


def test_success_is_not_counted(cast: Cast) -> None:
    for _ in range(3 * FROM_ANYWHERE):
        counted = count(Attempt(HOME, cast.owner.email), now=NOW)
        assert not counted.wait_s
        forgive(counted, operator=cast.owner, now=NOW)

    assert set(Failures.objects.values_list("failures", flat=True)) == {0}


def test_other_names_displace_no_count(cast: Cast) -> None:
    failed(FROM_ANYWHERE, cast.owner.email)
    for number in range(400):
        count(Attempt(f"10.9.{number // 250}.{number % 250}", f"{number}@example.org"), now=NOW)

    assert count(Attempt("203.0.113.9", cast.owner.email), now=NOW).wait_s


def test_networks_of_an_account_are_limited_and_those_of_another_do_not_count(cast: Cast) -> None:
    for number in range(MOST_NETWORKS + 5):
        signed_in(cast, f"10.8.0.{number}")
    failed(FROM_ANYWHERE, cast.outsider.email, network=7)

    assert KnownNetwork.objects.count() == MOST_NETWORKS
    assert count(Attempt("10.8.0.24", cast.outsider.email), now=NOW).wait_s


def test_any_text_can_be_counted() -> None:
    assert count(Attempt("/run/socket", "spaces and\nlines \0 \ud800" * 50), now=NOW).wait_s == 0
