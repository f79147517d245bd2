"""Progress of long operations: a bar on a terminal, a line every 10 s in a log."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

LINE_EVERY_S = 10.0

Step = Callable[[int, int], None]  # position (of the total), rows processed so far


@contextlib.contextmanager
def progress(
    title: str,
    *,
    total: int,
    unit: str = "rows",
    to: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Step]:
    """Yield the function to report progress with; `total` is 0 when it is unknown."""
    stream = to or sys.stderr
    if not stream.isatty():
        yield _Lines(title, total, unit, stream, clock)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} " + unit),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task(title, total=total or None, rows=0)
        yield lambda position, rows: bar.update(task, completed=position, rows=rows)


class _Lines:
    def __init__(self, title: str, total: int, unit: str, stream: TextIO, clock: Callable[[], float]) -> None:
        self._title = title
        self._total = total
        self._unit = unit
        self._stream = stream
        self._clock = clock
        self._next = clock() + LINE_EVERY_S

    def __call__(self, position: int, rows: int) -> None:
        if self._clock() < self._next:
            return
        self._next = self._clock() + LINE_EVERY_S
        share = f" ({min(position / self._total, 1):.0%})" if self._total else ""
        print(f"{self._title}: {rows:,} {self._unit}{share}", file=self._stream, flush=True)
