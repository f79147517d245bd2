"""Kills the server between the commit of a message and its sending: the next one sends it."""

from pathlib import Path

import httpx2
import pytest

from tests.browser.server import free_port
from tests.crash.conftest import Start
from tests.crash.platform import command
from tests.mail.mail_server import running_mail_server
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash
PASSWORD = "analytical engine"


def test_message_of_a_killed_server_is_sent_by_the_next(start: Start, data: Path) -> None:
    with running_mail_server() as mail:
        mail.answers["MAIL"] = "451 try later"
        port = free_port()
        given = {"EMAIL_URL": mail.url, "PUBLIC_URL": f"http://localhost:{port}", "SENSORFUSION_DATA": str(data)}
        first = start(data, "--port", port, given=given)
        words = f"{PASSWORD}\n"
        command("create_operator", "--email", "ada@example.org", "--password-stdin", given=given, words=words)
        login = {"email": "ada@example.org", "password": PASSWORD}
        token = httpx2.post(f"{first.url}/api/v1/auth/login/", json=login, timeout=PATIENCE_S).json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        made = httpx2.post(
            f"{first.url}/api/v1/auth/tokens/", json={"label": "script"}, headers=bearer, timeout=PATIENCE_S
        )
        first.kill()
        assert made.status_code == 201
        assert mail.emails == []

        mail.answers.clear()
        second = start(data, "--port", port, given=given)
        # The first message may have been tried, and is tried again after a minute; the other one waits in the pause
        # that the mail server's failure caused, which ended with the process.
        assert mail.wait(1, within_s=PATIENCE_S)
        assert {email["Subject"] for email in mail.emails} <= {"New sign-in to your account", "A new API token"}
        assert second.stop() == 0
