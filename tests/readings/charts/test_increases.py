"""What a counter grew by, in every resolution: also over a restart by the calendar that no value shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.readings.charts.wider_days import wider_days
from sensorfusion.readings.rollups.buckets import Column, Table
from tests.conftest import Cast
from tests.readings.charts.test_joined import series
from tests.readings.rolled import chores_at
from tests.storing import store

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
chores = chores_at(MIDNIGHT + timedelta(days=2))
# Two millimetres by the evening, silence over midnight, four by the next morning: all four have fallen since.
SILENT = ((-6, 0.0), (-4, 2.0), (8, 4.0), (9, 4.5))


@pytest.fixture
def silent(cast: Cast, time_machine: Any) -> Cast:
    cast.site.time_zone = "UTC"
    cast.site.save()
    time_machine.move_to(MIDNIGHT + 12 * HOUR, tick=False)
    store(cast.sensor, [(MIDNIGHT + hours * HOUR, {"rain_day": value, "rain_total": value}) for hours, value in SILENT])
    return cast


def increases(cast: Cast, name: str, resolution: str) -> list[float | None]:
    start, end = MIDNIGHT - 12 * HOUR, MIDNIGHT + 12 * HOUR
    answer = series(cast, start=start, end=end, name=name, resolution=resolution).json()
    assert len(answer["series"][name]["increase"]) == len(answer["t"])
    return [
        each
        for each, value in zip(answer["series"][name]["increase"], answer["series"][name]["last"], strict=True)
        if value is not None
    ]


@pytest.mark.parametrize("is_rolled_up", [False, True])
@pytest.mark.parametrize("resolution", ["raw", "5m", "1h"])
def test_increase_over_a_silent_restart_is_the_whole_new_value(
    silent: Cast, chores: Any, resolution: str, is_rolled_up: bool
) -> None:
    if is_rolled_up:
        chores.all()

    assert increases(silent, "rain_day", resolution) == [None, 2.0, 4.0, 0.5]
    assert increases(silent, "rain_total", resolution) == [None, 2.0, 2.0, 0.5]


def test_increase_of_days_is_what_fell_since_the_day_before(silent: Cast) -> None:
    assert increases(silent, "rain_day", "1d") == [None, 4.5]


def test_only_counters_have_increases(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(MIDNIGHT + 12 * HOUR, tick=False)
    store(cast.sensor, [(MIDNIGHT + hour * HOUR, {"temperature": 3.0, "rain": 0.2}) for hour in (1, 2, 3)])

    answer = series(cast, start=MIDNIGHT, end=MIDNIGHT + 12 * HOUR, name="temperature,rain").json()

    assert {name: set(lists) for name, lists in answer["series"].items()} == {
        "temperature": {"mean", "min", "max"},
        "rain": {"sum", "min", "max"},
    }


def test_rows_of_several_days_add_up_what_is_known() -> None:
    day_s = 86_400.0
    value = [1.0, 3.0, None, 4.0, 4.5, None]
    growth = [None, 2.0, None, 1.0, 0.5, None]
    t = [day_s * (1 + place) for place in range(6)]
    table = Table(t, t, t, {"rain_total": Column(value, value, value, growth=growth)})

    wider = wider_days(table, days=2, time_zone="UTC")

    # The first row holds the first value of all, whose increase is not known; the others hold a day without a value.
    assert wider.columns["rain_total"].growth == [None, 1.0, 0.5]
