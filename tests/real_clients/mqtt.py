"""Programs that publish, unchanged, through a Mosquitto that lets in whom our files name: mosquitto_pub,
tb-mqtt-client's gateway, and what rtl_433 makes of a weather station's transmission.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sensorfusion.sensors.keys.secrets import broker_hash
from tests.mosquitto import PROGRAM, Mosquitto, running
from tests.real_clients.installation import ROOT, Installation, Station, Wrong, environment

PROGRAMS = Path(__file__).parent / "programs"
OWN, GATEWAY = ("sensorfusion", "the platform's own"), ("gateway", "of many devices")
WITHIN_S = 20.0
# A Nexus thermometer: id 5a, battery good, channel 1, 21.0 °C, 55 %; a transmission repeats itself.
TRANSMISSION = "{36}5a80d2f37" * 5
_PREPARE = """
import json
from sensorfusion.sensors.models import Sensor
for uuid, name in json.loads({names!r}).items():
    sensor = Sensor.objects.get(uuid=uuid)
    sensor.external_id = name
    sensor.save()
print(Sensor.objects.first().site.uuid)
"""


def check(_: Installation) -> list[str]:
    """Run every program against an installation and a broker of their own; return what was seen, a line each.

    :raises Wrong: when a client failed, or something else was stored than it sent.
    """
    if not PROGRAM or not shutil.which("mosquitto_pub"):
        return ["MQTT: not run, there is no Mosquitto (apt install mosquitto mosquitto-clients)"]
    guarded = ("allow_anonymous false", "password_file {directory}/passwords", "acl_file {directory}/access")
    with running(*guarded) as broker, tempfile.TemporaryDirectory(prefix="sensorfusion-clients-") as directory:
        return _check(broker, Installation(Path(directory)))


def _check(broker: Mosquitto, installation: Installation) -> list[str]:
    beside = installation._environment
    beside["MQTT_URL"] = f"mqtt://{OWN[0]}:{OWN[1].replace(' ', '%20')}@127.0.0.1:{broker.port}"
    with installation.running():
        installation.operator()
        stations = {name: installation.station(name) for name in ("Roof", "Shed", "Cellar", "Nexus")}
        names = {stations["Nexus"].id: "rtl_433/Nexus-TH/90/1"}
        beside["MQTT_SITE"] = _said(installation, "shell", "-v", "0", "-c", _PREPARE.format(names=json.dumps(names)))
    _let_in(broker, installation)
    with installation.running():
        return [
            _mosquitto_pub(broker, installation, stations["Roof"]),
            _thingsboard(broker, installation, stations["Cellar"]),
            _rtl_433(broker, installation, stations["Nexus"]),
        ]


def _let_in(broker: Mosquitto, installation: Installation) -> None:
    """Write the broker's files by our command, with an account for a gateway beside the sensors' own."""
    user, password = GATEWAY
    (broker.directory / "passwords.local").write_text(f"{user}:{broker_hash(password)}\n")
    (broker.directory / "access.local").write_text(
        f"user {user}\ntopic readwrite v1/gateway/#\ntopic write rtl_433/#\n"
    )
    _said(installation, "mqtt_access", "--out", str(broker.directory))
    broker.reload()


def _mosquitto_pub(broker: Mosquitto, installation: Installation, station: Station) -> str:
    topic = f"sf/v1/{station.id}/readings"
    _publish(broker, station.key[:11], station.key, topic, '{"temperature": 21.4, "humidity": 60}')
    _stored(installation, station, {"temperature": 21.4, "humidity": 60})
    return "mosquitto_pub, with a sensor's key: stored as sent"


def _thingsboard(broker: Mosquitto, installation: Installation, station: Station) -> str:
    python = environment("thingsboard", "tb-mqtt-client==1.13.14", "setuptools<81") / "python"
    program: list[str | Path] = [python, PROGRAMS / "thingsboard_gateway.py", str(broker.port), *GATEWAY]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        raise Wrong(f"tb-mqtt-client failed: {done.stderr[-1500:]}")
    _stored(installation, station, {"temperature": 9.5, "humidity": 58})
    return "tb-mqtt-client's gateway: stored as sent, for two devices"


def _rtl_433(broker: Mosquitto, installation: Installation, station: Station) -> str:
    program = shutil.which("rtl_433")
    if not program:
        return "rtl_433: not run, it is not installed (apt install rtl-433)"
    heard = subprocess.run(
        [program, "-R", "19", "-F", "json", "-y", TRANSMISSION], capture_output=True, text=True, check=True, timeout=20
    )
    _publish(broker, *GATEWAY, "rtl_433/attic/events", heard.stdout.strip())
    _stored(installation, station, {"temperature": 21.0, "humidity": 55})
    return "rtl_433, what it makes of a transmission: stored as heard"


def _publish(broker: Mosquitto, user: str, password: str, topic: str, payload: str) -> None:
    where = ["-h", "127.0.0.1", "-p", str(broker.port), "-q", "1", "-u", user, "-P", password]
    done = subprocess.run(
        ["mosquitto_pub", *where, "-t", topic, "-m", payload], capture_output=True, text=True, check=False, timeout=20
    )
    if done.returncode:
        raise Wrong(f"mosquitto_pub failed: {done.stderr}")


def _stored(installation: Installation, station: Station, expected: dict[str, Any]) -> None:
    """Wait until the newest values are those expected."""
    _wait(lambda: expected.items() <= _latest(installation, station).items(), f"{expected} is not stored")


def _latest(installation: Installation, station: Station) -> dict[str, Any]:
    try:
        return installation.latest(station)
    except OSError:  # nothing of it is stored yet
        return {}


def _wait(claim: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not claim():
        if time.monotonic() > deadline:
            raise Wrong(otherwise)
        time.sleep(0.5)


def _said(installation: Installation, *words: str) -> str:
    """Run one of our commands and return the last line it says."""
    done = subprocess.run(
        [sys.executable, "-m", "sensorfusion", *words],
        env=installation._environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise Wrong(f"{words[0]} failed: {done.stderr[-1000:]}")
    return done.stdout.splitlines()[-1] if done.stdout.strip() else ""
