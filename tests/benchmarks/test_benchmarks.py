"""Every benchmark runs, at a scale too small for measurements."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
SAID = {
    "single": "One reading per POST",
    "batch": "Batches of 1,000",
    "doors": "Readings by each door",
    "fanout": "Many readings at once",
    "latency": "Milliseconds from a POST",
    "memory": "idle sockets",
    "idle": "A server without anything to do",
    "chart": "GET …/sensors/<id>/…",
    "explore": "GET /api/v1/explore",
    "history": "Sent to a full database and to an empty one",
    "threshold": "Storing a group",
    "mqtt": "One reading per MQTT message",
    "alerts": "Alert rules",
    "preview": "Rules tried on",
}


@pytest.mark.crash
def test_every_benchmark_runs_and_shows_its_table() -> None:
    done = _run(*NAMES, "--scale", "tiny")

    assert done.returncode == 0, done.stdout + done.stderr
    assert [name for name in NAMES if SAID[name] not in done.stdout] == []
    assert "| what " in done.stdout.partition("Results against requirements")[2]


def test_name_of_no_benchmark_is_refused_with_the_names_there_are() -> None:
    done = _run("doubles")

    assert done.returncode == 2
    assert "there is no benchmark doubles; there are single, " in done.stderr


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=PATIENCE_S,
    )
