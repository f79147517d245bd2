"""Which addresses belong to one household."""

import pytest

from sensorfusion.domain.networks import is_public, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_household_of_ipv6_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1", True),
        ("192.168.1.7", False),
        ("127.0.0.1", False),
        ("172.17.0.1", False),
        ("100.64.0.9", False),  # shared by the customers of a provider
        ("fe80::1", False),
        ("testserver", False),
    ],
)
def test_address_that_every_network_has_is_nobodys_household(address: str, expected: bool) -> None:
    assert is_public(address) is expected
