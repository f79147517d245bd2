"""A real server logs no secrets, for consoles that put them into the URL in every way."""

import json

import httpx2
import pytest

from tests.conftest import PASSWORD
from tests.crash.conftest import Start, collected, data, directory, start
from tests.crash.platform import command
from tests.patience import PATIENCE_S

__all__ = ["collected", "data", "directory", "start"]
EMAIL = "owner@example.org"
OTHERS = {
    "password": "hunter2hunter2",
    "passkey": "34271334ED1FADA6D8B988B14267E55D",
    "appid": "0123456789abcdef0123456789abcdef",
    "wrong key": "sf_abcdefgh-" + "Secret" * 5 + "xy",
}


@pytest.mark.crash
@pytest.mark.parametrize("debug", ["0", "1"])
def test_server_says_no_secret_of_a_console_in_logs_metrics_or_answers(data: object, start: Start, debug: str) -> None:
    platform = start(data, given={"DEBUG": debug})  # type: ignore[arg-type]  # a path
    key = _key(platform)
    secrets = [key[12:], *OTHERS.values(), OTHERS["wrong key"][12:]]
    answers = [httpx2.request(method, platform.url + path) for method, path in _asked(key)]
    answers.append(platform.get("/metrics"))
    platform.stop()

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    told = [answer.text for answer in answers if debug == "0"]  # a debugging page contains the request
    for secret in secrets:
        assert secret not in platform.said
        assert [text[:200] for text in told if secret in text] == []
    assert "Not Found" in platform.said  # the log does contain the requests


def _key(platform: object) -> str:
    given = {"SENSORFUSION_DATA": str(platform.data)}  # type: ignore[attr-defined]  # a running platform
    httpx2.post(
        f"{platform.url}/api/v1/auth/register/",  # type: ignore[attr-defined]
        json={"email": EMAIL, "password": PASSWORD},
        timeout=PATIENCE_S,
    ).raise_for_status()
    said = command("add_sensor", "--operator", EMAIL, "--name", "Roof", given=given)
    return str(json.loads(said.stdout)["key"])


def _asked(key: str) -> list[tuple[str, str]]:
    password, passkey, appid, wrong = OTHERS.values()
    update = "weatherstation/updateweatherstation.php"
    return [
        ("GET", f"/{update}?ID=X&PASSWORD={key}&tempf=50"),
        ("GET", f"/{update}?ID=X&PASSWORD={password}&tempf=50"),
        ("GET", f"/{update}?ID=X&PASSWORD={wrong}&tempf=50"),
        ("GET", f"/{update}ID=X&PASSWORD={password}&tempf=500"),
        ("PUT", f"/{update}?ID=X&PASSWORD={password}"),
        ("GET", f"/weatherstation/updateweatherstatio?ID=X&PASSWORD={password}"),  # no such URL
        ("GET", f"/weatherstation/ID=X&PASSWORD={password}"),
        ("GET", f"/in/{key}/typo/"),
        ("GET", f"/in/{key}/{update}?tempf=500"),
        ("POST", f"/in/{wrong}/data/report/?tempf=1"),
        ("GET", f"/data/report/?PASSKEY={passkey}&tempf=50"),
        ("GET", f"/data/repor/PASSKEY={passkey}&tempf=50"),
        ("GET", f"/automaticreading?siteid=1&siteAuthenticationKey={password}&tempf=50"),
        ("POST", f"/data/3.0/measurements?appid={appid}"),
        ("POST", f"/data/3.0/nothing/appid={appid}"),
        ("POST", f"/api/v1/{key}/telemetr"),
        ("GET", f"/{key}?{'x' * 9000}={password}"),
    ]
