"""Days of a calendar are consecutive without gaps, whatever the clocks of a zone do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sensorfusion.readings.rollups.coverage import Standing, plan_coverage
from sensorfusion.readings.rollups.days import Calendar

HOUR = timedelta(hours=1)
# Zones whose clocks change at midnight, by half an hour, at 00:01, or that skipped a day.
ZONES = (
    "Atlantic/Azores", "America/Havana", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Africa/Monrovia",
    "Europe/Warsaw", "Asia/Kathmandu",
)  # fmt: skip
instants = st.datetimes(datetime(1965, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@settings(max_examples=300)
@example("Pacific/Apia", 6, datetime(2011, 12, 30, 13, 45, tzinfo=UTC), 1)  # the day before was skipped
@given(st.sampled_from(ZONES), st.sampled_from([0, 1, 2, 6, 9, 23]), instants, st.integers(1, 90 * 24))
def test_borders_enclose_a_span_and_are_hours_apart(zone: str, begins: int, start: datetime, hours: int) -> None:
    end = start + hours * HOUR

    borders = Calendar(zone, begins).borders(start, end)

    assert borders[0] <= start < borders[1]
    assert borders[-2] < end <= borders[-1]
    assert all(timedelta(hours=22) <= after - before <= timedelta(hours=26) for before, after in pairwise(borders))


@pytest.mark.parametrize(
    ("zone", "day", "length_h"),
    [
        ("Europe/Warsaw", date(2026, 3, 29), 23),
        ("Europe/Warsaw", date(2026, 10, 25), 25),
        ("Atlantic/Azores", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_days_are_as_long_as_the_clocks_say(zone: str, day: date, length_h: float) -> None:
    calendar = Calendar(zone)

    assert calendar.begin(day + timedelta(days=1)) - calendar.begin(day) == timedelta(hours=length_h)


@settings(max_examples=200)
@given(st.sampled_from(ZONES), st.sampled_from([0, 1, 2, 9, 23]), instants)
def test_months_are_whole_days_and_follow_each_other(zone: str, begins: int, instant: datetime) -> None:
    calendar = Calendar(zone, begins)
    start, end = calendar.month_of(calendar.borders(instant, instant + HOUR)[0])

    days = calendar.borders(start, end)

    assert (days[0], days[-1]) == (start, end)
    assert 28 <= len(days[:-1]) <= 31
    assert {calendar.month_of(day) for day in days[:-1]} == {(start, end)}
    assert calendar.month_of(end)[0] == end


@settings(max_examples=200)
@given(
    st.sampled_from(ZONES), instants, st.integers(1, 4000), st.integers(0, 4000), st.sets(st.integers(0, 80)),
    st.sampled_from(["5m", "1h", "1d"]), st.booleans(),
)  # fmt: skip
def test_what_answers_for_a_span_covers_it_once(
    zone: str, start: datetime, minutes: int, rolled: int, dirty: set[int], widest: str, days_hold: bool
) -> None:
    end = start + timedelta(minutes=minutes)
    hour = start.replace(minute=0, second=0, microsecond=0)
    standing = Standing(hour + rolled // 60 * HOUR, [hour + place * HOUR for place in sorted(dirty)])

    found = plan_coverage(
        start,
        end,
        widest=widest,  # type: ignore[arg-type]  # one of the three
        standing=standing,
        borders=Calendar(zone).borders(start, end),
        days_hold=days_hold,
    )

    spans = sorted(span for stretches in found.spans.values() for span in stretches)
    assert (spans[0][0], spans[-1][1]) == (start, end)
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert all(edge.timestamp() % 300 == 0 for span in found.spans["5m"] for edge in span)
    assert all(edge.timestamp() % 3600 == 0 for span in found.spans["1h"] for edge in span)
    for stretches in (found.spans["5m"], found.spans["1h"], found.spans["1d"]):
        for low, high in stretches:
            assert standing.until is not None
            assert high <= standing.until
            assert not any(low < each + HOUR and each < high for each in standing.dirty)
