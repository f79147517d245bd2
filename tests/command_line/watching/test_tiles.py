"""What a tile says of a sensor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.clients.python.sensorfusion_reader import Latest
from sensorfusion.command_line.watching.tiles import HOURS, Tile, by_hour

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def tile(values: dict[str, Any], *, state: str = "live", flags: dict[str, int] | None = None, **told: Any) -> Tile:
    row = {"id": "1", "name": "Mast", "quantities": {}, "kind": "", "primary_quantity": "", **told}
    made = Tile.of(row, "Europe/Warsaw")
    made.take(Latest("1", state, 7, NOW - timedelta(minutes=5), values, flags or {}))
    return made


def plain(texts: list[str]) -> list[str]:
    return [each.replace("\u00a0", " ") for each in texts]


def test_values_are_in_the_units_of_the_reader() -> None:
    made = tile({"temperature": -21.14, "humidity": 55.0})

    assert made.headline("metric") == ("−21.1", "°C")
    assert made.headline("us") == ("−6", "°F")
    assert plain(made.others("metric")) == ["Humidity 55 %"]


def test_the_owner_s_choices_are_kept() -> None:
    settings = {"probe_1": {"label": "Glycol", "unit": "Cel"}, "humidity": {"hidden": True}}
    made = tile(
        {"temperature": 4.0, "humidity": 55.0, "probe_1": 3.52}, quantities=settings, primary_quantity="probe_1"
    )

    assert made.main == "probe_1"
    assert made.label("probe_1") == "Glycol"
    assert plain(made.others("metric")) == ["Temperature 4.0 °C"]


def test_a_state_is_a_word_and_a_battery_is_not_shown() -> None:
    made = tile({"contact": True, "battery": 80.0}, kind="contact")

    assert (made.headline("metric"), made.others("metric")) == (("open", ""), [])


@pytest.mark.parametrize(("flag", "shown"), [(1, "21.4"), (2, "21.4"), (3, "21.4?"), (4, "21.4?")])
def test_a_doubtful_value_is_marked(flag: int, shown: str) -> None:
    assert tile({"temperature": 21.4}, flags={"temperature": flag}).headline("metric")[0] == shown


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("live", ""),
        ("late", "Late, last at 07:25"),
        ("offline", "No data since 07:25"),
        ("paused", "Paused, last at 07:25"),
    ],
)
def test_what_is_not_fresh_is_said_as_on_the_pages(state: str, why: str) -> None:
    assert tile({"temperature": 21.4}, state=state).why(NOW) == why


def test_a_sensor_without_readings_waits() -> None:
    row = {"id": "1", "name": "Mast", "quantities": {}, "kind": "weather", "primary_quantity": ""}
    made = Tile.of(row, "Europe/Warsaw")
    made.take(Latest("1", "pending", 0, None, {}))

    assert (made.headline("metric"), made.others("metric")) == (("–", ""), [])
    assert made.why(NOW) == "Waiting for the first reading"


def test_hours_without_a_row_are_gaps() -> None:
    times = [NOW.replace(minute=0) - timedelta(hours=back) for back in (30, 23, 5, 0)]

    found = by_hour(times, [1.0, 2.0, None, 4.0], now=NOW)

    assert found == [2.0, *[None] * (HOURS - 2), 4.0]
