"""Every command of the README and the documents is run as it is written, against a platform that knows its sensors."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from tests.crash.platform import Platform, environment
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash
ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if "decisions" not in path.parts),
]
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^(?:\$ |(?:\S+ ){4}\* +)?((?:\S*/)?sensorfusion [a-z_]+.*|curl .*)$")
# Begins of commands that are not run here, and where they are.
ELSEWHERE = {
    "sensorfusion up": "tests/crash/test_up.py",
    "sensorfusion migrate": "tests/crash/test_up.py",
    "sensorfusion doctor": "tests/command_line/test_doctor.py",
    "sensorfusion mqtt": "tests/crash/test_mqtt.py",
    "sensorfusion restore": "tests/crash/test_backup.py",
    "sensorfusion remove_second_factor": "tests/accounts/signing_in/test_factors.py",
    "sensorfusion import_site": "tests/readings, with another installation",
    "sensorfusion simulate --history": "tests/demo: a year of 20 sensors takes minutes",
}
ENDS_BY_ITS_LIMIT_OF_TIME = 28  # the exit status of curl, for the stream that does not end


@cache
def commands() -> list[tuple[str, str]]:
    """Return each command with the document that has it, with its continued lines."""
    found = []
    for path in DOCUMENTS:
        for block in BLOCK.findall(path.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                if match := COMMAND.match(line.split("      #")[0].rstrip()):
                    found.append((str(path.relative_to(ROOT)), match[1].removeprefix(".venv/bin/")))
    return found


RUN = [each for each in commands() if not each[1].startswith(tuple(ELSEWHERE))]


@dataclass(frozen=True)
class Stand:
    """A platform with what the documents speak of, and a directory in which the commands are run."""

    platform: Platform
    directory: Path
    sensor: str
    its_site: str
    site: str
    key: str
    token: str

    def prepared(self, command: str) -> str:
        """Replace what a reader replaces: addresses, ids, secrets, and what another example has made already."""
        url, home, own = self.platform.url, self.directory, uuid4().hex
        for written, meant in (
            ("https://sensors.example.org", url),
            ("http://127.0.0.1:8000", url),
            ("sensors/ID/", f"sensors/{self.sensor}/"),
            ('"sensor":"ID"', f'"sensor":"{self.sensor}"'),
            ("sites/ID/", f"sites/{self.site}/"),
            ('"site":"ID"', f'"site":"{self.site}"'),
            ("=SITE", f"={self.its_site}"),
            ('"SITE"', f'"{self.its_site}"'),
            ("--sensor ID", f"--sensor {self.sensor}"),
            ("6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11", self.sensor),
            ("sft_…", self.token),
            ("sf_…", self.key),
            ('"0c3f…"', self._etag() if "If-Match" in command else ""),
            ("5f0c2a7e-…", own),
            ("Balcony", f"Balcony {own}"),
            ("demo@sensorfusion.local", "you@example.org"),
            ("FILE", "garden-2026.csv"),
            (r"\%", "%"),
            ("/var/backups/sensorfusion", f"{home}/{own}"),
            ("/var/backups", str(home)),
            ("/sys/class/thermal/thermal_zone0", str(home)),
            ("/var/lib/readings", f"{home}/spool"),
            ("/etc/balcony.key", f"{home}/balcony.key"),
        ):
            command = command.replace(written, meant)
        command = command.replace("curl ", "curl --silent --show-error --fail-with-body --max-time 20 ", 1)
        return command.replace("--max-time 20 -N", "--max-time 3 -N")

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        given = environment(
            SENSORFUSION_DATA=str(self.platform.data),
            SENSORFUSION_URL=self.platform.url,
            SENSORFUSION_KEY=self.key,
            TOKEN=self.token,
        )
        program = f'sensorfusion() {{ "{sys.executable}" -m sensorfusion "$@"; }}\n'
        return subprocess.run(
            ["bash", "-c", program + self.prepared(command)],
            cwd=self.directory, env=given, text=True, capture_output=True, timeout=PATIENCE_S,
        )  # fmt: skip

    def _etag(self) -> str:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx2.get(f"{self.platform.url}/api/v1/sites/{self.site}/", headers=headers).headers["etag"]


@pytest.fixture(scope="module")
def stand(collected: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    directory = tmp_path_factory.mktemp("examples")
    platform = Platform(collected.parent)
    account = {"email": "you@example.org", "password": "correct horse battery staple", "name": "You"}
    with httpx2.Client(base_url=platform.url, timeout=PATIENCE_S) as client:
        token = client.post("/api/v1/auth/register/", json=account).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        site, renamed = (
            client.post("/api/v1/sites/", json={"name": name}).raise_for_status().json()["id"]
            for name in ("Orchard", "Meadow")
        )
        station = {"name": "Garden", "site": site, "external_id": "eui-70b3"}
        made = client.post("/api/v1/sensors/", json=station).raise_for_status().json()
        for name, place in (("Shed", site), ("Brook", renamed)):
            client.post("/api/v1/sensors/", json={"name": name, "site": place}).raise_for_status()
        sent = {"temperature": 21.4, "humidity": 60}
        sender = {"Authorization": f"Bearer {made['key']}"}
        client.post("/api/v1/readings", json=sent, headers=sender).raise_for_status()
    (directory / "balcony.key").write_text(made["key"])
    (directory / "temp").write_text("48312")
    for year in (2025, 2026):
        rows = [f"{year}-06-01 {hour:02}:00,{60 + hour},{50 + hour},{hour}" for hour in range(24)]
        (directory / f"garden-{year}.csv").write_text("\n".join(["Time,Outdoor,Humidity,Wind", *rows]))
    yield Stand(platform, directory, made["id"], site, renamed, made["key"], token)
    platform.stop()


def test_documents_have_commands_to_run() -> None:
    assert len(RUN) > 15
    assert {begin for begin in ELSEWHERE if not any(command.startswith(begin) for _, command in commands())} == set()


@pytest.mark.parametrize(("document", "command"), RUN, ids=[f"{path}:{number}" for number, (path, _) in enumerate(RUN)])
def test_command_does_what_the_document_says(document: str, command: str, stand: Stand) -> None:
    if "--mapping" not in command and "garden-2026" in stand.prepared(command):
        [first] = [each for _, each in RUN if "--mapping" in each]  # the document's own order
        stand.run(first)

    done = stand.run(command)

    assert done.returncode == (ENDS_BY_ITS_LIMIT_OF_TIME if "-N" in command.split() else 0), done.stdout + done.stderr
    if command.startswith("curl -N"):
        assert json.loads(done.stdout.split("data: ")[1].splitlines()[0])["type"] == "snapshot"
