"""What a mail server's URL means; all of it is in tests/config/test_email_url.py, beside what is refused."""

from sensorfusion.mail.server import Encryption, server_at


def test_password_to_another_machine_is_always_encrypted() -> None:
    assert server_at("smtp://ada:pw@192.0.2.7").encryption is Encryption.STARTTLS
    assert server_at("smtp://ada:pw@[::1]").encryption is Encryption.NONE


def test_server_is_named_with_its_port() -> None:
    assert str(server_at("smtps://ada:pw@[fd00::1]")) == "[fd00::1]:465"
    assert str(server_at("smtp://relay")) == "relay:25"
