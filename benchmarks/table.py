"""Formats figures: medians with their extremes, tables, and the lines of the final comparison."""

import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median

import psutil

HEAD = ("what", "at least", "goal", "measured", "ratio", "verdict")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the final table. `verdict` compares with "at least"; None where nothing is required."""

    what: str
    least: str
    goal: str
    measured: str
    ratio: str
    verdict: bool | None

    def cells(self) -> tuple[str, ...]:
        mark = {True: "✓", False: "✗", None: "–"}[self.verdict]
        return self.what, self.least, self.goal, self.measured, self.ratio, mark


def spread(values: Sequence[float], form: str = ",.0f") -> str:
    """Return a median with the lowest and the highest value."""
    if not values:
        return "–"
    low, high = min(values), max(values)
    middle = format(median(values), form)
    return middle if len(values) == 1 else f"{middle} ({low:{form}}–{high:{form}})"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Divide pair by pair: the two of a pair ran one right after the other, under the same conditions."""
    return [one / other for one, other in zip(ours, theirs, strict=True) if other]


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that `share` of the ordered values do not exceed."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table that is readable in a terminal too."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (head, *rows)
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print(f"\n{title}\n\n{markdown(head, rows)}\n", flush=True)


def circumstances() -> str:
    """Return when and on which machine and versions this was measured."""
    names = ("uvicorn", "uvloop", "psycopg", "django")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_revision()}, {psutil.cpu_count()} cores, "
        f"load {' '.join(f'{load:.1f}' for load in psutil.getloadavg())}, "
        f"Python {platform.python_version()}, {versions}"
    )


def _revision() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "no revision"
