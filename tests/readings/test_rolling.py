"""Rollups against what the readings say, after any sequence of writes, exclusions, deletions and work of the chores."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.batch import Draft, Outcome, Source
from sensorfusion.ingest.session import Session
from sensorfusion.ingest.transaction import Parcel
from sensorfusion.readings.exclusions import delete_readings, exclude, restore
from sensorfusion.readings.models import Day, DayRule, DirtyHour, Exclusion, FiveMinutes, Hour, Reading, SensorState
from sensorfusion.sensors.models import Site
from tests.conftest import Cast
from tests.readings.rolled import NAMES, NOW, START, Work, differences, found, truth, work

pytestmark = pytest.mark.django_db(transaction=True)

ZONES = ("Europe/Warsaw", "Asia/Kathmandu", "America/New_York")
END = START + timedelta(days=2)

minutes = st.integers(0, 5 * 60).map(lambda step: step * 9)  # of two days, often the same ones
values = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.one_of(st.integers(-100, 400).map(lambda n: n / 10), st.just("broken"), st.booleans()),
        "rain": st.integers(0, 30).map(lambda n: n / 10),
        "rain_total": st.integers(0, 5).map(float),
        "wind_direction": st.sampled_from([0, 45, 90, 135, 180, 270, 359]),
    },
).filter(bool)
readings = st.lists(st.tuples(minutes, values, st.booleans()), min_size=1, max_size=6)
spans = st.tuples(minutes, st.integers(1, 500))
steps = st.one_of(
    st.tuples(st.just("store"), readings),
    st.tuples(st.just("store"), readings),
    st.tuples(st.just("advance"), st.none()),
    st.tuples(st.just("roll up"), st.none()),
    st.tuples(st.just("exclude"), st.tuples(spans, st.sampled_from(["", *NAMES]))),
    st.tuples(st.just("restore"), st.integers(0, 3)),
    st.tuples(st.just("delete"), spans),
    st.tuples(st.just("calendar"), st.tuples(st.sampled_from(ZONES), st.sampled_from([0, 9]))),
)


class World:
    """One sensor and everything that may happen to it."""

    def __init__(self, cast: Cast, session: Session, chores: Work) -> None:
        self.cast, self.sensor, self.session, self.chores = cast, cast.sensor, session, chores
        self.chores.roll._hours = 3  # so that work is left over

    def do(self, step: str, what: Any) -> None:
        getattr(self, "_" + step.replace(" ", "_"))(what)

    def _store(self, what: list[tuple[int, dict[str, Any], bool]]) -> None:
        drafts = [
            Draft(START + timedelta(minutes=minute), dict(given), dict.fromkeys(given, 4) if bad else None)
            for minute, given, bad in {each[0]: each for each in what}.values()
        ]
        source = Source(self.sensor.pk, str(self.sensor.uuid))
        answers = self.session.store([Parcel(source, NOW, drafts)]).answers
        assert all(isinstance(answer, Outcome) for answer in answers)

    def _advance(self, _: None) -> None:
        self.chores.advance()

    def _roll_up(self, _: None) -> None:
        self.chores.some()

    def _exclude(self, what: tuple[tuple[int, int], str]) -> None:
        (minute, length), quantity = what
        start = START + timedelta(minutes=minute)
        end = start + timedelta(minutes=length)
        exclude(
            by=self.cast.editor, sensor=self.sensor, start=start, end=end, quantity=quantity, reason="Heated", now=NOW
        )

    def _restore(self, number: int) -> None:
        held = list(Exclusion.objects.filter(sensor=self.sensor, restored_at=None).order_by("pk"))
        if held:
            restore(by=self.cast.editor, exclusion=held[number % len(held)], now=NOW)

    def _delete(self, span: tuple[int, int]) -> None:
        start = START + timedelta(minutes=span[0])
        end = start + timedelta(minutes=span[1])
        delete_readings(by=self.cast.editor, sensor=self.sensor, start=start, end=end, now=NOW)

    def _calendar(self, what: tuple[str, int]) -> None:
        Site.objects.filter(pk=self.cast.site.pk).update(time_zone=what[0], day_starts_h=what[1])

    def compare(self, zone: str, day_starts_h: int, start: int, end: int) -> None:
        for width in ("5m", "1h", "1d"):
            asked: dict[str, Any] = {
                "start": START + timedelta(minutes=start),
                "end": START + timedelta(minutes=end),
                "width": width,
                "zone": zone,
                "day_starts_h": day_starts_h,
            }
            assert differences(found(self.sensor.pk, **asked), truth(self.sensor.pk, **asked)) == []


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(conninfo()) as session:
        yield session


@pytest.fixture
def chores() -> Iterator[Work]:
    made = work()
    yield made
    made.connection.close()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(steps, min_size=3, max_size=18), st.sampled_from(ZONES), st.sampled_from([0, 9]), minutes, minutes)
def test_buckets_are_what_the_readings_say_at_every_moment(
    cast: Cast, session: Session, chores: Work, what: list[Any], zone: str, day_starts_h: int, one: int, other: int
) -> None:
    for model in (Reading, Exclusion, DirtyHour, SensorState, FiveMinutes, Hour, Day, DayRule):
        model.objects.all().delete()
    session._drop()
    world = World(cast, session, chores)

    for step, given_to_it in what:
        world.do(step, given_to_it)
        world.compare(zone, day_starts_h, 0, 60 * 48)
        world.compare(zone, day_starts_h, min(one, other) + 2, max(one, other) + 3)
    chores.all()

    world.compare(zone, day_starts_h, 0, 60 * 48)
    assert not DirtyHour.objects.exists()
