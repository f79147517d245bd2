"""Client libraries of other platforms, unchanged: each runs a small program in an environment of its own.

A program gets the address, a sensor's key, an operator's token and the sensor's id, and says last what must be stored.
"""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from tests.real_clients.installation import EMAIL, PASSWORD, ROOT, Installation, Wrong, environment

PROGRAMS = Path(__file__).parent / "programs"
PACKAGES = {
    "influxdb_v2": "influxdb-client==1.50.0",
    "influxdb_v1": "influxdb==5.3.2",
    "thingsboard": "tb-mqtt-client==1.13.14",
    "openweathermap": "pyowm==3.5.0",
    "senml_pack": "senml==0.1.0",
    "thingspeak_channel": "thingspeak==1.0.0",
}
_STORED = """
import json
from sensorfusion.readings.models import Reading
print(json.dumps(list(Reading.objects.filter(sensor__uuid="{}").values_list("values", flat=True))))
"""


def check(installation: Installation) -> list[str]:
    """Run every program; return what was seen, one line each.

    :raises Wrong: when a client failed, or something else was stored than it sent.
    """
    token = _token(installation)
    seen: list[str] = []
    wrong: list[str] = []
    for name, package in PACKAGES.items():
        try:
            seen.append(_run(installation, name, package, token))
        except Wrong as one:
            wrong.append(str(one))
    if wrong:
        raise Wrong("\n".join([*seen, *wrong]))
    return seen


def _run(installation: Installation, name: str, package: str, token: str) -> str:
    station = installation.station(f"Client {name}")
    # setuptools: one of them still asks it for its version.
    python = environment(name, package, "setuptools<81") / "python"
    program: list[str | Path] = [python, PROGRAMS / f"{name}.py", installation.url, station.key, token, station.id]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise Wrong(f"{package} failed: {done.stderr[-1500:]}{done.stdout[-500:]}")
    expected, stored = json.loads(done.stdout.splitlines()[-1]), _stored(installation, station.id)
    missing = [values for values in expected if values not in stored]
    if missing or len(stored) != len(expected):
        raise Wrong(f"{package}: expected {expected}, stored {stored}")
    return f"{package}: {len(stored)} readings in PostgreSQL as sent, such as {stored[0]}"


def _stored(installation: Installation, sensor: str) -> list[dict[str, Any]]:
    """Read what the database holds of a sensor, beside the server."""
    command = [sys.executable, "-m", "sensorfusion", "shell", "-v", "0", "-c", _STORED.format(sensor)]
    done = subprocess.run(
        command, env=_beside(installation), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        raise Wrong(f"The database cannot be asked: {done.stderr[-1000:]}")
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _beside(installation: Installation) -> dict[str, str]:
    """Say which data directory, and so which database, without what this process has of its own."""
    ours = ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "SENSORFUSION_DATA": str(installation.directory / "data")}


def _token(installation: Installation) -> str:
    """Sign in for a token that speaks for many sensors."""
    body = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
    request = urllib.request.Request(
        f"{installation.url}/api/v1/auth/login/", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["token"])
