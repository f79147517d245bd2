"""The checks of `doctor`."""

import socket
from pathlib import Path

import pytest

from sensorfusion.command_line import doctor
from sensorfusion.config import env
from sensorfusion.postgres import security_fixes
from tests.mail.conftest import mail_server
from tests.mail.mail_server import MailServer

__all__ = ["mail_server"]


def findings(given: dict[str, str], *, database: bool = False) -> list[str]:
    return [str(finding) for finding in doctor.examine(env.read(given), database=database)]


@pytest.mark.django_db
@pytest.mark.real_clock
def test_platform_in_order_has_only_ticks(tmp_path: Path) -> None:
    found = findings({"SENSORFUSION_DATA": str(tmp_path)}, database=True)

    assert "✓ All migrations are applied" in found
    assert any(line.startswith("✓ uvicorn ") for line in found)
    assert [line for line in found if line.startswith("✗") and "fsync" not in line] == []  # tests run without fsync


@pytest.mark.django_db
@pytest.mark.real_clock
@pytest.mark.parametrize("is_embedded", [True, False])
def test_missing_security_fixes_are_named_and_are_a_fault_of_a_server_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_embedded: bool
) -> None:
    monkeypatch.setattr(security_fixes, "FIXED_IN", dict.fromkeys(range(14, 30), (99, "CVE-1")))
    given = {"SENSORFUSION_DATA": str(tmp_path), **({} if is_embedded else {"DATABASE_URL": "postgresql:///mine"})}

    [line] = [line for line in findings(given, database=True) if "security fixes" in line]

    assert line.startswith("✓ The embedded PostgreSQL" if is_embedded else "✗ PostgreSQL")
    assert ".99 (such as CVE-1)" in line


@pytest.mark.parametrize(
    ("given", "finding", "remedy"),
    [
        ({"DEBUG": "1", "PUBLIC_URL": "https://x.org"}, "DEBUG is on while PUBLIC_URL is set", "Unset DEBUG"),
        ({"PUBLIC_URL": "http://x.org"}, "PUBLIC_URL is not encrypted", "https://"),
        ({"SENSORFUSION_DATA": "/proc/nowhere"}, "Data directory /proc/nowhere", "--data"),
        ({"REDIS_URL": "redis://127.0.0.1:1"}, "Redis does not answer", "REDIS_URL"),
    ],
)
def test_fault_is_named_with_what_to_do(tmp_path: Path, given: dict[str, str], finding: str, remedy: str) -> None:
    faults = [line for line in findings({"SENSORFUSION_DATA": str(tmp_path), **given}) if line.startswith("✗")]

    assert len(faults) == 1
    assert finding in faults[0]
    assert remedy in faults[0].split("→")[1]


def test_a_uvicorn_that_our_protocols_do_not_fit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("uvicorn.protocols.http.httptools_impl.HttpToolsProtocol.on_response_complete")

    found = findings({"SENSORFUSION_DATA": str(tmp_path)})

    [fault] = [line for line in found if line.startswith("✗")]
    assert "HttpToolsProtocol.on_response_complete is missing. So uvicorn's own HTTP protocol serves" in fault
    assert "pip install --upgrade sensorfusion" in fault
    assert not any("all that our protocols need" in line for line in found)


MAIL = {"EMAIL_FROM": "a@example.org", "PUBLIC_URL": "https://sensors.example.org"}


@pytest.mark.parametrize(
    ("url", "said"), [("", "✓ E-mail is not configured (EMAIL_URL)"), ("console:", "✓ E-mail is p")]
)
def test_mail_that_is_not_sent_is_told(tmp_path: Path, url: str, said: str) -> None:
    found = findings({"SENSORFUSION_DATA": str(tmp_path), "EMAIL_URL": url})

    assert any(line.startswith(said) for line in found)


@pytest.mark.sockets
def test_mail_server_that_answers_has_a_tick(tmp_path: Path, mail_server: MailServer) -> None:
    url = mail_server.url.replace("//", "//ada:s3cret@")
    found = findings({"SENSORFUSION_DATA": str(tmp_path), "EMAIL_URL": url, **MAIL})

    assert f"✓ The mail server 127.0.0.1:{mail_server.port} answers and accepts the account" in found
    assert mail_server.emails == []


@pytest.mark.sockets
def test_mail_server_that_refuses_the_account_is_named_without_the_password(
    tmp_path: Path, mail_server: MailServer
) -> None:
    mail_server.answers["AUTH"] = "535 no"
    url = mail_server.url.replace("//", "//ada:s3cret@")

    [fault] = [line for line in findings({"SENSORFUSION_DATA": str(tmp_path), "EMAIL_URL": url, **MAIL}) if "✗" in line]

    assert "refuses the account of EMAIL_URL: 535 no" in fault
    assert "Correct EMAIL_URL" in fault
    assert "s3cret" not in fault


def test_mail_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    given = {"SENSORFUSION_DATA": str(tmp_path), "EMAIL_URL": "smtp://127.0.0.1:1", **MAIL}

    [fault] = [line for line in findings(given) if "✗" in line]

    assert "The mail server 127.0.0.1:1 does not answer: Connection refused" in fault


@pytest.mark.redis
def test_redis_that_answers_has_a_tick(tmp_path: Path, redis_url: str) -> None:
    found = findings({"SENSORFUSION_DATA": str(tmp_path), "REDIS_URL": redis_url})

    assert any(line.startswith("✓ Redis answers") for line in found)


@pytest.mark.sockets
def test_an_mqtt_broker_is_looked_for(tmp_path: Path) -> None:
    given = {"SENSORFUSION_DATA": str(tmp_path)}
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        listening.listen()
        there = findings({**given, "MQTT_URL": f"mqtt://sensorfusion:secret@{address}"})
    gone = findings({**given, "MQTT_URL": f"mqtt://sensorfusion:secret@{address}"})

    assert f"✓ The MQTT broker mqtt://{address} answers" in there
    assert any(line.startswith("✗ The MQTT broker does not answer: ") for line in gone)
    assert "secret" not in "".join([*there, *gone])
