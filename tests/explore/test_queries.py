from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.accounts.models import Membership, Role
from sensorfusion.explore.queries import chosen_of, lines
from sensorfusion.explore.selection import SeriesName
from sensorfusion.readings.charts.questions import chart_question
from sensorfusion.readings.charts.series import series
from sensorfusion.readings.queries import newest
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def named(sensor: Sensor, quantity: str = "temperature") -> SeriesName:
    return SeriesName(sensor.uuid, quantity)


def fast_and_slow(cast: Cast) -> None:
    """One sensor reports each minute, another each hour."""
    store(cast.sensor, [(at, {"temperature": at.minute, "humidity": 50}) for at in every(60, 1440, until=NOON)])
    store(cast.other_sensor, [(at, {"temperature": at.hour}) for at in every(3600, 24, until=NOON)])
    Membership.objects.create(operator=cast.owner, site=cast.other_site, role=Role.VIEWER)


@pytest.mark.parametrize(("who", "count"), [("owner", 1), ("editor", 1), ("member", 1), ("outsider", 0)])
def test_only_what_one_may_see_is_chosen(cast: Cast, who: str, count: int) -> None:
    names = [named(cast.sensor)]

    assert len(chosen_of(operator=getattr(cast, who), names=names, now=NOON)) == count


def test_all_series_have_the_resolution_of_the_coarsest(cast: Cast) -> None:
    fast_and_slow(cast)
    names = [named(cast.other_sensor), named(cast.sensor), named(cast.sensor, "humidity")]
    chosen = chosen_of(operator=cast.owner, names=names, now=NOON)

    found = lines(chosen, start=NOON - DAY, end=NOON, points=300)

    assert [line.resolution for line in found] == ["5m"] * 3
    assert [line.chosen.name for line in found] == names


def test_each_series_is_that_of_its_sensor_alone(cast: Cast) -> None:
    fast_and_slow(cast)
    chosen = chosen_of(operator=cast.owner, names=[named(cast.sensor), named(cast.other_sensor)], now=NOON)

    found = lines(chosen, start=NOON - DAY, end=NOON, points=40)

    for line in found:
        sensor = line.chosen.station.sensor
        question = chart_question(
            sensor=sensor,
            newest=newest([sensor.id])[sensor.id],
            quantities=["temperature"],
            start=NOON - DAY,
            end=NOON,
            points=100,
            resolution="1h",
        )
        alone = series(question)
        assert (line.t, line.column) == (alone.t, alone.columns["temperature"])


def test_days_of_all_are_those_of_the_first_site(cast: Cast) -> None:
    fast_and_slow(cast)
    names = [named(cast.sensor), named(cast.other_sensor)]

    found = lines(chosen_of(operator=cast.owner, names=names, now=NOON), start=NOON - DAY, end=NOON, points=10)

    midnight = datetime(2026, 11, 21, 23, tzinfo=UTC).timestamp()  # of Warsaw
    assert all(midnight in line.t for line in found)
    assert {line.resolution for line in found} == {"1d"}


def test_a_quantity_without_readings_is_an_empty_line(cast: Cast) -> None:
    fast_and_slow(cast)
    chosen = chosen_of(operator=cast.owner, names=[named(cast.sensor, "co2")], now=NOON)

    [line] = lines(chosen, start=NOON - DAY, end=NOON, points=9)

    assert not any(line.column.value)
