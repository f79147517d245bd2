from datetime import UTC, date, datetime, timedelta

import pytest

from sensorfusion.readings.models import DirtyHour
from sensorfusion.readings.rollups.buckets import Table, Width, buckets
from sensorfusion.readings.rollups.days import ALIGNED_SINCE, Calendar
from sensorfusion.readings.rollups.long_days import long_days, reaches_before
from sensorfusion.readings.rollups.question import Question
from tests.conftest import Cast
from tests.readings.rolled import Work, chores_at
from tests.storing import come_late, every, store

pytestmark = pytest.mark.django_db(transaction=True)

WARSAW = Calendar("Europe/Warsaw", 0)
NAMES = ["temperature", "rain", "rain_total", "wind_direction", "never_sent"]
FIRST, LAST = date(2026, 3, 25), date(2026, 4, 3)  # the clocks change on 29 March
NOW = datetime(2026, 4, 3, 9, 40, tzinfo=UTC)


chores = chores_at(NOW)


@pytest.fixture
def spring(cast: Cast, chores: Work) -> Cast:
    """Readings every 40 minutes, except for two days of silence, rolled up completely."""
    instants = [at for at in every(2400, 340, until=NOW) if at.day not in (27, 28)]
    store(
        cast.sensor,
        [
            (
                at,
                {
                    "temperature": place % 37 / 2,
                    "rain_total": place % 100,
                    "wind_direction": place * 7 % 360,
                    **({"rain": 0.2} if place % 3 else {}),
                },
            )
            for place, at in enumerate(instants)
        ],
    )
    chores.all()
    return cast


def both(cast: Cast, calendar: Calendar, names: list[str] = NAMES) -> tuple[object, object]:
    """Return the answer from final days, and that of `buckets`."""
    start, end = calendar.begin(FIRST), calendar.begin(LAST + timedelta(days=1))
    question = Question(sensor=cast.sensor.id, quantities=tuple(names), start=start, end=end, calendar=calendar)
    t, columns = long_days(question)
    table = buckets(question, "1d", extras=True)
    counters = {name: (columns[name].first, columns[name].last, columns[name].growth) for name in ("rain_total",)}
    expected = {
        name: (table.columns[name].first, table.columns[name].last, table.columns[name].growth) for name in counters
    }
    return (
        (t, {name: (each.value, each.low, each.high) for name, each in columns.items()}, counters),
        (table.t, {name: (each.value, each.low, each.high) for name, each in table.columns.items()}, expected),
    )


@pytest.mark.parametrize("calendar", [WARSAW, Calendar("Europe/Warsaw", 9), Calendar("Asia/Kathmandu", 0)])
def test_days_are_those_of_buckets(spring: Cast, calendar: Calendar) -> None:
    """In the calendar of the rollups, whose days are read directly, and in others."""
    quick, slow = both(spring, calendar)

    assert quick == slow


def test_settled_days_are_read_as_they_were_rolled_up(spring: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []

    def noted(question: Question, width: Width, *, extras: bool) -> Table:
        asked.append(question.start)
        return buckets(question, width, extras=extras)

    monkeypatch.setattr("sensorfusion.readings.rollups.long_days.buckets", noted)

    both(spring, WARSAW)

    assert asked == [WARSAW.begin(LAST)]


def test_day_with_a_mark_and_those_after_it_are_put_together(spring: Cast) -> None:
    marked = datetime(2026, 3, 31, 12, tzinfo=UTC)
    DirtyHour.objects.create(sensor=spring.sensor, hour=marked)

    quick, slow = both(spring, WARSAW)

    assert quick == slow


def test_sensor_that_was_never_rolled_up_has_days_too(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0, "rain_total": 2.0}) for at in every(3600, 40, until=NOW)])

    quick, slow = both(cast, WARSAW)

    assert quick == slow


def test_days_from_before_rollups_are_not_forgotten(spring: Cast, chores: Work) -> None:
    """Days are rolled up since 1973 only, hours without limit."""
    for place, at in enumerate(datetime(1965, 7, day, 12, tzinfo=UTC) for day in (1, 2, 3)):
        come_late(spring.sensor, at, {"temperature": 30.0 + place})
    chores.all()
    assert reaches_before(spring.sensor.id, ALIGNED_SINCE)

    start, end = WARSAW.begin(date(1850, 1, 1)), WARSAW.begin(LAST + timedelta(days=1))
    question = Question(sensor=spring.sensor.id, quantities=("temperature",), start=start, end=end, calendar=WARSAW)
    t, columns = long_days(question)

    assert columns["temperature"].high[:3] == [30.0, 31.0, 32.0]
    table = buckets(question, "1d")
    assert (t, columns["temperature"].value) == (table.t, table.columns["temperature"].value)
