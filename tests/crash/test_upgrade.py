"""An installation of an earlier time, started by the platform of now: no one loses access, and nothing is lost."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.crash.conftest import Start
from tests.crash.old_installation import BEGAN, EMAIL, PASSWORD, READINGS
from tests.crash.platform import Platform, environment
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash


@pytest.fixture
def secrets(data: Path) -> Mapping[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.old_installation", str(data)],
        env=environment(), text=True, capture_output=True, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: Mapping[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def upgraded(data: Path, secrets: Mapping[str, str], start: Start) -> Platform:
    return start(data)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_an_old_installation_goes_on_under_the_platform_of_now(upgraded: Platform, secrets: Mapping[str, str]) -> None:
    api, sensor = f"{upgraded.url}/api/v1", f"/sensors/{secrets['sensor']}"
    with httpx2.Client(base_url=api, headers=bearer(secrets["token"]), timeout=PATIENCE_S) as program:
        # The token, and what it may see.
        assert program.get("/auth/me/").raise_for_status().json()["email"] == EMAIL
        assert [each["name"] for each in program.get("/sensors/").raise_for_status().json()["results"]] == ["Garden"]
        stored = program.get(f"{sensor}/readings/").raise_for_status().json()["readings"]
        assert [each["values"]["temperature"] for each in stored] == [10 + number / 10 for number in range(READINGS)]
        assert [each["seq"] for each in stored] == list(range(1, READINGS + 1))
        [rule] = program.get("/rules/").raise_for_status().json()["results"]
        assert (rule["quantity"], rule["condition"], rule["high"]) == ("temperature", "above", 30.0)
        # A chart of then, which is rolled up only now.
        span = {"from": BEGAN.isoformat(), "to": (BEGAN + timedelta(days=1)).isoformat(), "resolution": "1h"}
        chart = program.get(f"{sensor}/series/", params={**span, "quantities": "temperature"}).raise_for_status().json()
        assert len(chart["t"]) == 24

        # The sensor's key; its numbers go on.
        receipt = program.post(
            "/readings", json={"temperature": 21.5}, headers=bearer(secrets["key"])
        ).raise_for_status()
        assert receipt.json()["accepted"] == 1
        newest = program.get(f"{sensor}/latest/").raise_for_status().json()
        assert (newest["values"]["temperature"], newest["seq"]) == (21.5, READINGS + 1)

        # The password.
        program.headers.pop("Authorization")
        program.post("/auth/login/", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()


def test_a_browser_stays_signed_in_and_its_pages_are_all_there(upgraded: Platform, secrets: Mapping[str, str]) -> None:
    with httpx2.Client(base_url=upgraded.url, cookies={"sessionid": secrets["session"]}, timeout=PATIENCE_S) as browser:
        for path in ("/", f"/sensors/{secrets['sensor']}/", "/alerts/", "/account/", "/explore/", "/exports/"):
            page = browser.get(path)
            assert page.status_code == 200, (path, page.headers.get("location"))
        assert "Garden" in browser.get("/").text


def test_a_second_start_has_nothing_to_migrate(
    data: Path, upgraded: Platform, secrets: Mapping[str, str], start: Start
) -> None:
    assert "Database brought up to date" in upgraded.said
    upgraded.stop()

    again = start(data)

    assert "Database brought up to date" not in again.said
    answer = httpx2.get(f"{again.url}/api/v1/auth/me/", headers=bearer(secrets["token"]), timeout=PATIENCE_S)
    assert answer.status_code == 200
