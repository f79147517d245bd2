"""Settings and poolers of real installations, with started processes: each works, or ends with one clear line."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests import pgbouncer
from tests.crash.conftest import Start
from tests.crash.platform import Platform, command, database_url
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

CASES = Path(__file__).parent / "deployment"
# What every line of the .env files comes to: the words of the refusal, or None if the platform must work with it.
OUTCOMES = {
    "ALLOWED_HOSTS=https://sensors.example.org,*.example.org": (
        "ALLOWED_HOSTS has 'https://sensors.example.org', which matches no request: "
        "write sensors.example.org, without the scheme. It has '*.example.org', which matches no request: "
        "write .example.org, which matches all names below example.org and itself."
    ),
    "DATABASE_URL=postgresql://user:pw@host:5432/database?options=-csearch_path%3Dpublic": None,
    "DATABASE_URL=postgresql://user:pw@host:5432/database?application_name=x&connect_timeout=3": None,
    "DATABASE_URL=postgresql://a,b:5432,5432/database?target_session_attrs=read-write": (
        "DATABASE_URL has the host '5432': write each host with its port, as in a:5432,b:5432."
    ),
    "DATABASE_URL=postgresql://user@/database?host=/var/run/postgresql&port=5433": None,
}
LINES = [line for file in sorted(CASES.glob("*.env")) for line in file.read_text().splitlines() if line]


def test_every_line_has_an_outcome() -> None:
    assert set(LINES) == OUTCOMES.keys()


@pytest.mark.parametrize("line", [line for line, outcome in OUTCOMES.items() if outcome])
@pytest.mark.parametrize("name", ["up", "doctor", "migrate"])
def test_useless_setting_ends_every_command_with_one_line(name: str, line: str, directory: Path) -> None:
    variable, _, value = line.partition("=")

    done = command(name, "--data", directory / "data", given={variable: value})

    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"sensorfusion: {OUTCOMES[line]}"]
    assert done.stdout == ""
    assert not (directory / "data").exists()


@pytest.fixture
def other_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The tests' database at the port 5433, with the directory of its socket; and its address without the query."""
    address, _, query = database_url().partition("?")
    place = dict(part.split("=") for part in query.split("&"))
    if not place["host"].startswith("/"):
        pytest.skip("the tests' database has no Unix socket")
    link = tmp_path_factory.mktemp("socket") / ".s.PGSQL.5433"
    link.symlink_to(Path(place["host"]) / f".s.PGSQL.{place.get('port', '5432')}")
    yield f"{address}?host={link.parent}&port=5433"
    link.unlink()


@pytest.mark.parametrize("line", [line for line, outcome in OUTCOMES.items() if outcome is None])
def test_address_of_the_database_works_with_its_parameters(
    line: str,
    data: Path,
    start: Start,
    other_port: str,
) -> None:
    _, _, query = line.partition("?")
    place = other_port if "port=" in query else f"{database_url()}&{query}"

    platform = start(data, given={"DATABASE_URL": place})

    key = _key(place, data)
    assert _send(platform, key, 21.4) == 200
    assert platform.get("/readyz").status_code == 200
    assert platform.stop() == 0


@pytest.mark.parametrize("arguments", [("up", "--port", "0"), ("worker",), ("migrate",), ("import_readings", "x.csv")])
def test_pgbouncer_in_transaction_mode_is_refused_by_every_command(
    arguments: tuple[str, ...],
    data: Path,
) -> None:
    with pgbouncer.running() as url:
        done = command(*arguments, "--data", data, given={"DATABASE_URL": url})

    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "a connection pooler that does not keep sessions, as in transaction mode" in line
    assert "pool_mode=session" in line


@pytest.mark.parametrize("arguments", [("migrate",), ("retention", "--dry-run"), ("rollups", "check")])
def test_database_that_is_away_ends_a_command_without_a_traceback(arguments: tuple[str, ...], directory: Path) -> None:
    done = command(
        *arguments, "--data", directory / "data", given={"DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/d"}
    )

    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("sensorfusion: The database does not answer. Start it, or correct DATABASE_URL: ")
    assert "Connection refused" in last
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stderr


def test_pgbouncer_in_transaction_mode_is_named_by_doctor(data: Path) -> None:
    with pgbouncer.running() as url:
        done = command("doctor", "--data", data, given={"DATABASE_URL": url})

    assert done.returncode == 1
    assert "✗ DATABASE_URL leads to a connection pooler that does not keep sessions" in done.stdout
    assert done.stderr == ""


