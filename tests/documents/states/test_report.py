"""The figures of a door's report against a recomputation from its readings, as objects and on the page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sensorfusion.documents.periods import Period, month_of, span_of, week_of
from sensorfusion.documents.states.figures import StateFigures
from sensorfusion.documents.states.report import state_figures, state_report
from sensorfusion.documents.states.told import told_of
from sensorfusion.documents.states.year import state_year_report
from sensorfusion.readings.models import Exclusion
from sensorfusion.reports.queries import Station, stations
from tests.conftest import Cast
from tests.documents.oracle import Site
from tests.documents.states.oracle import Expected, Told, door, expected
from tests.storing import come_late, store

pytestmark = pytest.mark.django_db

INTERVAL_S = 1800
# The site's days, and a month in which its clocks change.
CASES = {
    "clocks go back": (Site("Europe/Warsaw"), 2026, 10),
    "clocks go forward": (Site("Europe/Warsaw"), 2026, 3),
    "days begin at 9": (Site("Europe/London", 9), 2026, 10),
    "in the south, days begin at 9": (Site("Australia/Sydney", 9), 2026, 10),
    "a clock that changes at midnight": (Site("Atlantic/Azores"), 2026, 10),
    "half an hour": (Site("Australia/Lord_Howe"), 2026, 4),
}


def station_of(cast: Cast, site: Site, now: datetime) -> Station:
    cast.site.time_zone, cast.site.day_starts_h = site.zone, site.day_starts_h
    cast.site.save()
    cast.sensor.interval_s = INTERVAL_S
    cast.sensor.save()
    cast.sensor.refresh_from_db()
    (station,) = stations([cast.sensor], now=now)
    return station


def keep(cast: Cast, told: Told) -> None:
    store(cast.sensor, [(at, {"door_open": state == "true"}) for at, state in told])


def figures(station: Station, period: Period) -> StateFigures:
    told = told_of(station)
    assert told
    return state_figures(station, told, period)


def month(year: int, number: int) -> Period:
    found = month_of(year, number)
    assert found
    return found


def compare(found: StateFigures, wanted: dict[date, Expected]) -> None:
    assert [day.day for day in found.days] == list(wanted)
    for day in found.days:
        want = wanted[day.day]
        assert day.so_far_s == pytest.approx(want.so_far, abs=1e-3), day.day
        assert day.spans.known_s == pytest.approx(want.known, abs=1e-3), day.day
        assert day.times("true") == want.times.get("true", 0), day.day
        assert day.spans.total_s("true") == pytest.approx(want.seconds.get("true", 0.0), abs=1e-3), day.day
        longest = day.spans.longest("true")
        assert (longest.length_s if longest else 0.0) == pytest.approx(want.longest.get("true", 0.0), abs=1e-3), day.day
        assert list(day.begun) == pytest.approx(want.begun, abs=1e-3), day.day


@pytest.mark.parametrize("case", list(CASES))
@pytest.mark.parametrize("seed", [1, 2])
def test_each_day_of_a_month_equals_the_oracle_s(cast: Cast, case: str, seed: int) -> None:
    site, year, number = CASES[case]
    period = month(year, number)
    told = door(site, period.first - timedelta(days=3), period.last + timedelta(days=3), seed=seed)
    keep(cast, told)
    now = site.begin(period.last + timedelta(days=6))

    found = figures(station_of(cast, site, now), period)

    wanted = expected(site, told, period.first, period.last, now=now, late_s=2.5 * INTERVAL_S)
    assert any(day.known < day.so_far - 60 for day in wanted.values())
    assert sum(day.times.get("true", 0) for day in wanted.values()) > 100
    assert {round(day.so_far / 3600, 1) for day in wanted.values()} > {24}
    compare(found, wanted)
    assert found.total_s == pytest.approx(sum(day.seconds.get("true", 0) for day in wanted.values()), abs=1e-2)
    assert found.times <= sum(day.times.get("true", 0) for day in wanted.values())


@pytest.mark.parametrize("at", [11.3, 17.0, 29.99, 32.02])
def test_a_month_that_is_not_over_and_the_one_before_are_known_up_to_now(cast: Cast, at: float) -> None:
    site, period = Site("Europe/Warsaw"), month(2026, 10)
    now = site.begin(period.first) + timedelta(days=at)
    told = [each for each in door(site, date(2026, 9, 25), date(2026, 11, 10), seed=3) if each[0] <= now]
    keep(cast, told)

    found = figures(station_of(cast, site, now), period)

    compare(found, expected(site, told, period.first, period.last, now=now, late_s=2.5 * INTERVAL_S))


def test_a_week_and_any_days_have_the_figures_of_their_months(cast: Cast) -> None:
    site, now = Site("Europe/Warsaw"), datetime(2026, 12, 20, tzinfo=UTC)
    told = door(site, date(2026, 9, 20), date(2026, 12, 10), seed=4)
    keep(cast, told)
    station = station_of(cast, site, now)
    wanted = expected(site, told, date(2026, 9, 1), date(2026, 12, 31), now=now, late_s=2.5 * INTERVAL_S)

    for period in (week_of(2026, 44), span_of("2026-10-11", "2026-11-20"), span_of("2026-11-01", "2026-11-01")):
        assert period
        found = figures(station, period)
        for day in found.days:
            want = wanted[day.day]
            assert day.spans.known_s == pytest.approx(want.known, abs=1e-3)
            assert day.times("true") == want.times.get("true", 0)
            assert day.spans.total_s("true") == pytest.approx(want.seconds.get("true", 0.0), abs=1e-3)


def test_a_year_s_months_are_those_of_the_months_reports(cast: Cast) -> None:
    site, now = Site("Australia/Sydney", 9), datetime(2026, 12, 20, tzinfo=UTC)
    told = door(site, date(2026, 9, 20), date(2026, 12, 10), seed=5)
    keep(cast, told)
    station = station_of(cast, site, now)
    state = told_of(station)
    assert state

    year = state_year_report(station, Period("year", date(2026, 1, 1), date(2026, 12, 31)), state)

    assert [row.period.first.month for row in year.rows] == [9, 10, 11, 12]
    for row in year.rows:
        one = figures(station, row.period)
        assert row.cells[0] == str(one.times)
        assert row.cells[1] == str(sum(bool(day.times("true")) for day in one.days))
    compare(year.figures, expected(site, told, date(2026, 1, 1), date(2026, 12, 31), now=now, late_s=4500))


def test_late_readings_count_and_future_bad_and_excluded_ones_do_not(cast: Cast) -> None:
    site, period, now = Site("Europe/Warsaw"), month(2026, 10), datetime(2026, 11, 20, tzinfo=UTC)
    start = site.begin(period.first)
    told = [(start + timedelta(seconds=1800 * step), "false") for step in range(48 * 31)]
    # Marked: told by readings that say nothing.
    lying = {told[100][0]: "ahead", told[200][0]: "bad", told[300][0]: "excluded"}
    store(
        cast.sensor,
        [(at, {"door_open": at in lying}) for at, _ in told],
        flags={at: {"door_open": 4} for at, why in lying.items() if why == "bad"},
        arrived={at: at - timedelta(hours=1) for at, why in lying.items() if why == "ahead"},
    )
    Exclusion.objects.create(
        sensor=cast.sensor, quantity="door_open", reason="x", made_at=now,
        starts_at=told[300][0], ends_at=told[300][0] + timedelta(seconds=1),
    )  # fmt: skip
    late = told[400][0] + timedelta(seconds=600)
    come_late(cast.sensor, late, {"door_open": True})

    found = figures(station_of(cast, site, now), period)

    kept = sorted([*(each for each in told if each[0] not in lying), (late, "true")])
    compare(found, expected(site, kept, period.first, period.last, now=now, late_s=4500))
    assert (found.times, found.total_s) == (1, 1200)


def test_nothing_is_said_of_days_whose_readings_were_removed(cast: Cast) -> None:
    site, period, now = Site("Europe/Warsaw"), month(2026, 10), datetime(2026, 11, 20, tzinfo=UTC)
    removed = datetime(2026, 10, 12, 22, tzinfo=UTC)
    told = [each for each in door(site, date(2026, 10, 1), date(2026, 11, 10), seed=6) if each[0] >= removed]
    keep(cast, told)
    station = station_of(cast, site, now)
    state = told_of(station)
    assert state

    made = state_report(station, period, state, query={})

    compare(made.figures, expected(site, told, period.first, period.last, now=now, late_s=4500))
    assert [bool(row.cells) for row in made.table.rows[:14]] == [False] * 12 + [True] * 2
    assert "days have no readings. Nothing is known of " in made.prose
    opened = next(each for each in made.counted.strips if each.label == "Days open")
    assert [look for _, look in opened.squares[:12]] == ["none"] * 12
