"""How PostgreSQL carries out what the read API asks: EXPLAIN (ANALYZE, BUFFERS) of the longest query of each answer.

Runs in a process of its own, whose Django is set up for the database that is measured.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from benchmarks.stand import ROOT, Database, Failed, Sensor

Asked = tuple[str, Sequence[str], timedelta]


class Task(msgspec.Struct, frozen=True):
    """What the other process is told."""

    sensor: int
    end: datetime
    asked: list[tuple[str, list[str], float]]


def show(database: Database, sensor: Sensor, asked: Sequence[Asked], end: datetime) -> None:
    """Print the plan of each main query."""
    told = [(what, list(quantities), span.total_seconds()) for what, quantities, span in asked]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.plans"],
        input=msgspec.json.encode(Task(sensor.id, end, told)),
        env={**os.environ, "DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": "sensorfusion.config.settings"},
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise Failed("The plans could not be had.")


def _main() -> None:
    import django

    django.setup()
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    for what, quantities, span_s in task.asked:
        span = timedelta(seconds=span_s)
        print(f"\n── {what}, {len(quantities)} quantities, {span.total_seconds() / 86400:,.0f} d", flush=True)
        print(_plan(_question(task, what, quantities, span)), flush=True)


def _question(task: Task, what: str, quantities: list[str], span: timedelta) -> Callable[[], object]:
    from sensorfusion.readings import climate
    from sensorfusion.readings.series import series
    from sensorfusion.sensors.models import Sensor as Known

    sensor, today = Known.objects.select_related("site").get(pk=task.sensor), task.end.date()
    match what:
        case "records":
            return lambda: climate.dated_records(sensor, quantities, today=today)
        case "climate":
            return lambda: climate.month(sensor, quantities, year=today.year, number=today.month, today=today)
        case _:
            return lambda: series(
                sensor=sensor.pk, quantities=quantities, start=task.end - span, end=task.end, points=1_000
            )


def _plan(question: Callable[[], Any]) -> str:
    """Ask once to warm up, once to see which query takes longest, and explain that one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    question()
    with CaptureQueriesContext(connection) as captured:
        question()
    longest = max(captured.captured_queries, key=lambda query: float(query["time"]))["sql"]
    with connection.cursor() as cursor:
        # Without parameters: the text has them already, and a % in it is one.
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {longest}")
        lines = [str(row[0]) for row in cursor.fetchall()]
    return "\n".join(line if len(line) < 200 else f"{line[:200]}…" for line in lines)


if __name__ == "__main__":
    _main()
