"""Parsing of environment variables: strict, with messages that name valid values."""

from pathlib import Path

import pytest

from sensorfusion.config.env import BadEnvironment, read


def test_nothing_given_means_the_defaults() -> None:
    environment = read({})

    assert environment.data == Path("data")
    assert environment.database_url == ""
    assert environment.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert environment.debug is False


def test_empty_variable_counts_as_not_given() -> None:
    assert read({"MAX_BODY_BYTES": " ", "DEBUG": ""}) == read({})


def test_list_is_separated_by_commas() -> None:
    assert read({"ALLOWED_HOSTS": "a.example.org, b.example.org,"}).allowed_hosts == ("a.example.org", "b.example.org")


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("DEBUG", "maybe", "DEBUG is 'maybe': write 1 or 0."),
        ("QUEUE_READINGS", "0", "QUEUE_READINGS is 0: write a whole number from 1000 to 100000000."),
        ("MAX_BODY_BYTES", "8M", "MAX_BODY_BYTES is '8M': write a whole number such as 1000."),
        ("DATABASE_URL", "sqlite:///x", "DATABASE_URL must begin with postgres:// or postgresql://."),
        ("REDIS_URL", "localhost:6379", "REDIS_URL must begin with redis:// or rediss:// or unix://."),
        ("PUBLIC_URL", "sensors.example.org", "PUBLIC_URL must begin with http:// or https://."),
        ("SENSORFUSION_URL", "sensors.example.org", "SENSORFUSION_URL must begin with http:// or https://."),
    ],
)
def test_unusable_value_is_named_with_what_would_do(variable: str, text: str, message: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read({variable: text})

    assert str(refused.value) == message


@pytest.mark.parametrize("network", ["192.168.1.0/33", "192.168.1.7/24", "home"])
def test_network_that_is_none_is_refused_with_its_name(network: str) -> None:
    with pytest.raises(BadEnvironment, match="POLL_ALLOW_NETWORKS has"):
        read({"POLL_ALLOW_NETWORKS": f"10.0.0.0/8, {network}"})


def test_networks_are_read_from_a_list() -> None:
    assert read({"POLL_ALLOW_NETWORKS": "10.0.0.0/8, fd00::/64"}).poll_allow_networks == ("10.0.0.0/8", "fd00::/64")
