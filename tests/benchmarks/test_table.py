"""Figures are written as medians with their extremes."""

from benchmarks.bodies import BYTES, instants, reading, singles
from benchmarks.table import markdown, percentile, ratios, spread


def test_spread_shows_the_median_between_the_extremes() -> None:
    assert spread([3.0, 1.0, 2.0], ".1f") == "2.0 (1.0–3.0)"


def test_spread_of_one_value_is_the_value() -> None:
    assert spread([1234.5]) == "1,234"


def test_ratios_are_taken_pair_by_pair() -> None:
    assert ratios([1.0, 4.0], [2.0, 2.0]) == [0.5, 2.0]


def test_percentile_is_a_value_that_was_seen() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.99) == 4.0


def test_table_is_markdown_that_lines_up() -> None:
    assert markdown(("a", "long"), [("1", "2")]).splitlines() == ["| a | long |", "|---|------|", "| 1 | 2    |"]


def test_readings_are_175_bytes_and_never_of_the_same_instant() -> None:
    clock = instants()
    first, second = (reading(next(clock)) for _ in range(2))

    assert len(first) == len(second) == BYTES == 175
    assert first < second


def test_requests_take_turns_among_the_sensors() -> None:
    requests = singles(["one", "two"])

    heads = [next(requests).partition(b"\r\n\r\n")[0] for _ in range(3)]

    assert heads[0] == heads[2] != heads[1]
