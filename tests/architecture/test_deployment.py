"""The deployment files agree with the platform and with each other; checked without a container engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sensorfusion.config.env import Environment, read

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
# The part of the Compose specification that these services may use.
SERVICE_KEYS = {
    "build",
    "command",
    "depends_on",
    "environment",
    "healthcheck",
    "image",
    "ports",
    "profiles",
    "restart",
    "shm_size",
    "stop_grace_period",
    "user",
    "volumes",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return loaded


def text(name: str) -> str:
    return (DEPLOY / name).read_text()


def test_compose_has_only_what_the_specification_knows(compose: dict[str, Any]) -> None:
    assert compose.keys() <= {"name", "services", "volumes"}
    for service in compose["services"].values():
        assert service.keys() <= SERVICE_KEYS
        assert ("image" in service) != ("build" in service)
        assert service["restart"] == "unless-stopped"


def test_services_wait_for_what_says_that_it_is_healthy(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for needed, how in services["app"]["depends_on"].items():
        assert how == {"condition": "service_healthy"}
        assert services[needed]["healthcheck"]["test"]


def test_named_volumes_are_declared_and_used(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    files = {name for name in used if name.startswith("./")}

    assert used - files == compose["volumes"].keys()
    assert [name for name in files if not (DEPLOY / name).is_file()] == []


def test_platform_knows_every_variable_that_compose_sets(compose: dict[str, Any]) -> None:
    known = {field.metadata["variable"] for field in Environment.__dataclass_fields__.values()}

    for service in ("app", "mqtt-access"):
        assert compose["services"][service]["environment"].keys() <= known


def test_platform_accepts_what_compose_sets(compose: dict[str, Any]) -> None:
    environment = compose["services"]["app"]["environment"]
    given = {name: re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)\}", r"\1", value) for name, value in environment.items()}

    settings = read({**given, "PUBLIC_URL": "https://sensors.example.org"})

    assert settings.redis_url == "redis://redis:6379/0"
    assert settings.allowed_hosts == ("localhost", "127.0.0.1")


def test_secrets_come_from_outside(compose: dict[str, Any]) -> None:
    required = set(re.findall(r"\$\{(\w+):\?", text("compose.yaml")))
    offered = set(re.findall(r"^(\w+)=", text("env.example"), re.MULTILINE))

    assert {"SECRET_KEY", "POSTGRES_PASSWORD"} <= required <= offered
    assert re.findall(r"^(?:SECRET_KEY|POSTGRES_PASSWORD)=(.+)", text("env.example"), re.MULTILINE) == []


def test_nothing_is_published_to_the_world(compose: dict[str, Any]) -> None:
    assert compose["services"]["app"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]
    assert compose["services"]["mosquitto"]["ports"] == ["${MQTT_HOST:-127.0.0.1}:1883:1883"]
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["app", "mosquitto"]


def test_the_broker_comes_only_with_its_profile(compose: dict[str, Any]) -> None:
    asked_for = [name for name, service in compose["services"].items() if "profiles" in service]

    assert asked_for == ["mosquitto", "mqtt-access"]
    assert compose["services"]["mosquitto"]["user"].split(":")[0] in text("Dockerfile").split("--uid ")[1].split()[0]


def test_image_copies_what_exists_and_runs_as_an_ordinary_user() -> None:
    stages = text("Dockerfile").split("\nFROM ")
    sources = re.findall(r"^COPY (?!--from)(.+) \S+$", stages[0], re.MULTILINE)

    assert [path for line in sources for path in line.split() if not (ROOT / path).exists()] == []
    assert "USER sensorfusion" in stages[-1]
    assert "HEALTHCHECK" in stages[-1]
    assert "/readyz" in stages[-1]


def test_everything_the_image_copies_reaches_the_builder() -> None:
    let_in = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.MULTILINE)

    assert sorted(path for line in copied for path in line.split()) == sorted(let_in)


@pytest.mark.parametrize("proxy", ["Caddyfile", "nginx.conf"])
def test_proxies_keep_metrics_inside(proxy: str) -> None:
    assert re.search(r"/metrics\b[\s\S]*\b404\b", text(proxy))


def test_nginx_passes_sockets_and_visitors_on() -> None:
    for header in ("Upgrade", "Connection", "Host", "X-Forwarded-For", "X-Forwarded-Proto"):
        assert f"proxy_set_header {header} " in text("nginx.conf")


def test_service_gives_the_platform_time_to_stop() -> None:
    unit = text("sensorfusion.service")

    assert "KillMode=mixed" in unit
    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) >= 60