def test_pgbouncer_in_session_mode_works(data: Path, start: Start) -> None:
    with pgbouncer.running(pool_mode="session") as url:
        said = command("doctor", "--data", data, given={"DATABASE_URL": url}).stdout
        platform = start(data, given={"DATABASE_URL": url})
        key = _key(url, data)
        with ThreadPoolExecutor(16) as threads:
            sent = [threads.submit(_send, platform, key, value / 10) for value in range(200)]
            shown = [threads.submit(platform.get, "/sign-in/") for _ in range(100)]
        statuses = {each.result() for each in sent}, {each.result().status_code for each in shown}
        assert platform.stop() == 0

    assert "✓ DATABASE_URL leads to a connection pooler in session mode" in said
    assert statuses == ({200}, {200})
    assert "The connection pooler gives 10 connections to a process: no more will be opened" in platform.said


def test_pgbouncer_in_session_mode_with_too_few_connections_is_refused(data: Path, redis_url: str) -> None:
    with pgbouncer.running(pool_mode="session") as url:
        done = command(
            "up", "--port", "0", "--workers", "2", "--data", data, given={"DATABASE_URL": url, "REDIS_URL": redis_url}
        )

    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "sensorfusion: The connection pooler at DATABASE_URL gives 5 connections to a process. "
        "Set default_pool_size in PgBouncer to 9, or better 18, for each process (--workers)."
    ]


def test_site_that_does_not_exist_ends_the_start_and_is_named_by_doctor(data: Path) -> None:
    site = "0f8fad5b-d9cb-469f-a165-70867728950e"
    given = {"DATABASE_URL": database_url(), "MQTT_URL": "mqtt://127.0.0.1:1", "MQTT_SITE": site}

    ended = command("up", "--port", "0", "--data", data, given=given)
    examined = command("doctor", "--data", data, given=given)

    said = f"MQTT_SITE is {site}, which is the id of no site"
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        f"sensorfusion: {said}. Copy it from the URL of the site's page, or unset MQTT_SITE."
    ]
    assert f"✗ {said}\n" in examined.stdout


@pytest.mark.redis
def test_redis_that_refuses_the_account_ends_the_start_and_is_named_by_doctor(data: Path, redis_url: str) -> None:
    given = {"DATABASE_URL": database_url(), "REDIS_URL": redis_url.replace("unix://", "unix://alice:s3cret@")}

    ended = command("up", "--port", "0", "--data", data, given=given)
    examined = command("doctor", "--data", data, given=given)

    assert ended.returncode == 2
    assert "Redis refuses the connection that REDIS_URL describes (" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "✗ Redis refuses the connection that REDIS_URL describes (" in examined.stdout
    assert "s3cret" not in ended.stderr + examined.stdout


def test_setting_with_a_misspelt_name_is_told_by_up_and_doctor(data: Path, start: Start) -> None:
    given = {"DATABASE_URL": database_url(), "ALLOWED_HOST": "sensors.example.org"}

    examined = command("doctor", "--data", data, given=given)
    platform = start(data, given=given)

    said = "ALLOWED_HOST is not a setting and has no effect"
    assert f"✗ {said}\n  → Write ALLOWED_HOSTS, if that is meant." in examined.stdout
    assert f"{said}. Write ALLOWED_HOSTS, if that is meant." in platform.said
    assert platform.stop() == 0


def _key(url: str, data: Path) -> str:
    """Create an operator and a sensor by the commands, and return the sensor's key."""
    given = {"DATABASE_URL": url, "SENSORFUSION_DATA": str(data)}
    name = f"{os.urandom(4).hex()}@example.org"
    made = command("create_operator", "--email", name, "--password-stdin", given=given, words="correct horse battery\n")
    assert made.returncode == 0, made.stderr
    sensor = command("add_sensor", "--operator", name, "--name", "Orchard", given=given)
    assert sensor.returncode == 0, sensor.stderr
    return str(json.loads(sensor.stdout)["key"])


def _send(platform: Platform, key: str, value: float) -> int:
    answer = httpx2.post(
        f"{platform.url}/api/v1/readings",
        headers={"Authorization": f"Bearer {key}"},
        json={"values": {"temperature": value}},
        timeout=PATIENCE_S,
    )
    return answer.status_code
