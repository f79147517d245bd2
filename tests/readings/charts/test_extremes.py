"""Readings of extremes are searched for only in the 5 minutes that have them, and always found."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.readings.charts import extremes
from sensorfusion.readings.charts.extremes import Sought, observed
from sensorfusion.readings.rollups.days import Calendar
from tests.conftest import Cast
from tests.readings.rolled import Work, chores_at
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)

WARSAW = Calendar("Europe/Warsaw", 0)
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HOUR = timedelta(hours=1)


chores = chores_at(NOW)


@pytest.mark.parametrize("calendar", [WARSAW, Calendar("Asia/Kathmandu", 0)])
def test_first_reading_that_had_an_extreme_is_found_in_its_five_minutes(
    cast: Cast, chores: Work, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Kathmandu an hour begins on the day before, at 18:00 UTC, and had the same value there."""
    border = calendar.begin(date(2026, 11, 20))
    warm = [border - timedelta(minutes=3), border + timedelta(minutes=7), border + timedelta(hours=5, seconds=20)]
    cold = [border + timedelta(minutes=each) for each in (-10, 9, 40, 300, 900, 1430)]
    store(cast.sensor, [(at, {"temperature": 30.0}) for at in warm] + [(at, {"temperature": 1.5}) for at in cold])
    chores.now = border + timedelta(days=2)
    chores.all()
    spans = []
    first = extremes._first

    def noted(sensor: int, each: Any) -> Any:
        spans.append(each)
        return first(sensor, each)

    monkeypatch.setattr(extremes, "_first", noted)

    sought = Sought("temperature", 30.0, date(2026, 11, 20))
    found = observed(cast.sensor.pk, [sought], calendar=calendar)

    assert found == {sought: warm[1]}
    assert [end - start for each in spans for start, end in each.values()] == [timedelta(minutes=5)]


def test_extreme_in_an_hour_that_begins_on_the_day_before_is_found(cast: Cast, chores: Work) -> None:
    """The hour from 18:00 UTC has the value from the day before; another hour has it first on the day itself."""
    kathmandu = Calendar("Asia/Kathmandu", 0)
    border = kathmandu.begin(date(2026, 11, 20))
    here = border + 2 * HOUR
    store(cast.sensor, [(border - timedelta(minutes=3), {"temperature": 30.0}), (here, {"temperature": 30.0})])
    chores.now = border + timedelta(days=2)
    chores.all()
    sought = Sought("temperature", 30.0, date(2026, 11, 20))

    assert observed(cast.sensor.pk, [sought], calendar=kathmandu) == {sought: here}


def test_extreme_of_an_hour_that_is_not_rolled_up_is_found_in_its_day(cast: Cast) -> None:
    store(cast.sensor, [(NOW - HOUR, {"temperature": 30.0}), (NOW, {"temperature": 1.0})])
    sought = Sought("temperature", 30.0, TODAY)

    assert observed(cast.sensor.pk, [sought], calendar=WARSAW) == {sought: NOW - HOUR}
