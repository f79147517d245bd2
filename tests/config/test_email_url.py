"""EMAIL_URL: a server and an account, or the console; whatever else is written into it is refused in one line."""

import pytest

from sensorfusion.config.email_url import PARAMETERS
from sensorfusion.config.env import BadEnvironment, read
from sensorfusion.mail.server import Encryption, server_at

BESIDE = {"EMAIL_FROM": "sensors@example.org", "PUBLIC_URL": "https://sensors.example.org"}


@pytest.mark.parametrize(
    ("url", "host", "port", "encryption", "user"),
    [
        ("smtp://ada:pw@mail.example.org", "mail.example.org", 587, Encryption.STARTTLS, "ada"),
        ("smtp://us%40er:p%2Fw@mail.example.org:2525", "mail.example.org", 2525, Encryption.STARTTLS, "us@er"),
        ("smtps://ada:pw@[fd00::1]", "fd00::1", 465, Encryption.TLS, "ada"),
        ("smtp://relay", "relay", 25, Encryption.IF_OFFERED, ""),
        ("smtp://relay?tls=off", "relay", 25, Encryption.NONE, ""),
        ("smtp://localhost", "localhost", 25, Encryption.NONE, ""),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Encryption.NONE, ""),
    ],
)
def test_address_and_account_are_used(url: str, host: str, port: int, encryption: Encryption, user: str) -> None:
    used = server_at(read({"EMAIL_URL": url, **BESIDE}).email_url)

    assert (used.host, used.port, used.encryption, used.user) == (host, port, encryption, user)


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("smtp+tls://host", "write smtp://"),
        ("ssl://host", "write smtps://"),
        ("imaps://host", "the server for outgoing mail"),
        ("console://x", "write console:"),
        ("host:587", "must begin with smtp://"),
        ("smtp://", "cannot be used"),
        ("smtp://host:0", "cannot be used"),
        ("smtp://host:smtp", "cannot be used"),
        ("smtp://ada@host", "one of user and password only"),
        ("smtp://:s3cret@host", "one of user and password only"),
        ("smtp://u:s3/cret@host", "%2F"),
        ("smtp://u:s3cret#x@host", "write # as %23"),
        ("smtps://host?tls=off", "write smtp://"),
        ("smtp://host?tls=on", "write off"),
        ("smtp://host?foo=bar", "the unknown parameter 'foo'"),
    ],
)
def test_part_without_effect_is_refused_with_a_remedy(url: str, remedy: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read({"EMAIL_URL": url, **BESIDE})

    message = str(refused.value)
    assert message.startswith("EMAIL_URL ")
    assert remedy in message
    assert len(message.splitlines()) == 1
    assert "s3" not in message


@pytest.mark.parametrize("name", PARAMETERS.refused)
def test_parameter_of_other_programs_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(BadEnvironment, match=f"EMAIL_URL has the parameter {name}, which is not supported: "):
        read({"EMAIL_URL": f"smtp://host?{name}=1", **BESIDE})


def test_server_needs_the_address_that_links_begin_with() -> None:
    with pytest.raises(BadEnvironment, match="EMAIL_URL is set without PUBLIC_URL"):
        read({"EMAIL_URL": "smtp://host", "EMAIL_FROM": "a@example.org"})


def test_console_needs_nothing_else() -> None:
    assert read({"EMAIL_URL": "console:"}).email_url == "console:"


def test_password_is_in_no_representation() -> None:
    environment = read({"EMAIL_URL": "smtp://ada:hunter2@host", **BESIDE})

    assert "hunter2" not in repr(environment) + repr(server_at(environment.email_url))
    assert "hunter2" not in str(server_at(environment.email_url))
