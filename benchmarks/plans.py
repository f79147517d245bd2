"""PostgreSQL's plans for the read API: EXPLAIN (ANALYZE, BUFFERS) of the longest query of each request.

Runs in a process of its own, whose Django is set up for the measured database.
"""

import subprocess
import sys
from collections.abc import Sequence

import msgspec

from benchmarks.stand import ROOT, Database, Failed, Stand

LONGEST_LINE = 200


class Task(msgspec.Struct, frozen=True):
    """The other process's input: the operator's token, and paths by name."""

    token: str
    asked: dict[str, str]


def show(stand: Stand, database: Database, asked: dict[str, str]) -> None:
    """Print the plan of the longest query of each path."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.plans"],
        input=msgspec.json.encode(Task(stand.cast.token, asked)),
        env={**stand.environment(database.url), "DJANGO_SETTINGS_MODULE": "sensorfusion.config.settings"},
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise Failed("The plans could not be read.")


def _main() -> None:
    import django

    django.setup()
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    for name, path in task.asked.items():
        print(f"\n── {name}: GET {path}", flush=True)
        print("\n".join(_plan(path, task.token)), flush=True)


def _plan(path: str, token: str) -> Sequence[str]:
    """Request once to warm up, once to find the query that takes longest, and explain that one."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {token}"})
    if client.get(path).status_code != 200:
        raise Failed(f"{path} was not answered.")
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    longest = max(captured.captured_queries, key=lambda query: float(query["time"]))["sql"]
    with connection.cursor() as cursor:
        # Without parameters: they are already in the text, where a % is literal.
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {longest}")
        lines = [str(row[0]) for row in cursor.fetchall()]
    return [line if len(line) < LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in lines]


if __name__ == "__main__":
    _main()
