"""Differences, ratios and rolling means equal what SQL computes from the stored readings themselves."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from sensorfusion.explore.comparison import Comparison, comparison, is_rolled, refused, rolling
from sensorfusion.explore.queries import Chosen, chosen_of
from sensorfusion.explore.selection import Against, Operation, SeriesName
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# Means are compared with all their digits; what is left is the noise of floating point.
ROUNDED = 1e-9

_DIFFERENCE = """
WITH mean AS (
    SELECT sensor_id, date_bin(%(width)s::interval, observed_at + %(ahead)s::interval, 'epoch') AS bin,
        avg(("values" ->> 'temperature')::float8) AS v
    FROM reading WHERE sensor_id = %(sensor)s AND "values" ? 'temperature' GROUP BY 1, 2
)
SELECT bin, v FROM mean ORDER BY bin
"""
_ROLLING = """
SELECT (
    SELECT avg((within."values" ->> 'temperature')::float8) FROM reading AS within
    WHERE within.sensor_id = %(sensor)s AND within.observed_at > each.observed_at - %(length)s
    AND within.observed_at <= each.observed_at
) FROM reading AS each WHERE sensor_id = %(sensor)s AND observed_at >= %(start)s AND observed_at < %(end)s
ORDER BY observed_at
"""


def means(sensor: Sensor, width: timedelta, *, ahead: timedelta = timedelta()) -> dict[float, float]:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCE, {"width": str(width), "ahead": str(ahead), "sensor": sensor.pk})
        return {at.timestamp(): value for at, value in cursor.fetchall()}


@pytest.fixture(params=range(4))
def chosen(request: Any, cast: Cast) -> list[Chosen]:
    """Two sensors of one site, at random instants, with silences, for sixteen days."""
    chance = random.Random(request.param)
    second = Sensor.objects.create(site=cast.site, name="Shed", status="active")
    for sensor, step_s in ((cast.sensor, chance.choice([60, 290])), (second, chance.choice([120, 700]))):
        t, rows = NOON - 16 * DAY, []
        while t < NOON:
            t += timedelta(seconds=step_s * chance.choice([1, 1, 1, 1, 1, 1, 2, 40]))
            rows.append((t, {"temperature": round(chance.uniform(-20, 30), 1)}))
        store(sensor, rows)
    names = [SeriesName(sensor.uuid, "temperature") for sensor in (cast.sensor, second)]
    return chosen_of(operator=cast.owner, names=names, now=NOON)


def compared(chosen: list[Chosen], against: Against, operation: Operation = Operation.DIFFERENCE) -> Comparison:
    start = NOON - (WEEK if against is not Against.YESTERDAY else DAY)
    return comparison(chosen, start=start, end=NOON, against=against, operation=operation, drawn="5m")


def inside(rows: dict[float, float], found: Comparison) -> dict[float, float]:
    """Leave out the buckets at both ends, which the span cuts."""
    first, last = (NOON - (DAY if found.against is Against.YESTERDAY else WEEK)).timestamp(), NOON.timestamp()
    return {t: value for t, value in rows.items() if first <= t and t + 3600 <= last}


def test_difference_of_two_sensors_equals_sql(chosen: list[Chosen]) -> None:
    found = compared(chosen, Against.SECOND)
    width = {"5m": timedelta(minutes=5), "1h": timedelta(hours=1)}[found.resolution]
    one, two = (means(each.station.sensor, width) for each in chosen)

    expected = inside({t: one[t] - two[t] for t in one if t in two}, found)

    got = inside(dict(found.rows), found)
    assert got.keys() == expected.keys()
    assert got == pytest.approx(expected, abs=ROUNDED)
    assert len(got) > 20


@pytest.mark.parametrize(("against", "ahead"), [(Against.YESTERDAY, DAY), (Against.WEEK, WEEK)])
def test_difference_to_another_time_equals_sql(chosen: list[Chosen], against: Against, ahead: timedelta) -> None:
    found = compared(chosen, against)
    width = {"5m": timedelta(minutes=5), "1h": timedelta(hours=1)}[found.resolution]
    sensor = chosen[0].station.sensor
    now, before = means(sensor, width), means(sensor, width, ahead=ahead)

    expected = inside({t: now[t] - before[t] for t in now if t in before}, found)

    got = inside(dict(found.rows), found)
    assert got.keys() == expected.keys()
    assert got == pytest.approx(expected, abs=ROUNDED)
    assert len(got) > 4


def test_the_other_time_is_drawn_at_this_time(chosen: list[Chosen]) -> None:
    found = compared(chosen, Against.WEEK)
    drawn = [t for t, value in zip(found.other.t, found.other.column.value, strict=True) if value is not None]

    assert found.words == "the week before"
    assert (NOON - WEEK).timestamp() - 300 <= drawn[0] <= drawn[-1] < NOON.timestamp()


@pytest.mark.parametrize("hours", [1, 6])
def test_rolling_mean_equals_sql(chosen: list[Chosen], hours: int) -> None:
    start, one = NOON - timedelta(hours=8), chosen[0]
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "sensor": one.station.sensor.pk,
            "length": timedelta(hours=hours),
            "start": start,
            "end": NOON,
        }
        cursor.execute(_ROLLING, given)
        expected = [value for (value,) in cursor.fetchall()]

    found = rolling(one, start=start, end=NOON, hours=hours, drawn="raw")

    assert [value for _, value in found] == pytest.approx(expected, abs=1e-9)


def test_rolling_mean_of_buckets_is_that_of_their_readings(chosen: list[Chosen]) -> None:
    one = chosen[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM observed_at)::float8, (\"values\" ->> 'temperature')::float8 FROM reading"
            " WHERE sensor_id = %s",
            [one.station.sensor.pk],
        )
        readings = cursor.fetchall()

    found = rolling(one, start=NOON - 2 * DAY, end=NOON, hours=6, drawn="1h")

    assert found
    for t, mean in found:
        within = [value for at, value in readings if t - 5 * 3600 <= at < min(t + 3600, NOON.timestamp())]
        assert mean == pytest.approx(sum(within) / len(within), abs=ROUNDED)


def test_what_cannot_be_compared_says_why(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 1, "humidity": 50, "wind_direction": 10, "co2": 400})])

    def of(*names: str) -> list[Chosen]:
        series = [SeriesName(cast.sensor.uuid, name) for name in names]
        return chosen_of(operator=cast.owner, names=series, now=NOON)

    second, ratio, difference = Against.SECOND, Operation.RATIO, Operation.DIFFERENCE
    assert "second series" in refused(of("temperature"), second, difference)
    assert "different units" in refused(of("temperature", "humidity"), second, difference)
    assert "no ratio of temperatures" in refused(of("temperature"), Against.WEEK, ratio)
    assert "no ratio of directions" in refused(of("wind_direction"), Against.WEEK, ratio)
    assert refused(of("humidity", "co2"), second, ratio) == ""
    assert refused(of("temperature"), Against.YEAR, difference) == ""


def test_only_means_are_rolled(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 1, "humidity": 50, "rain": 0.2, "wind_direction": 10})])
    names = [SeriesName(cast.sensor.uuid, name) for name in ("temperature", "rain", "wind_direction", "dew_point")]
    chosen = chosen_of(operator=cast.owner, names=names, now=NOON)

    assert [is_rolled(each) for each in chosen] == [True, False, False, False]
