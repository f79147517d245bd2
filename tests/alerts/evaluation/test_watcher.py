"""The watcher on real readings: what fires, what does not, and what a restart leaves as it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from sensorfusion.alerts.evaluation.wake import Wake
from sensorfusion.alerts.evaluation.watcher import SAVE_EVERY_S, Watcher
from sensorfusion.alerts.models import Alert, AlertEvent, AlertRule, RuleState, Untold, Watch
from sensorfusion.alerts.services import make_rule
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.sensors.models import Sensor
from tests.clients import NOW
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


class Awake(Wake):
    """Does not wait."""

    def wait(self, most_s: float) -> set[int]:
        return super().wait(0)


class Night:
    """A freezer, a watcher whose clock is set, and readings that arrive a second after they were observed."""

    def __init__(self, cast: Cast, connection: psycopg.Connection) -> None:
        self.cast, self.sensor = cast, cast.sensor
        self.connection = connection
        self.now: datetime = NOW
        self.begin()

    def begin(self) -> None:
        """Start another watcher, as after a take-over."""
        self.watcher = Watcher(Awake(), lambda: self.now)

    def look(self) -> None:
        self.watcher.run(self.connection)

    def send(self, values: dict[str, Any], *, at: datetime | None = None, arrived: datetime | None = None) -> None:
        at = at or self.now
        state = SensorState.objects.get(sensor=self.sensor)
        state.seq += 1
        if state.observed_at is None or at > state.observed_at:
            state.observed_at, state.values = at, {**state.values, **values}
        state.save()
        Reading.objects.update_or_create(
            sensor=self.sensor,
            observed_at=at,
            defaults={"received_at": arrived or max(at, self.now), "seq": state.seq, "values": values},
        )

    def minutes(self, many: int, value: float) -> None:
        """Let minutes pass with a reading in each."""
        for _ in range(many):
            self.now += MINUTE
            self.send({"temperature": value})
            self.look()

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.look()


@pytest.fixture
def night(cast: Cast) -> Iterator[Night]:
    store(cast.sensor, [(NOW - minutes * MINUTE, {"temperature": -20.0}) for minutes in (3, 2, 1)])
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        yield Night(cast, connection)


def rule(on: Sensor, **fields: Any) -> AlertRule:
    given: dict[str, Any] = {"condition": "above", "high": -18.0, "clear_high": -18.5, "for_s": 600.0}
    of = {"site": on.site, "sensor": on, "quantity": "temperature", "made_at": NOW, "changed_at": NOW}
    return AlertRule.objects.create(**{**given, **of, **fields})


def told() -> list[tuple[str, float]]:
    """Return the outcomes with their minutes after NOW."""
    return [(each.action, (each.at - NOW) / MINUTE) for each in AlertEvent.objects.order_by("id")]


def test_alert_fires_when_the_condition_held_long_enough_and_ends_below_its_clear_value(night: Night) -> None:
    made = rule(night.sensor)
    night.look()
    night.minutes(2, -20.0)
    night.minutes(11, -14.0)
    night.minutes(1, -18.2)
    night.minutes(1, -19.0)

    alert = Alert.objects.get()
    assert told() == [("fired", 13.0), ("cleared", 15.0)]
    assert (alert.rule, alert.began_at, alert.value, alert.extreme) == (made, NOW + 3 * MINUTE, -14.0, -14.0)
    assert alert.rule_was["high"] == -18.0


def test_clock_completes_a_duration_between_two_readings(night: Night) -> None:
    rule(night.sensor, for_s=90.0)
    night.look()
    night.minutes(1, -14.0)
    night.wait(seconds=91)
    assert told() == []

    night.wait(seconds=2)

    assert told() == [("fired", 2.5)]


def test_silent_sensor_fires_by_the_clock_and_clears_with_its_next_reading(night: Night) -> None:
    rule(night.sensor, condition="silent", for_s=300.0, quantity="", high=None, clear_high=None)
    night.look()
    night.minutes(1, -20.0)
    night.wait(minutes=5, seconds=3)
    night.minutes(1, -20.0)

    assert [name for name, _ in told()] == ["fired", "cleared"]
    assert Alert.objects.get().began_at == NOW + MINUTE


@pytest.mark.parametrize("minutes", range(1, 14))
def test_watcher_that_takes_over_goes_on_from_what_is_stored(night: Night, minutes: int) -> None:
    rule(night.sensor)
    night.look()
    night.minutes(minutes, -14.0)
    night.begin()
    night.minutes(13 - minutes, -14.0)
    night.begin()
    night.minutes(1, -19.0)
    night.begin()
    night.wait(minutes=1)

    assert told() == [("fired", 11.0), ("cleared", 14.0)]


def test_late_readings_fire_nothing_and_may_end_an_alert(night: Night) -> None:
    rule(night.sensor, for_s=0.0)
    night.look()
    for minutes in range(60, 30, -1):
        night.send({"temperature": -5.0}, at=NOW + timedelta(minutes=80 - minutes), arrived=NOW + timedelta(minutes=90))
    night.now = NOW + timedelta(minutes=90)
    night.look()
    assert told() == []

    night.minutes(1, -5.0)
    night.send({"temperature": -20.0}, at=night.now + timedelta(seconds=30), arrived=night.now + timedelta(minutes=11))
    night.wait(minutes=11)

    assert [name for name, _ in told()] == ["fired", "cleared"]


def test_excluded_readings_end_the_alert_that_they_caused(night: Night) -> None:
    rule(night.sensor, for_s=0.0)
    night.look()
    night.minutes(3, -5.0)
    assert [name for name, _ in told()] == ["fired"]

    exclude(
        by=night.cast.owner,
        sensor=night.sensor,
        start=NOW + MINUTE,
        end=night.now + timedelta(seconds=1),
        reason="Defrosted",
        now=night.now,
    )
    night.wait(seconds=5)

    assert [name for name, _ in told()] == ["fired", "corrected"]


def test_corrected_reading_stops_the_wait(night: Night) -> None:
    rule(night.sensor)
    night.look()
    night.minutes(5, -14.0)
    night.send({"temperature": -20.0}, at=NOW + 5 * MINUTE)
    night.minutes(8, -14.0)

    assert told() == []


def test_outage_and_a_restored_backup_fire_nothing_old(night: Night) -> None:
    rule(night.sensor)
    rule(night.sensor, condition="silent", for_s=300.0, quantity="", high=None, clear_high=None)
    night.look()
    night.minutes(8, -14.0)
    night.begin()
    night.wait(hours=5)
    night.wait(minutes=1)

    assert told() == []
    night.wait(minutes=5)
    assert [name for name, _ in told()] == ["fired"]  # silent since the watcher is back


def test_new_rule_fires_for_what_is_so_now(night: Night) -> None:
    night.look()
    night.minutes(1, -14.0)
    rule(night.sensor, for_s=0.0)
    Watch.objects.update(version=1)
    night.wait(seconds=1)
    night.wait(seconds=3)

    assert [name for name, _ in told()] == ["fired"]


def test_rule_of_a_site_watches_each_sensor_that_has_the_quantity(night: Night) -> None:
    other = Sensor.objects.create(site=night.cast.site, name="Door", status="active")
    store(other, [(NOW - MINUTE, {"contact": True})])
    rule(night.sensor, sensor=None)
    rule(night.cast.other_sensor, sensor=None)
    night.look()

    assert [each.sensor for each in RuleState.objects.select_related("sensor")] == [night.sensor]


def test_change_is_judged_over_its_span_also_after_a_take_over(night: Night) -> None:
    rule(night.sensor, condition="rises", high=4.0, clear_high=None, within_s=300.0, for_s=0.0)
    night.look()
    for value in (-20.0, -19.0, -18.0):
        night.minutes(1, value)
        night.begin()
    assert told() == []

    night.minutes(1, -15.5)

    assert told() == [("fired", 4.0)]


def test_sensor_that_moved_is_not_judged_by_the_rules_of_its_old_site(night: Night) -> None:
    rule(night.sensor, for_s=0.0)
    rule(night.sensor, for_s=0.0, sensor=None)
    Sensor.objects.filter(pk=night.sensor.pk).update(site=night.cast.other_site)
    night.look()
    night.minutes(2, 5.0)

    assert told() == []


def test_disabled_rule_is_not_judged(night: Night) -> None:
    rule(night.sensor, for_s=0.0, is_enabled=False)
    night.look()
    night.minutes(2, 5.0)

    assert told() == []


def test_look_at_a_house_where_nothing_happens_takes_no_lock(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.look()
    looks: list[int] = []
    real = night.watcher.look

    def look(connection: psycopg.Connection, stirred: set[int]) -> None:
        looks.append(1)
        real(connection, stirred)

    monkeypatch.setattr(night.watcher, "look", look)

    for _ in range(20):
        night.wait(milliseconds=250)
    assert looks == []
    night.wait(seconds=SAVE_EVERY_S)
    assert looks == [1]  # it says now and then that it looked

    make_rule(
        by=night.cast.owner, site=night.sensor.site, sensor=night.sensor, now=NOW, quantity="temperature",
        condition="above", high=-18.0,
    )  # fmt: skip
    night.wait(milliseconds=250)
    assert looks == [1, 1]


def test_event_without_a_number_gets_one_at_the_next_look(night: Night) -> None:
    made = rule(night.sensor)
    night.look()
    alert = Alert.objects.create(
        rule=made, site=made.site, sensor=night.sensor, quantity="temperature", severity=made.severity,
        rule_was={"condition": "above", "high": -18.0}, value=-14.2, began_at=NOW, fired_at=NOW,
    )  # fmt: skip
    AlertEvent.objects.create(alert=alert, at=NOW, action="acknowledged")

    night.wait(milliseconds=250)

    assert [each.seq for each in AlertEvent.objects.all()] == [1]


def test_failed_look_leaves_nothing_behind(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(night.sensor, for_s=0.0)
    night.look()
    saved = "sensorfusion.alerts.evaluation.writes.store_states"

    def fail(*given: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(saved, fail)
        with pytest.raises(RuntimeError):
            night.minutes(1, 5.0)
    assert told() == []

    night.look()

    assert told() == [("fired", 1.0)]
    assert Alert.objects.count() == 1


def test_alert_of_a_sensor_that_moved_ends_because_it_left_the_rule(night: Night) -> None:
    rule(night.sensor, for_s=0.0)
    night.look()
    night.minutes(1, 5.0)
    Sensor.objects.filter(pk=night.sensor.pk).update(site=night.cast.other_site)

    night.wait(seconds=61)

    assert told() == [("fired", 1.0), ("left_rule", pytest.approx(121 / 60))]
    assert Alert.objects.get().outcome == "left_rule"
    assert not RuleState.objects.exists()


def test_alert_of_a_sensor_that_moved_while_nothing_ran_ends_with_the_next_watcher(night: Night) -> None:
    rule(night.sensor, for_s=0.0, sensor=None)
    night.look()
    night.minutes(1, 5.0)
    Sensor.objects.filter(pk=night.sensor.pk).update(site=night.cast.other_site)

    night.begin()
    night.wait(seconds=1)

    assert [action for action, _ in told()] == ["fired", "left_rule"]


def test_what_happened_is_to_be_told(night: Night) -> None:
    rule(night.sensor, for_s=0.0)
    night.look()
    night.minutes(1, 5.0)
    night.minutes(1, -20.0)

    assert [each.event.action for each in Untold.objects.order_by("event_id")] == ["fired", "cleared"]
