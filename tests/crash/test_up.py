"""Starting, stopping and killing the platform."""

import os
import re
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import psycopg
import pytest

from sensorfusion.postgres.embedded import EmbeddedPostgres
from tests.crash.conftest import Start, eventually
from tests.crash.platform import Platform, command, postmaster, processes_on

pytestmark = pytest.mark.crash


def leave_a_mark(data: Path) -> None:
    url = EmbeddedPostgres(data).running_url()
    assert url
    with psycopg.connect(url) as link:
        link.execute("CREATE TABLE mark (word text)")
        link.execute("INSERT INTO mark VALUES ('here')")


def mark(data: Path) -> str:
    url = EmbeddedPostgres(data).running_url()
    assert url
    with psycopg.connect(url) as link:
        row = link.execute("SELECT word FROM mark").fetchone()
    assert row
    return str(row[0])


def answers(platform: Platform, path: str, status: int) -> bool:
    try:
        return platform.get(path).status_code == status
    except httpx2.HTTPError:
        return False


def test_first_start_makes_everything_and_says_so(directory: Path, start: Start) -> None:
    platform = start(directory / "data")

    assert platform.get("/readyz").json()["code"] == "ready"
    assert "PostgreSQL 18 created its database and started in" in platform.said
    assert "Database made in " in platform.said
    assert "Static files collected in" in platform.said
    assert platform.lines[-1] == f"Ready: {platform.url}/"
    assert (directory / "data" / "secret_key").stat().st_mode & 0o077 == 0
    assert (directory / "data").stat().st_mode & 0o066 == 0


def test_new_installation_prints_the_code_that_makes_its_administrator(directory: Path, start: Start) -> None:
    platform = start(directory / "data")
    [(address, code)] = re.findall(r"New installation: open (\S+) and enter the code (\S+) to make", platform.said)
    assert address == f"{platform.url}/set-up/"

    with httpx2.Client(base_url=platform.url, follow_redirects=True) as browser:
        page = browser.get("/")
        assert page.url.path == "/set-up/"
        form = {"code": code, "email": "ada@example.org", "password": "a long enough one"}
        token = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="(\w+)"', page.text))
        made = browser.post("/set-up/", data=form | token, headers={"Referer": f"{platform.url}/set-up/"})
        assert made.url.path == "/"
        assert browser.get("/administration/").status_code == 200
    platform.stop()

    assert "New installation" not in start(directory / "data").said


def test_no_other_account_can_read_a_file_of_the_platform(directory: Path, start: Start) -> None:
    data = directory / "data"
    (data / "spool" / "imports").mkdir(parents=True)
    (data / "spool" / "imports" / "older.upload").write_text("uploaded before the spool was private")
    data.chmod(0o701)  # as the account of the database may need it

    platform = start(data)
    registered = {"email": "ada@example.org", "password": "a long enough one", "site": "Orchard"}
    token = httpx2.post(f"{platform.url}/api/v1/auth/register/", json=registered).json()["token"]
    sites = httpx2.get(f"{platform.url}/api/v1/sites/", headers={"Authorization": f"Bearer {token}"}).json()
    name = sites["results"][0]["name"]
    done = command("export_site", name, "-o", directory / "site.zip", given={"SENSORFUSION_DATA": str(data)})
    assert done.returncode == 0, done.stderr

    assert (data / "spool").stat().st_mode & 0o077 == 0
    others = [path for path in data.iterdir() if path.name != "static" and path.stat().st_mode & 0o077]
    assert others == []
    assert (directory / "site.zip").stat().st_mode & 0o077 == 0


def test_second_start_has_nothing_left_to_do(data: Path, start: Start) -> None:
    start(data).stop()

    platform = start(data)

    assert "made its database" not in platform.said
    assert "Database made" not in platform.said
    assert "brought up to date" not in platform.said
    assert "collected" not in platform.said


def test_sigterm_stops_everything_and_leaves_no_process(data: Path, start: Start) -> None:
    platform = start(data)

    assert platform.stop() == 0

    assert platform.lines[-1] == "Stopped."
    assert processes_on(data) == []
    assert (data / "postgres.log").read_text().rstrip().endswith("database system is shut down")


def test_ctrl_c_in_a_terminal_reaches_postgresql_last(data: Path, start: Start) -> None:
    platform = start(data)

    assert platform.stop(signal.SIGINT, everybody=True) == 0

    assert platform.lines[-1] == "Stopped."
    assert "Traceback" not in platform.said
    assert processes_on(data) == []


def test_second_platform_on_the_same_data_is_refused(data: Path, start: Start) -> None:
    platform = start(data)

    refused = command("up", "--port", "0", "--data", data)

    assert refused.returncode == 1
    assert f"already running on {data} (process {platform.process.pid}, running since 20" in refused.stderr
    assert answers(platform, "/readyz", 200)


