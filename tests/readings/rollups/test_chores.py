"""Rollups equal an aggregation of the readings after any sequence of writes, exclusions, deletions and chores."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.weather import climate as of_days
from sensorfusion.domain.weather.climate import Cut, Extreme, Records, Span
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.climate import queries as climate
from sensorfusion.readings.exclusions.services import delete_readings, exclude, restore
from sensorfusion.readings.models import (
    Day,
    DayRule,
    DirtyHour,
    Exclusion,
    FiveMinutes,
    Hour,
    Month,
    Reading,
    Rollup,
    SensorState,
)
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.readings.rolled import NAMES, NOW, START, Work, chores_at, differences, found, good_numbers, truth

pytestmark = pytest.mark.django_db(transaction=True)

ZONES = ("Europe/Warsaw", "Asia/Kathmandu", "America/New_York")
END = START + timedelta(days=2)
Part = tuple[int, float, float]  # of a quantity: count, lowest, highest

minutes = st.integers(0, 5 * 60).map(lambda step: step * 9)  # of two days, often the same ones
values = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.one_of(st.integers(-100, 400).map(lambda n: n / 10), st.just("broken"), st.booleans()),
        "rain": st.integers(0, 30).map(lambda n: n / 10),
        "rain_total": st.integers(0, 5).map(float),
        "rain_day": st.integers(0, 5).map(float),
        "wind_speed": st.sampled_from([0.0, 0.4, 0.5, 3.0, 12.5]),
        "wind_direction": st.sampled_from([0, 45, 90, 135, 180, 270, 359]),
    },
).filter(bool)
readings = st.lists(st.tuples(minutes, values, st.booleans()), min_size=1, max_size=6)
# Few distinct values, so that days and months often share extremes.
few_values = st.fixed_dictionaries(
    {"temperature": st.sampled_from([-8.0, -8.5, 20.0, 31.5, 31.25, 32.0])},
    optional={"rain": st.sampled_from([0.0, 0.2, 3.0])},
)
few_readings = st.lists(st.tuples(minutes, few_values, st.booleans()), min_size=1, max_size=6)
spans = st.tuples(minutes, st.integers(1, 500))


def steps_of(stored: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.tuples(st.just("store"), stored),
        st.tuples(st.just("store"), stored),
        st.tuples(st.just("advance"), st.none()),
        st.tuples(st.just("roll up"), st.none()),
        st.tuples(st.just("exclude"), st.tuples(spans, st.sampled_from(["", *NAMES]))),
        st.tuples(st.just("restore"), st.integers(0, 3)),
        st.tuples(st.just("delete"), spans),
        st.tuples(st.just("calendar"), st.tuples(st.sampled_from(ZONES), st.sampled_from([0, 9]))),
    )


class World:
    """One sensor and everything that can happen to it. The events of two days may be spread over months."""

    def __init__(self, cast: Cast, writer: WriterConnection, chores: Work, *, spread: int = 1) -> None:
        for model in (Reading, Exclusion, DirtyHour, SensorState, FiveMinutes, Hour, Day, Month, DayRule):
            model.objects.all().delete()
        writer._drop()
        self.cast, self.sensor, self.writer, self.chores = cast, cast.sensor, writer, chores
        self.chores.roll._hours = 3 * spread  # few at once, so that work is left over
        self.spread = spread

    def at(self, minute: int) -> datetime:
        return END + (timedelta(minutes=minute) - (END - START)) * self.spread

    def do(self, step: str, what: Any) -> None:
        getattr(self, "_" + step.replace(" ", "_"))(what)

    def _store(self, what: list[tuple[int, dict[str, Any], bool]]) -> None:
        drafts = [
            Draft(self.at(minute), dict(given), dict.fromkeys(given, 4) if bad else None)
            for minute, given, bad in {each[0]: each for each in what}.values()
        ]
        source = Source(self.sensor.pk, str(self.sensor.uuid))
        answers = self.writer.store([WriteRequest(source, NOW, drafts)]).answers
        assert all(isinstance(answer, Outcome) for answer in answers)

    def _advance(self, _: None) -> None:
        self.chores.advance()

    def _roll_up(self, _: None) -> None:
        self.chores.some()

    def _all_chores(self, _: None) -> None:
        self.chores.all()

    def _exclude(self, what: tuple[tuple[int, int], str]) -> None:
        (minute, length), quantity = what
        start, end = self.at(minute), self.at(minute + length)
        exclude(
            by=self.cast.editor, sensor=self.sensor, start=start, end=end, quantity=quantity, reason="Heated", now=NOW
        )

    def _restore(self, number: int) -> None:
        held = list(Exclusion.objects.filter(sensor=self.sensor, restored_at=None).order_by("pk"))
        if held:
            restore(by=self.cast.editor, exclusion=held[number % len(held)], now=NOW)

    def _delete(self, span: tuple[int, int]) -> None:
        start, end = self.at(span[0]), self.at(sum(span))
        delete_readings(by=self.cast.editor, sensor=self.sensor, start=start, end=end, now=NOW)

    def _calendar(self, what: tuple[str, int]) -> None:
        Site.objects.filter(pk=self.cast.site.pk).update(time_zone=what[0], day_starts_h=what[1])

    def compare(self, zone: str, day_starts_h: int, start: int, end: int) -> None:
        for width in ("5m", "1h", "1d"):
            asked: dict[str, Any] = {
                "start": self.at(start),
                "end": self.at(end),
                "width": width,
                "zone": zone,
                "day_starts_h": day_starts_h,
            }
            assert differences(found(self.sensor.pk, **asked), truth(self.sensor.pk, **asked)) == []

    def compare_months(self) -> None:
        """Months are computed in the transaction that computes their days, so they never differ from them."""
        rule = DayRule.objects.filter(sensor=self.sensor).first()
        calendar = Calendar(rule.time_zone, rule.day_starts_h) if rule else Calendar()
        gathered: dict[tuple[datetime, int], list[Part]] = {}
        for day in Day.objects.filter(sensor=self.sensor):
            for each, part in parts_of(day):
                gathered.setdefault((calendar.month_of(day.start)[0], each), []).append(part)
        of_them = {key: merged(those) for key, those in gathered.items()}
        months = Month.objects.filter(sensor=self.sensor)
        assert {(month.start, each): part for month in months for each, part in parts_of(month)} == of_them

    def compare_records(self, today: date) -> None:
        sensor = Sensor.objects.select_related("site").get(pk=self.sensor.pk)
        assert climate.records(sensor, NAMES, today=today) == records_of_days(sensor, NAMES, today=today)
        assert instants_of_records(sensor, today=today) == first_with(sensor, today=today)


def parts_of(row: Rollup) -> Iterator[tuple[int, Part]]:
    counts = row.counts or [row.count] * len(row.quantities)
    for each, count, (_, low, high, *_) in zip(row.quantities, counts, row.numbers, strict=True):
        yield each, (count, low, high)


def merged(parts: Sequence[Part]) -> Part:
    counts, lows, highs = zip(*parts, strict=True)
    return sum(counts), min(lows), max(highs)


def records_of_days(sensor: Sensor, names: Sequence[str], *, today: date) -> dict[str, dict[Span, Records]]:
    """Compute records from all days."""
    whole = climate.days(sensor, climate.climatic(names), last=today)
    expected = {
        name: of_days.records(whole.dates, column, today=today)
        for name, column in whole.columns.items()
        if quantity(name).combine == "mean"
    }
    rain = of_days.rain_of(whole)
    if rain is not None:
        expected["rain"] = of_days.records(whole.dates, Cut(rain, [None] * len(rain), rain), today=today)
    return expected


def instants_of_records(sensor: Sensor, *, today: date) -> dict[Extreme, datetime]:
    spans = climate.dated_records(sensor, ["temperature"], today=today)["temperature"]
    return {each.extreme: each.at for ends in spans.values() for each in ends.values() if each.at}


def first_with(sensor: Sensor, *, today: date) -> dict[Extreme, datetime]:
    """Find the first reading of each temperature record, in plain Python."""
    calendar, first = climate.calendar_of(sensor), {}
    for spans in records_of_days(sensor, ["temperature"], today=today).values():
        for each in [extreme for both in spans.values() for extreme in (both.high, both.low) if extreme]:
            begin, end = calendar.begin(each.day), calendar.begin(each.day + timedelta(days=1))
            numbers = good_numbers(sensor.pk, begin, end)
            first[each] = next(at for at, name, value in numbers if (name, value) == ("temperature", each.value))
    return first


@pytest.fixture
def writer() -> Iterator[WriterConnection]:
    with WriterConnection(conninfo()) as writer:
        yield writer


chores = chores_at()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(steps_of(readings), min_size=3, max_size=18),
    st.sampled_from(ZONES),
    st.sampled_from([0, 9]),
    minutes,
    minutes,
)
def test_buckets_are_what_the_readings_say_at_every_moment(
    cast: Cast,
    writer: WriterConnection,
    chores: Work,
    what: list[Any],
    zone: str,
    day_starts_h: int,
    one: int,
    other: int,
) -> None:
    world = World(cast, writer, chores)

    for step, given_to_it in what:
        world.do(step, given_to_it)
        world.compare(zone, day_starts_h, 0, 60 * 48)
        world.compare(zone, day_starts_h, min(one, other) + 2, max(one, other) + 3)
    chores.all()

    world.compare(zone, day_starts_h, 0, 60 * 48)
    assert not DirtyHour.objects.exists()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(few_values, min_size=60, max_size=60),
    st.lists(st.one_of(steps_of(few_readings), st.tuples(st.just("all chores"), st.none())), min_size=3, max_size=18),
    st.integers(0, 60),
)
def test_records_are_those_of_the_days_at_every_moment(
    cast: Cast, writer: WriterConnection, chores: Work, given_first: list[Any], what: list[Any], days_ago: int
) -> None:
    """Half a year of days that were final months before anything happens."""
    world = World(cast, writer, chores, spread=90)
    world.do("store", [(48 * place, each, False) for place, each in enumerate(given_first)])
    world.do("all chores", None)
    today = NOW.date() - timedelta(days=days_ago)

    for step, given_to_it in what:
        world.do(step, given_to_it)
        world.compare_months()
        world.compare_records(today)
    chores.all()

    world.compare_months()
    world.compare_records(today)
