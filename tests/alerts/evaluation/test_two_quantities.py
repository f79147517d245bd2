"""Rules that compare two quantities: the watcher on them, and any interleaving against a judge of its own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sensorfusion.alerts.evaluation.derived import Deriver, deriver
from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.models import Alert, AlertEvent
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.derivation import Place
from sensorfusion.domain.weather.derived import dew_point
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.exclusions.services import exclude
from tests.alerts.evaluation.test_any_interleaving import Interleaved, Step, assert_each_once, changes, common, told
from tests.alerts.evaluation.test_watcher import MINUTE, Night, night, rule
from tests.alerts.evaluation.test_watcher import told as told_in_minutes
from tests.clients import NOW
from tests.conftest import Cast

__all__ = ["night"]
WALL, NAME = "surface_temperature", "dew_point - surface_temperature"
DAMP: dict[str, Any] = {
    "quantity": "dew_point", "than": WALL, "condition": "above", "high": -1.0, "clear_high": -2.0, "for_s": 120.0
}  # fmt: skip


def row(at: float, flags: dict[str, int] | None = None, **values: object) -> StoredRow:
    named = {{"wall": WALL}.get(name, name): value for name, value in values.items()}
    return StoredRow(1, int(at), at, at, named, flags or {})


def differences(*rows: StoredRow) -> list[object]:
    return [each.values.get(NAME) for each in Deriver([NAME], Place()).completed(rows)]


def test_difference_is_that_of_the_values_that_came_or_were_derived() -> None:
    derived, sent = differences(
        row(0, temperature=20.0, humidity=50.0, wall=12.0), row(60, dew_point=7.5, wall=10.0)
    )  # fmt: skip

    assert derived == pytest.approx((dew_point(temperature=20.0, humidity=50.0) or 0.0) - 12.0, abs=0.01)
    assert sent == -2.5


def test_values_of_different_readings_are_compared_for_half_an_hour() -> None:
    found = differences(
        row(0, dew_point=5.0), row(600, wall=6.0), row(900, pressure=990.0), row(1900, wall=7.0),
        row(2400, dew_point=8.0),
    )  # fmt: skip

    assert found == [None, -1.0, None, None, 1.0]


def test_bad_value_is_not_compared() -> None:
    assert differences(row(0, dew_point=5.0, wall=6.0), row(60, {WALL: Flag.BAD}, wall=-60.0)) == [-1.0, None]


def test_sensor_without_one_of_the_two_has_no_difference() -> None:
    assert deriver([NAME], {"temperature": 1.0, "humidity": 50.0}, Place()) is None
    assert deriver([NAME], {"dew_point": 1.0, WALL: "wet"}, Place()) is None
    both = deriver([NAME, "dew_point"], {"temperature": 1.0, "humidity": 50.0, WALL: 3.0}, Place())
    assert both is not None
    assert both.names == {NAME, "dew_point"}


def damp(night: Night, minutes: int, *, wall: float, humidity: float = 60.0) -> None:
    for _ in range(minutes):
        night.now += MINUTE
        night.send({"temperature": 20.0, "humidity": humidity, WALL: wall})  # a dew point of 12.0 degrees
        night.look()


@pytest.mark.django_db(transaction=True)
def test_rule_fires_when_the_dew_point_comes_near_the_wall(night: Night) -> None:
    damp(night, 1, wall=18.0)
    rule(night.sensor, **DAMP)
    night.look()
    damp(night, 2, wall=18.0)
    damp(night, 3, wall=12.5)
    damp(night, 1, wall=11.0)
    damp(night, 1, wall=13.5)  # between the two limits
    damp(night, 1, wall=14.5)

    alert = Alert.objects.get()
    assert told_in_minutes() == [("fired", 6.0), ("cleared", 9.0)]
    assert (alert.quantity, alert.rule_was["than"]) == ("dew_point", WALL)
    assert alert.value == pytest.approx(-0.5, abs=0.05)
    assert alert.extreme == pytest.approx(1.0, abs=0.05)


@pytest.mark.django_db(transaction=True)
def test_rule_of_the_site_concerns_sensors_that_have_both_also_while_one_is_old(night: Night) -> None:
    damp(night, 1, wall=18.0)
    made = rule(night.sensor, **{**DAMP, "sensor": None, "for_s": 0.0})
    night.look()
    damp(night, 2, wall=11.0)
    for _ in range(40):  # the wall's thermometer is silent
        night.now += MINUTE
        night.send({"temperature": 20.0, "humidity": 60.0})
        night.begin()
        night.look()

    assert Alert.objects.get().rule == made
    assert Alert.objects.get().ended_at is None


class Compared(Interleaved):
    """The steps of `Interleaved`, with a number that is what the first quantity has more than the second.

    A reading has both quantities, or one of them: then the other one stays.
    """

    usual: ClassVar[dict[str, float]] = {"temperature": 0.0, WALL: 20.0}

    def prepare(self, **fields: Any) -> None:
        self.both = (0.0, 20.0)
        super().prepare(quantity="temperature", than=WALL, **fields)

    def send(self, values: dict[str, Any], **when: Any) -> None:
        value = values["temperature"]
        if when:  # what comes late, or again, has both
            super().send({"temperature": value + 20.0, WALL: 20.0}, **when)
        elif self.now.minute % 2:
            self.both = self.both[1] + value, self.both[1]
            super().send({"temperature": self.both[0]})
        else:
            self.both = self.both[0], self.both[0] - value
            super().send({WALL: self.both[1]})

    def _counting(self) -> Iterator[StoredRow]:
        """Compare in order what counts, in the plainest way."""
        newest = {name: (NOW.timestamp() - 60, value) for name, value in self.usual.items()}
        for each in super()._counting():
            newest |= {name: (each.at, value) for name, value in each.values.items()}
            near = [at >= each.at - 1800 for at, _ in newest.values()]
            if len(near) == 2 and all(near):
                more = newest["temperature"][1] - newest[WALL][1]
                yield each._replace(values={f"temperature - {WALL}": round(more, 9)})


@pytest.fixture
def compared(cast: Cast) -> Iterator[Compared]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        yield Compared(cast, connection)


few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.mark.django_db(transaction=True)
@few
@given(
    steps=st.lists(st.one_of(common), min_size=12, max_size=24),
    for_s=st.sampled_from((0.0, 90.0, 300.0)),
    clear_for_s=st.sampled_from((0.0, 120.0)),
)
def test_any_interleaving_gives_the_alerts_of_the_history(
    compared: Compared, steps: list[Step], for_s: float, clear_for_s: float
) -> None:
    compared.prepare(for_s=for_s, clear_for_s=clear_for_s)
    compared.go(steps)

    assert told() == compared.judged_in_order()[1]
    assert_each_once()


@pytest.mark.django_db(transaction=True)
@few
@example(steps=[("read", -14.0), ("read", -14.0), ("exclude", 1)])
@example(steps=[("read", -14.0), ("correct", (0, -20.0)), ("read", -18.2)])
@given(steps=st.lists(st.one_of(*common, *changes), min_size=12, max_size=24))
def test_what_the_history_does_not_hold_is_not_left_open(compared: Compared, steps: list[Step]) -> None:
    compared.prepare(for_s=0.0)
    for each in steps:
        compared.go([each])

        state, _ = compared.judged_in_order()
        assert AlertEvent.objects.filter(alert__ended_at=None, action="fired").count() <= int(state.is_open)
    assert_each_once()


@pytest.mark.django_db(transaction=True)
def test_value_that_was_excluded_is_not_compared_with_later_ones(night: Night) -> None:
    night.send({"temperature": 20.0, WALL: 25.0})
    rule(night.sensor, quantity="temperature", than=WALL, condition="above", high=0.0, clear_high=None, for_s=0.0)
    night.look()
    night.now += MINUTE
    night.send({WALL: 10.0})
    at = night.now
    night.look()
    end = at + timedelta(seconds=1)
    exclude(by=night.cast.owner, sensor=night.sensor, start=at, end=end, reason="Sun.", now=night.now)
    night.look()
    night.now += MINUTE
    night.send({"temperature": 20.0})  # less than 25, the newest that counts
    night.look()

    assert len(told()) == 2  # it fired once, and ended
    assert Alert.objects.get().ended_at is not None
