"""The comparison with other programs runs, at a scale too small for measurements, with what is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.peers.__main__ import PARTS, PROGRAMS
from benchmarks.peers.victoriametrics import VictoriaMetrics
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
SAID = {
    "writing": "One reading per POST",
    "reading": "Asked of 3,000 readings",
    "watching": "A reading to 20 connections",
}


@pytest.mark.crash
@pytest.mark.parametrize("part", PARTS)
def test_every_installed_program_is_measured_and_every_other_is_named(part: str) -> None:
    done = _run(part, "--scale", "tiny")

    assert done.returncode == 0, done.stdout + done.stderr
    table = done.stdout.partition(SAID[part])[2]
    assert table.count("SensorFusion") > 1
    if part != "watching":  # where the databases do not take part
        for program in PROGRAMS:
            assert program.name in table or f"{program.name}: not measured, " in done.stdout


def test_part_that_there_is_not_is_refused_with_those_there_are() -> None:
    done = _run("sleeping")

    assert done.returncode == 2
    assert "there is no part sleeping; there are writing, reading, watching" in done.stderr


def test_program_that_is_not_installed_says_which_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.peers.victoriametrics.PROGRAM", None)

    assert VictoriaMetrics.missing() == "the package victoria-metrics is not installed"


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.peers", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=PATIENCE_S,
    )
