"""Whatever comes between two readings, the alerts are those of the history judged in order, each once.

Readings that wait for the watcher, ticks of the clock, looks that are rolled back, restarts, and data that comes late
change nothing. Corrections and exclusions end what they contradict: then what was told is compared with the end.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sensorfusion.alerts.evaluation.rules import StoredRow, loaded
from sensorfusion.alerts.evaluation.watcher import GRACE_S
from sensorfusion.alerts.models import Alert, AlertEvent, AlertRule, RuleState, Watch
from sensorfusion.domain.alert_rules.conditions import Signal
from sensorfusion.domain.alert_rules.machine import Decision, Phase, State, advance, observe
from sensorfusion.domain.liveness import usual_interval_s
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.readings.models import Exclusion, Reading, SensorState
from tests.alerts.evaluation.test_watcher import MINUTE, Night, rule
from tests.clients import NOW
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
OVER, BETWEEN, CLEAR = -14.0, -18.2, -20.0
LOOKS_AFTER = 4  # readings: after 10 minutes without a watcher, readings would count from then on
few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

values = st.sampled_from((OVER, OVER, BETWEEN, CLEAR))
Step = tuple[str, Any]
common = [
    st.tuples(st.just("read"), values),
    st.tuples(st.just("wait"), st.integers(1, 4)),
    st.tuples(st.just("look"), st.none()),
    st.tuples(st.just("restart"), st.none()),
    st.tuples(st.just("die"), st.none()),
]
late_data = st.tuples(st.just("late"), st.integers(11, 40))
changes = [
    st.tuples(st.just("correct"), st.tuples(st.integers(0, 8), values)),
    st.tuples(st.just("exclude"), st.integers(0, 8)),
    st.tuples(st.just("late clear"), st.integers(11, 40)),
]


class Died(Exception):
    """A process dies before its look is committed."""


class Interleaved(Night):
    """A night made of steps."""

    usual: ClassVar[dict[str, float]] = {"temperature": CLEAR}

    def prepare(self, **fields: Any) -> None:
        """Forget earlier examples, and begin to watch."""
        for model in (AlertEvent, Alert, RuleState, AlertRule, Watch, Exclusion, Reading, SensorState):
            model.objects.all().delete()
        store(self.sensor, [(NOW - minutes * MINUTE, self.usual) for minutes in (3, 2, 1)])
        self.now = NOW
        self.row = rule(self.sensor, **fields)
        self.begin()
        self.look()
        self.first = RuleState.objects.get()
        self.waiting = 0

    def go(self, steps: list[Step]) -> None:
        for name, what in steps:
            getattr(self, f"_{name.replace(' ', '_')}")(what)
        self._look(None)

    def _read(self, value: float) -> None:
        self.now += MINUTE
        self.send({"temperature": value})
        self.waiting += 1
        if self.waiting >= LOOKS_AFTER:
            self._look(None)

    def _wait(self, minutes: int) -> None:
        self._look(None)
        self.now += minutes * MINUTE
        self._look(None)

    def _look(self, _: None) -> None:
        self.waiting = 0
        self.now += timedelta(seconds=1)  # the watcher searches for new readings twice a second
        self.look()

    def _restart(self, _: None) -> None:
        self.begin()

    def _die(self, _: None) -> None:
        with suppress(Died), self.connection.transaction():
            self.watcher.look(self.connection)
            raise Died
        self.begin()

    def _late(self, minutes: int, value: float = OVER) -> None:
        at = self.now - minutes * MINUTE + timedelta(seconds=30)
        self.send({"temperature": value}, at=at, arrived=self.now)

    def _late_clear(self, minutes: int) -> None:
        self._late(minutes, CLEAR)
        self._look(None)

    def _correct(self, what: tuple[int, float]) -> None:
        if at := self._observed_at(what[0]):
            self.send({"temperature": what[1]}, at=at, arrived=self.now)
            self._look(None)

    def _exclude(self, place: int) -> None:
        if at := self._observed_at(place):
            end = at + timedelta(seconds=1)
            exclude(by=self.cast.owner, sensor=self.sensor, start=at, end=end, reason="Door.", now=self.now)
            self._look(None)

    def _observed_at(self, place: int) -> datetime | None:
        """Return the instant of one of the newest readings of the night."""
        found = Reading.objects.filter(sensor=self.sensor, observed_at__gt=NOW).order_by("-observed_at")
        return next(iter(found.values_list("observed_at", flat=True)[place : place + 1]), None)

    def judged_in_order(self) -> tuple[State, list[tuple[str, float]]]:
        """Judge the final history by the machine alone."""
        known = loaded(AlertRule.objects.select_related("site").get())
        hold_s = known.hold_s(usual_interval_s(SensorState.objects.get(sensor=self.sensor).deltas))
        first = self.first
        state = State(first.decided_until, Phase(first.phase), first.since, 0.0, first.last_at, Signal(first.signal))
        decisions: list[Decision] = []
        for each in self._counting():
            seen = known.observation(each, None)
            assert seen is not None
            state, new = observe(known.rule, state, seen, hold_s=hold_s)
            decisions += new
        state, new = advance(known.rule, state, before=self.now.timestamp() - GRACE_S, hold_s=hold_s)
        return state, [(each.outcome.value, each.at) for each in (*decisions, *new)]

    def _counting(self) -> Iterator[StoredRow]:
        excluded = set(Exclusion.objects.values_list("starts_at", flat=True))
        for each in Reading.objects.filter(sensor=self.sensor, observed_at__gt=NOW).order_by("observed_at"):
            if each.observed_at not in excluded:
                at, arrived = each.observed_at.timestamp(), each.received_at.timestamp()
                yield StoredRow(self.sensor.pk, each.seq, at, arrived, each.values, {})


@pytest.fixture
def interleaved(cast: Cast) -> Iterator[Interleaved]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        yield Interleaved(cast, connection)


def told() -> list[tuple[str, float]]:
    return [(each.action, each.at.timestamp()) for each in AlertEvent.objects.order_by("id")]


def assert_each_once() -> None:
    """Each alert fired once, before it ended, and ended at most once."""
    for alert in Alert.objects.all():
        actions = list(alert.events.order_by("id").values_list("action", flat=True))
        assert actions[:1] == ["fired"]
        assert len(actions) == (1 if alert.ended_at is None else 2)
        assert "fired" not in actions[1:]


@few
@given(
    steps=st.lists(st.one_of(common), min_size=12, max_size=24),
    for_s=st.sampled_from((0.0, 90.0, 300.0)),
    clear_for_s=st.sampled_from((0.0, 120.0)),
)
def test_readings_in_order_give_the_alerts_of_the_history(
    interleaved: Interleaved, steps: list[Step], for_s: float, clear_for_s: float
) -> None:
    interleaved.prepare(for_s=for_s, clear_for_s=clear_for_s)
    interleaved.go(steps)

    assert told() == interleaved.judged_in_order()[1]
    assert_each_once()


@few
@given(steps=st.lists(st.one_of(*common, late_data), min_size=12, max_size=24))
def test_late_data_fires_nothing_and_changes_no_alert(interleaved: Interleaved, steps: list[Step]) -> None:
    interleaved.prepare(for_s=0.0)
    interleaved.go(steps)

    assert told() == interleaved.judged_in_order()[1]
    assert_each_once()


@few
@example(steps=[("read", OVER), ("correct", (0, CLEAR))])
@example(steps=[("read", OVER), ("read", BETWEEN), ("exclude", 1)])
@example(steps=[("read", CLEAR), ("read", OVER), ("wait", 4), ("wait", 4), ("read", BETWEEN), ("late clear", 11)])
@given(steps=st.lists(st.one_of(*common, late_data, *changes), min_size=12, max_size=24))
def test_what_the_history_does_not_hold_is_not_left_open(interleaved: Interleaved, steps: list[Step]) -> None:
    interleaved.prepare(for_s=0.0)
    for each in steps:
        interleaved.go([each])

        state, _ = interleaved.judged_in_order()
        assert Alert.objects.filter(ended_at=None).count() <= int(state.is_open)
    assert_each_once()
