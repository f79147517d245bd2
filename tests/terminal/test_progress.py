"""Progress is reported by a bar on a terminal and by occasional lines in a log."""

import io

from sensorfusion.terminal.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_line_every_ten_seconds() -> None:
    log = io.StringIO()
    times = iter([0.0, 9.0, 10.0, 10.0, 15.0, 20.5, 20.5])

    with progress("Importing", total=200, to=log, clock=lambda: next(times)) as step:
        for position in (25, 50, 75, 100):
            step(position, position * 1000)

    assert log.getvalue().splitlines() == ["Importing: 50,000 rows (25%)", "Importing: 100,000 rows (50%)"]


def test_short_work_says_nothing_in_a_log() -> None:
    log = io.StringIO()

    with progress("Importing", total=0, to=log) as step:
        step(1, 1)

    assert log.getvalue() == ""


def test_a_terminal_gets_a_bar_that_goes_away() -> None:
    terminal = Terminal()

    with progress("Importing", total=2, to=terminal) as step:
        step(1, 5000)

    assert "5,000 rows" in terminal.getvalue()
