"""Statistics equal those of the readings themselves, computed in another way."""

import random
import statistics
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.explore.figures import VALUES_MOST, Figures, figures
from sensorfusion.explore.queries import chosen_of
from sensorfusion.explore.selection import SeriesName
from tests.conftest import Cast
from tests.readings.rolled import chores_at
from tests.storing import Row, every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
chores = chores_at(NOON + DAY)


def told(cast: Cast, *names: str, start: datetime, level: float | None = None) -> list[Figures]:
    series = [SeriesName(cast.sensor.uuid, name) for name in names]
    chosen = chosen_of(operator=cast.owner, names=series, now=NOON)
    return figures(chosen, start=start, end=NOON, level=level)


def random_rows(seed: int, *, step_s: int, count: int) -> list[Row]:
    chance = random.Random(seed)
    instants = every(step_s, count, until=NOON - timedelta(seconds=step_s))
    return [(at, {"temperature": round(chance.gauss(5, 8), 1), "rain": 0.2}) for at in instants]


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_those_of_all_readings(cast: Cast, seed: int) -> None:
    rows = random_rows(seed, step_s=60, count=1440)
    store(cast.sensor, rows)
    values = [each["temperature"] for _, each in rows]

    [found] = told(cast, "temperature", start=NOON - DAY, level=5)

    assert found.basis == "raw"
    assert (found.low, found.high, found.count) == (min(values), max(values), 1440)
    assert found.mean == pytest.approx(statistics.fmean(values), abs=1e-9)
    assert found.deviation == pytest.approx(statistics.pstdev(values))
    assert found.above_s == 60 * sum(value > 5 for value in values)
    assert found.below_s == 60 * sum(value < 5 for value in values)
    assert found.coverage == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_rolled_up", [False, True])
def test_more_readings_than_can_be_read_are_told_by_buckets_that_say_so(
    transactional_db: None, cast: Cast, chores: Any, is_rolled_up: bool
) -> None:
    rows = random_rows(7, step_s=60, count=VALUES_MOST + 1000)
    store(cast.sensor, rows)
    if is_rolled_up:
        chores.all()
    values = [each["temperature"] for _, each in rows]

    [found] = told(cast, "temperature", start=rows[0][0])

    assert found.basis == "5m"
    assert (found.low, found.high, found.count) == (min(values), max(values), len(values))
    assert found.mean == pytest.approx(statistics.fmean(values), abs=1e-9)
    binned: dict[float, list[float]] = {}
    for at, each in rows:
        binned.setdefault(at.timestamp() // 300, []).append(each["temperature"])
    means = [statistics.fmean(each) for each in binned.values()]
    assert found.deviation == pytest.approx(statistics.pstdev(means), abs=1e-9)


@pytest.mark.django_db(transaction=True)
def test_deviation_of_means_has_all_their_digits(transactional_db: None, cast: Cast) -> None:
    """Means of 0.2794 and 0.2796 are 0.279 and 0.28 with the digits that are shown."""
    rows: list[Row] = [
        (at, {"current": 0.2794 if at.minute % 10 < 5 else 0.2796})
        for at in every(60, VALUES_MOST + 1000, until=NOON - timedelta(minutes=1))
    ]
    store(cast.sensor, rows)

    [found] = told(cast, "current", start=rows[0][0])

    assert found.basis == "5m"
    assert found.deviation == pytest.approx(0.0001, rel=1e-6)


@pytest.mark.django_db(transaction=True)
def test_day_stands_for_its_hours_in_the_span(transactional_db: None, cast: Cast) -> None:
    cast.site.time_zone = "Europe/Warsaw"
    cast.site.save()
    start = datetime(2012, 1, 1, 11, tzinfo=UTC)  # noon in Warsaw
    days = (NOON - start).days + 1
    store(cast.sensor, [(start + day * DAY, {"temperature": 20}) for day in range(days)])

    [found] = told(cast, "temperature", start=start, level=10)

    assert found.basis == "1d"
    assert found.above_s == (NOON - start).total_seconds()


def test_after_a_gap_a_value_stands_for_the_usual_time_only(cast: Cast) -> None:
    before = every(60, 30, until=NOON - timedelta(hours=5))
    after = every(60, 30, until=NOON - timedelta(minutes=1))
    store(cast.sensor, [(at, {"temperature": 20}) for at in before] + [(at, {"temperature": 0}) for at in after])

    [found] = told(cast, "temperature", start=NOON - DAY / 4, level=10)

    assert (found.above_s, found.below_s) == (30 * 60, 30 * 60)
    assert found.share(found.above_s) == 0.5
    assert found.coverage == pytest.approx(60 / 360)


def test_amounts_have_a_total_and_directions_no_extremes(cast: Cast) -> None:
    rows = [(at, {"rain": 0.2, "wind_direction": 350}) for at in every(600, 24, until=NOON - timedelta(minutes=10))]
    store(cast.sensor, rows)

    rain, direction = told(cast, "rain", "wind_direction", start=NOON - DAY)

    assert rain.total == pytest.approx(4.8)
    assert (rain.mean, rain.deviation) == (None, None)
    assert (direction.mean, direction.deviation, direction.total, direction.count) == (None, None, None, None)


def test_a_level_is_for_series_of_its_unit(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 3, "humidity": 50}) for at in every(60, 9, until=NOON - DAY / 24)])

    temperature, humidity, dew = told(cast, "temperature", "humidity", "dew_point", start=NOON - DAY, level=2)

    assert temperature.above_s == 9 * 60
    assert (humidity.above_s, humidity.below_s) == (None, None)
    assert dew.below_s == 9 * 60
    assert dew.count is None  # it is derived, not stored


def test_a_span_without_readings_has_no_figures(cast: Cast) -> None:
    store(cast.sensor, [(NOON - 9 * DAY, {"temperature": 3})])

    [found] = told(cast, "temperature", start=NOON - DAY, level=2)

    assert (found.low, found.mean, found.high, found.deviation, found.above_s) == (None, None, None, None, 0)
    assert found.share(found.above_s) is None
