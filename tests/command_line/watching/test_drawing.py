"""How a board looks in a terminal."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from sensorfusion.clients.python.sensorfusion_reader import Latest
from sensorfusion.command_line.watching.drawing import board
from sensorfusion.command_line.watching.tiles import Tile

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def tile(name: str, values: dict[str, Any], *, state: str = "live", age_s: float = 4) -> Tile:
    row = {"id": name, "name": name, "quantities": {}, "kind": "", "primary_quantity": ""}
    made = Tile.of(row, "Europe/Warsaw")
    made.take(Latest(name, state, 1, NOW - timedelta(seconds=age_s), values))
    return made


def drawn(*tiles: Tile, width: int = 80, away_since: datetime | None = None) -> str:
    console = Console(file=StringIO(), width=width)
    console.print(board(tiles, now=NOW, system="metric", away_since=away_since))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text.replace("\u00a0", " ")


def test_two_tiles_are_beside_each_other_in_eighty_columns() -> None:
    text = drawn(tile("Freezer", {"temperature": -21.14}), tile("Door", {"contact": True}))

    assert text.startswith("2 sensors, all reporting")
    assert "Freezer" in text.splitlines()[1]
    assert "Door" in text.splitlines()[1]
    assert "−21.1 °C" in text
    assert "Live, 4 s ago" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_long_names_and_many_values_stay_within_the_terminal(width: int) -> None:
    values = {f"channel_{number}": 1234.5678 * number for number in range(30)}

    text = drawn(*(tile(f"{'A very long name ' * 8}{number}", values) for number in range(5)), width=width)

    assert max(map(len, text.splitlines())) <= width


def test_the_line_of_the_last_hours_has_its_gaps() -> None:
    made = tile("Mast", {"temperature": 3.0})
    made.hours = [1.0, None, 2.0]

    assert "▁ █ 24 h" in drawn(made)


def test_what_does_not_report_is_counted_and_told() -> None:
    text = drawn(tile("Mast", {"temperature": 3.0}, state="offline", age_s=9_000), tile("Shed", {"temperature": 4.0}))

    assert text.startswith("2 sensors, 1 not reporting")
    assert "No data since 05:00" in text


def test_a_server_that_is_away_is_no_fault_of_the_sensors() -> None:
    text = drawn(tile("Mast", {"temperature": 3.0}), away_since=NOW)

    assert text.startswith("The server cannot be reached since ")
    assert "reporting" not in text


@pytest.mark.parametrize(("age_s", "said"), [(0, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (7_300, "2 h ago")])
def test_ages_are_in_one_unit(age_s: float, said: str) -> None:
    assert f"Live, {said}" in drawn(tile("Mast", {"temperature": 3.0}, age_s=age_s))


def test_nothing_to_watch_is_said() -> None:
    assert drawn().strip() == "There is no sensor to watch."