def test_killed_platform_leaves_no_process_and_starts_again_with_its_data(data: Path, start: Start) -> None:
    platform = start(data)
    leave_a_mark(data)

    platform.kill()

    # Immediately, before PostgreSQL has noticed its parent's death: the next start waits for it.
    again = start(data)
    assert mark(data) == "here"
    assert again.stop() == 0
    assert processes_on(data) == []


def test_postgresql_of_a_killed_platform_ends_by_itself(data: Path, start: Start) -> None:
    start(data).kill()

    assert eventually(lambda: processes_on(data) == [])


def test_killed_postgresql_is_started_again(data: Path, start: Start) -> None:
    platform = start(data)
    leave_a_mark(data)
    killed = postmaster(data)

    killed.kill()

    assert eventually(lambda: answers(platform, "/readyz", 503))
    assert eventually(lambda: answers(platform, "/readyz", 200))
    assert postmaster(data).pid != killed.pid
    assert mark(data) == "here"


def test_number_of_a_dead_server_that_somebody_else_has_now_is_no_obstacle(data: Path, start: Start) -> None:
    start(data).stop()
    left = f"{os.getpid()}\n{data}/postgres\n1700000000\n5432\n{data}/socket\n\n  1 1\nready   \n"
    (data / "postgres" / "postmaster.pid").write_text(left)
    (data / "socket").mkdir(mode=0o700, exist_ok=True)
    (data / "socket" / ".s.PGSQL.5432.lock").write_text(left)

    platform = start(data)

    assert answers(platform, "/readyz", 200)


def test_data_directory_with_a_long_name_works(directory: Path, start: Start, collected: Path) -> None:
    data = directory / ("long" * 30)
    shutil.copytree(collected, data / "static", copy_function=shutil.copy2)

    platform = start(data)

    assert answers(platform, "/readyz", 200)
    assert command("showmigrations", "--data", data, "sensors").returncode == 0
    assert platform.stop() == 0


def test_hosts_that_start_at_once_share_a_database(data: Path, start: Start, collected: Path) -> None:
    shared = EmbeddedPostgres(data.parent / "shared", durable=False)
    given = {"DATABASE_URL": shared.start()}
    other = data.parent / "other"
    shutil.copytree(collected, other / "static", copy_function=shutil.copy2)
    try:
        with ThreadPoolExecutor() as hosts:
            platforms = list(hosts.map(lambda each: start(each, given=given), [data, other]))

        assert all(answers(platform, "/readyz", 200) for platform in platforms)
        assert sum("Database made" in platform.said for platform in platforms) == 1
        assert not (data / "postgres").exists()
        assert [platform.stop() for platform in platforms] == [0, 0]
    finally:
        shared.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="already an ordinary user")
@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs setpriv to become an ordinary user")
def test_ordinary_user_needs_no_account_made(data: Path, start: Start) -> None:
    for each in (data.parent, data):
        shutil.chown(each, "nobody", "nogroup")
    for each in (data / "static").rglob("*"):
        shutil.chown(each, "nobody", "nogroup")
    shutil.chown(data / "static", "nobody", "nogroup")
    # The interpreter may be in a directory of root's, which only this capability can open.
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]

    platform = start(data, prefix=["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *reading])

    assert answers(platform, "/readyz", 200)
    assert {process.username() for process in processes_on(data)} == {"nobody"}
    assert "to traverse" not in platform.said
    assert platform.stop() == 0


@pytest.mark.redis
def test_workers_of_a_killed_supervisor_end_by_themselves(data: Path, start: Start, redis_url: str) -> None:
    platform = start(data, "--workers", "2", given={"REDIS_URL": redis_url})
    assert answers(platform, "/readyz", 200)

    platform.kill()

    assert eventually(lambda: processes_on(data) == [])
    assert eventually(lambda: not answers(platform, "/healthz", 200))


@pytest.mark.redis
def test_several_workers_stop_cleanly(data: Path, start: Start, redis_url: str) -> None:
    platform = start(data, "--workers", "2", given={"REDIS_URL": redis_url})

    assert platform.stop() == 0
    assert platform.lines[-1] == "Stopped."
    assert processes_on(data) == []


@pytest.mark.redis
def test_one_scrape_shows_the_counts_of_all_workers(data: Path, start: Start, redis_url: str) -> None:
    platform = start(data, "--workers", "2", given={"REDIS_URL": redis_url})

    assert eventually(lambda: set(re.findall(r'worker="(\d)"', platform.get("/metrics").text)) == {"1", "2"})
    assert platform.stop() == 0
    assert platform.lines[-1] == "Stopped."
