"""The nights on which the clocks of Warsaw change, through the runner: hours that a rule applies, durations, silence.

On 29 March 2026 the clocks go from 2:00 to 3:00, on 25 October from 3:00 to 2:00; both at 1:00 UTC. The runner's clock
goes on by five minutes between looks, and another runner takes over at the change.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from sensorfusion.alerts.evaluation.wake import Wake
from sensorfusion.alerts.evaluation.watcher import LOCK, Watcher
from sensorfusion.alerts.models import AlertEvent, AlertRule
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.readings.storage.chores import Runner
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
WARSAW = ZoneInfo("Europe/Warsaw")
STEP = timedelta(minutes=5)
SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
SATURDAY, SUNDAY, EVERY_DAY = 1 << 5, 1 << 6, 127
Values = Callable[[datetime], float | None]  # None: nothing is sent


class Awake(Wake):
    """Does not wait."""

    def wait(self, most_s: float) -> set[int]:
        return super().wait(0)


class Steps:
    """The chore of a runner: lets time pass, sends what is measured then, and lets the watcher look."""

    name = "judge alert rules"
    every_s = 0.0

    def __init__(self, cast: Cast, values: Values, *, start: datetime, end: datetime, step: timedelta) -> None:
        self.now, self._end, self._step = start, end, step
        self._sensor, self._values = cast.sensor, values
        self._watcher = Watcher(Awake(), lambda: self.now)
        self.runner = Runner([self], lock=LOCK)
        self.is_failed = False
        self._looks = 0

    def run(self, connection: psycopg.Connection) -> bool:
        is_first, self.is_failed = not self._looks, True
        if not is_first:
            self.now += self._step
            self._send(self._values(self.now))
        self._watcher.run(connection)
        self._looks, self.is_failed = self._looks + 1, False
        if self.now >= self._end:
            self.runner._stopped.set()
        return True

    def _send(self, value: float | None) -> None:
        if value is None:
            return
        state = SensorState.objects.get(sensor=self._sensor)
        state.seq += 1
        state.observed_at, state.values = self.now, {"temperature": value}
        state.save()
        Reading.objects.create(
            sensor=self._sensor, observed_at=self.now, received_at=self.now, seq=state.seq, values=state.values
        )


def pass_time(
    cast: Cast, values: Values, *, change: datetime, hours: tuple[float, float], step: timedelta = STEP
) -> None:
    """Run from so many hours before a change of the clocks to so many after it, with a take-over at the change."""
    start, end = (change + timedelta(hours=each) for each in hours)
    store(cast.sensor, [(start + number * step, {"temperature": -20.0}) for number in (-3, -2, -1, 0)])
    for begin, until in ((start, change), (change, end)):
        steps = Steps(cast, values, start=begin, end=until, step=step)
        steps.runner.run()
        assert not steps.is_failed


def rule(cast: Cast, change: datetime, **fields: Any) -> AlertRule:
    made = change - timedelta(days=2)
    given: dict[str, Any] = {"condition": "above", "high": -18.0, "for_s": 0.0, "quantity": "temperature"}
    of = {"site": cast.site, "sensor": cast.sensor, "made_at": made, "changed_at": made}
    return AlertRule.objects.create(**{**of, **given, **fields})


def told() -> list[tuple[str, str]]:
    """Return what happened, with the wall clock of the site; in an hour that is shown twice, with its offset."""
    found = AlertEvent.objects.order_by("id").values_list("action", "at")
    return [(action, f"{at.astimezone(WARSAW):%a %H:%M %z}") for action, at in found]


@pytest.mark.parametrize(
    ("change", "before", "after"), [(SPRING, "+0100", "+0200"), (AUTUMN, "+0200", "+0100")], ids=["spring", "autumn"]
)
def test_night_of_one_weekday_begins_and_ends_by_the_wall_clock(
    cast: Cast, change: datetime, before: str, after: str
) -> None:
    """22:00 to 6:00 on Saturdays; it is too warm from Saturday afternoon to Monday morning."""
    rule(cast, change, weekdays=SATURDAY, starts_min=22 * 60, ends_min=6 * 60, for_s=600.0)

    pass_time(cast, lambda at: -10.0, change=change, hours=(-9, 28), step=2 * STEP)

    assert told() == [("fired", f"Sat 22:10 {before}"), ("out_of_hours", f"Sun 06:00 {after}")]


@pytest.mark.parametrize(
    ("change", "starts", "ends"),
    [(SPRING, "Sun 03:30 +0200", "Sun 04:00 +0200"), (AUTUMN, "Sun 02:30 +0200", "Sun 04:00 +0100")],
    ids=["spring", "autumn"],
)
def test_hours_that_begin_in_the_hour_that_is_skipped_or_shown_twice(
    cast: Cast, change: datetime, starts: str, ends: str
) -> None:
    """2:30 to 4:00. In spring, 2:30 by the old time is when the clocks show 3:30."""
    rule(cast, change, weekdays=SUNDAY, starts_min=150, ends_min=240)

    pass_time(cast, lambda at: -10.0, change=change, hours=(-3, 4))

    assert told() == [("fired", starts), ("out_of_hours", ends)]


def test_hours_that_the_clocks_skip_are_none(cast: Cast) -> None:
    rule(cast, SPRING, weekdays=EVERY_DAY, starts_min=120, ends_min=180)

    pass_time(cast, lambda at: -10.0, change=SPRING, hours=(-3, 4))

    assert told() == []


def test_hour_that_the_clocks_show_twice_is_two_hours_and_one_alert(cast: Cast) -> None:
    rule(cast, AUTUMN, weekdays=EVERY_DAY, starts_min=120, ends_min=180)

    pass_time(cast, lambda at: -10.0, change=AUTUMN, hours=(-3, 4))

    assert told() == [("fired", "Sun 02:00 +0200"), ("out_of_hours", "Sun 03:00 +0100")]


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_duration_across_the_change_is_the_time_that_passed(cast: Cast, change: datetime) -> None:
    rule(cast, change, for_s=5400.0, clear_for_s=5400.0)
    begins, ends = change - timedelta(minutes=30), change + timedelta(minutes=75)

    pass_time(cast, lambda at: -10.0 if begins <= at < ends else -20.0, change=change, hours=(-2, 4))

    found = AlertEvent.objects.order_by("id").values_list("action", "at")
    assert list(found) == [("fired", begins + timedelta(minutes=90)), ("cleared", ends + timedelta(minutes=90))]


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_silence_across_the_change_is_the_time_that_passed(cast: Cast, change: datetime) -> None:
    rule(cast, change, condition="silent", quantity="", high=None, for_s=2700.0)
    last, again = change - timedelta(minutes=15), change + timedelta(minutes=90)

    pass_time(
        cast, lambda at: -20.0 if at <= last or at >= again else None, change=change, hours=(-2, 3),
    )  # fmt: skip

    found = AlertEvent.objects.order_by("id").values_list("action", "at")
    assert list(found) == [("fired", last + timedelta(minutes=45)), ("cleared", again)]


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_sensor_that_sends_through_the_change_is_not_silent(cast: Cast, change: datetime) -> None:
    rule(cast, change, condition="silent", quantity="", high=None, for_s=600.0)

    pass_time(cast, lambda at: -20.0, change=change, hours=(-1, 2))

    assert told() == []


@pytest.mark.parametrize(
    ("change", "fires", "ends"),
    [(SPRING, "Sun 03:30 +0200", "Sun 04:00 +0200"), (AUTUMN, "Sun 02:30 +0100", "Sun 04:00 +0100")],
    ids=["spring", "autumn"],
)
def test_silence_that_begins_before_the_hours_counts_within_them_only(
    cast: Cast, change: datetime, fires: str, ends: str
) -> None:
    """Silent since half an hour before the change; the rule applies from 1:00 to 4:00."""
    rule(cast, change, condition="silent", quantity="", high=None, for_s=3600.0, starts_min=60, ends_min=240)
    last = change - timedelta(minutes=30)

    pass_time(cast, lambda at: -20.0 if at <= last else None, change=change, hours=(-2, 4))

    assert told() == [("fired", fires), ("out_of_hours", ends)]
